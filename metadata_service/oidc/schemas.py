"""What travels to and from the routes of signing in with a provider."""

from pydantic import BaseModel, Field


class Elsewhere(BaseModel):
    """Where the browser goes next."""

    url: str = Field(description="The provider's address; go there in this browser.")

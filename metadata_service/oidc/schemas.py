"""What travels to and from the routes of signing in with a provider."""

from pydantic import BaseModel, Field


class Elsewhere(BaseModel):
    """Where the browser goes next."""

    url: str = Field(description="The provider's address; go there in this browser.")


class Unlinked(BaseModel):
    """The link is gone, and with it the sign-ins that began at a provider, but for this one."""

    message: str = "Your account is no longer signed in to by that provider."

"""Problem details for HTTP APIs (RFC 9457), as both services answer every error."""

from pydantic import BaseModel, Field

PROBLEM_MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One thing wrong with one field of the request."""

    loc: list[str | int] = Field(description="Path to the field, outermost first.", examples=[["body", "rating"]])
    msg: str = Field(description="What is wrong, as a sentence.")


class Problem(BaseModel):
    """Why a request was refused."""

    type: str = Field(description="Stable slug of the cause, listed in docs/problems.md.", examples=["not-found"])
    title: str = Field(description="Short name of the cause; the same for every occurrence.")
    status: int = Field(description="HTTP status code.")
    detail: str = Field(description="What happened this time, as a sentence for a person.")
    instance: str = Field(description="Path of the request.")
    request_id: str = Field(description="The X-Request-ID of this request, as found in the logs.")
    errors: list[FieldError] | None = Field(default=None, description="Every field that was refused.")

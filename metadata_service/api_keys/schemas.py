"""What travels to and from the routes of API keys."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from metadata_service.accounts.scopes import ScopeName
from metadata_service.db.types import utc_now
from shared_schemas.json_safe import safe_text

KeyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(safe_text)
]


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be an ISO 8601 time with its zone")  # noqa: TRY004  # pydantic tells of this kind
    return value


def _ahead(instant: datetime) -> datetime:
    if instant <= utc_now():
        raise ValueError("must lie ahead")
    return instant


Expiry = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_ahead)]


class NewApiKey(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: KeyName = Field(description="What the key is for.", examples=["nightly import"])
    scopes: list[ScopeName] = Field(min_length=1, max_length=10, examples=[["photos:read", "import"]])
    expires_at: Expiry | None = Field(default=None, description="From then on it opens nothing; null: never.")


class ApiKeyOut(BaseModel):
    """A key, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    prefix: str = Field(description="How the key begins, to tell it from others.")
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None = Field(description="Exact to a quarter of a minute.")
    expires_at: datetime | None


class ApiKeyMade(ApiKeyOut):
    """A new key. Its text is shown this once: only a digest is kept."""

    key: str = Field(description="Send it as `Authorization: Bearer imk_…`.")


class ApiKeyList(BaseModel):
    """One's keys, the newest first."""

    data: list[ApiKeyOut]


class ApiKeyRevoked(BaseModel):
    """The key opens nothing any more."""

    message: str = "The key was revoked."

"""What travels to and from the routes of signing in."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metadata_service.accounts.names import key_of
from metadata_service.accounts.schemas import Password, UserOut
from shared_schemas.json_safe import ShortText


class Login(BaseModel):
    """Name and password; the name is the username or the e-mail address, in either field."""

    model_config = ConfigDict(extra="ignore")

    username: ShortText | None = None
    email: ShortText | None = None
    password: Password

    @model_validator(mode="after")
    def _somebody(self) -> "Login":
        if not (self.username or self.email):
            raise ValueError("username or email is required")
        return self

    @property
    def name(self) -> str:
        """The name as it is compared."""
        return key_of(self.username or self.email or "")


class LoginAnswer(BaseModel):
    """Tokens for API clients; browsers get the same as cookies."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105  # the name of a scheme, not a secret
    expires_in: int = Field(description="Seconds until the access token must be refreshed.")
    refresh_token: str | None = Field(
        default=None, description="For `POST /auth/refresh`, once. Our own page gets it as a cookie alone."
    )
    refresh_expires_in: int = Field(description="Seconds until one must sign in again, unless refreshed before.")
    user: UserOut


class Refresh(BaseModel):
    """The refresh token; a browser sends it as a cookie instead."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: ShortText | None = None


class LoggedOut(BaseModel):
    """The sign-in has ended: neither its access token nor its refresh token is honoured any more."""

    message: str = "You are signed out."


class SessionsEnded(BaseModel):
    """How many sign-ins were ended."""

    ended: int
    message: str = "You are signed out everywhere."


class SessionOut(BaseModel):
    """A sign-in: since when, from where, and whether it is the one that asks."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    method: str = Field(description="`password` or `oidc`.")
    user_agent: str | None
    ip: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool = False


class SessionList(BaseModel):
    """Where one is signed in."""

    data: list[SessionOut]


class SessionEnded(BaseModel):
    """That sign-in has ended."""

    message: str = "That sign-in has ended."

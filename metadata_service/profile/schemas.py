"""What travels to and from `/users/me`."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StrictBool

from metadata_service.accounts.schemas import NewPassword, Password, UserOut
from shared_schemas.json_safe import ShortText


class ProviderLink(BaseModel):
    """Who one is at an OpenID provider, by whom the account is signed in to."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(description="`DELETE auth/oidc/link/{id}` unlinks it.")
    issuer: str
    created_at: datetime


class Profile(UserOut):
    """One's own account, how much it holds, and how much it may."""

    photos_count: int
    import_sessions_count: int
    authors_count: int
    quota_photos: int | None = Field(description="How many photos the account may hold; null: as many as fit.")
    quota_bytes: int | None = Field(description="How many bytes of previews and files; null: as many as fit.")
    has_password: bool = Field(description="False: the account is signed in to by a provider alone.")
    providers: list[ProviderLink]


class ProfileChange(BaseModel):
    """What to change; fields that are left out stay as they are. An account that is not active cannot log in."""

    model_config = ConfigDict(extra="forbid")

    email: EmailStr = Field(default="", max_length=320, examples=["kari@example.org"])
    display_name: ShortText | None = None
    is_active: StrictBool = True


class NewPasswordIn(BaseModel):
    """The password so far, and the one from now on."""

    model_config = ConfigDict(extra="forbid")

    current_password: Password
    new_password: NewPassword = Field(description="At least 8 characters.")


class PasswordChanged(BaseModel):
    """The new password counts from now on, and all other sign-ins have ended."""

    message: str = "Your password was changed. You are signed out everywhere else."


class AccountDeleted(BaseModel):
    """The account and all that was its own are gone."""

    message: str = "Your account was deleted."


class SecurityEventOut(BaseModel):
    """One thing that happened to the account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str = Field(examples=["signed-in"])
    at: datetime
    ip: str | None
    user_agent: str | None
    detail: dict[str, Any]

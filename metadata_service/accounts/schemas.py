"""What travels to and from the account routes."""

from datetime import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from shared_schemas.json_safe import ShortText, safe_text

Username = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=50, pattern=r"^[\w.@+-]+$")]
Password = Annotated[str, StringConstraints(max_length=256), AfterValidator(safe_text)]
NewPassword = Annotated[Password, StringConstraints(min_length=8)]


class Registration(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid")

    username: Username = Field(examples=["kari"])
    email: EmailStr = Field(examples=["kari@example.org"])
    password: NewPassword = Field(description="At least 8 characters.", examples=["correct horse battery"])
    display_name: ShortText | None = Field(default=None, examples=["Kari Nordmann"])


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
        return (self.username or self.email or "").strip().lower()


class UserOut(BaseModel):
    """An account as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str
    email: str
    display_name: str | None
    is_active: bool
    created_at: datetime
    updated_at: datetime


class Profile(UserOut):
    """One's own account, and how much it holds."""

    photos_count: int
    import_sessions_count: int
    authors_count: int


class ProfileChange(BaseModel):
    """What to change; fields that are left out stay as they are. An account that is not active cannot log in."""

    model_config = ConfigDict(extra="forbid")

    email: EmailStr = Field(default="", examples=["kari@example.org"])
    display_name: ShortText | None = None
    is_active: StrictBool = True


class NewPasswordIn(BaseModel):
    """The password so far, and the one from now on."""

    model_config = ConfigDict(extra="forbid")

    current_password: Password
    new_password: NewPassword = Field(description="At least 8 characters.")


class PasswordChanged(BaseModel):
    """The new password counts from now on."""

    message: str = "Your password was changed."


class AccountDeleted(BaseModel):
    """The account and all that was its own are gone."""

    message: str = "Your account was deleted."


class LoginAnswer(BaseModel):
    """A token for API clients; browsers get the same as a cookie."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105  # the name of a scheme, not a secret
    expires_in: int = Field(description="Seconds.")
    user: UserOut


class LoggedOut(BaseModel):
    """The cookie is gone; a token that was copied stays valid until it expires."""

    message: str = "You are signed out."

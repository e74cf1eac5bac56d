"""What travels to and from registration."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from metadata_service.accounts.schemas import NewPassword, Username
from shared_schemas.json_safe import ShortText

Email = Annotated[EmailStr, StringConstraints(max_length=320)]


class Registration(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid")

    username: Username = Field(examples=["kari"])
    email: Email = Field(examples=["kari@example.org"])
    password: NewPassword = Field(
        description="At least 8 characters, and none of those that everybody tries first.",
        examples=["correct horse battery"],
    )
    display_name: ShortText | None = Field(default=None, examples=["Kari Nordmann"])
    invite_code: ShortText | None = Field(default=None, description="Where one registers by invitation only.")


class SignUpRules(BaseModel):
    """How one comes in here."""

    registration: str = Field(description="`open`, `invite` or `closed`.")
    password_min_length: int
    provider: str | None = Field(description="The name of the OpenID provider to sign in with, if there is one.")

"""What travels to and from the routes of administrators."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from metadata_service.accounts.schemas import UserOut
from shared_schemas.json_safe import ShortText

Quota = Annotated[StrictInt, Field(ge=0, lt=2**53)]


class AccountOut(UserOut):
    """An account as administrators see it."""

    quota_photos: int | None
    quota_bytes: int | None


class AccountDetail(AccountOut):
    """The same, and how much it holds, trash included."""

    photos_held: int
    bytes_held: int = Field(description="Bytes in the blob store.")
    signed_in: int = Field(description="In how many browsers and programs.")


class AccountChange(BaseModel):
    """What to change; fields that are left out stay as they are. A quota of null is none."""

    model_config = ConfigDict(extra="forbid")

    is_active: StrictBool = True
    is_admin: StrictBool = False
    quota_photos: Quota | None = None
    quota_bytes: Quota | None = None


class PasswordReset(BaseModel):
    """A password for once: its owner changes it after signing in. It is shown this once."""

    temporary_password: str


class NewInvite(BaseModel):
    """An invitation to be made."""

    model_config = ConfigDict(extra="forbid")

    note: ShortText | None = Field(default=None, examples=["for Ola"])
    days: StrictInt = Field(default=14, ge=1, le=365, description="How long it is good.")


class InviteOut(BaseModel):
    """An invitation, without its code."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    note: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: int | None


class InviteMade(InviteOut):
    """A new invitation. Its code is shown this once: only a digest is kept."""

    code: str


class InviteList(BaseModel):
    """The newest 500 invitations."""

    data: list[InviteOut]


class InviteRemoved(BaseModel):
    """Nobody can register with that code any more."""

    message: str = "The invitation was withdrawn."

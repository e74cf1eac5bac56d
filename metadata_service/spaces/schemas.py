"""Spaces on the wire."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from metadata_service.tables import Role, RoleName
from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import LongText, safe_text

MAX_PHOTOS: Final = 10_000
_Name = Annotated[
    str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True), AfterValidator(safe_text)
]
_Addressee = Annotated[
    str, StringConstraints(min_length=1, max_length=320, strip_whitespace=True), AfterValidator(safe_text)
]
GuestRole = Literal["viewer", "editor"]


class NewSpace(BaseModel):
    """A space to make."""

    model_config = ConfigDict(extra="forbid")

    name: _Name
    description: LongText | None = None


class SpaceChange(BaseModel):
    """What to change; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    name: _Name | None = None
    description: LongText | None = None

    @model_validator(mode="after")
    def _a_space_has_a_name(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise ValueError("name cannot be null; leave it out to keep it")
        return self


class SpaceOut(BaseModel):
    """A space as one of its members sees it."""

    id: int
    name: str
    description: str | None
    role: RoleName = Field(description="The caller's own: viewers look, editors also put photos in.")
    member_count: int
    photo_count: int = Field(description="Photos that lie in it, without private ones and the trash.")
    created_at: datetime
    updated_at: datetime


class SpaceList(BaseModel):
    """The spaces that the caller belongs to."""

    data: list[SpaceOut]


class MemberOut(BaseModel):
    """Somebody who belongs to a space."""

    user_id: int
    username: str
    display_name: str | None
    role: RoleName
    joined_at: datetime


class MemberList(BaseModel):
    """All who belong to a space, its owner first."""

    data: list[MemberOut]


class MemberChange(BaseModel):
    """Another role. `owner` hands the space over: who had it becomes an editor."""

    model_config = ConfigDict(extra="forbid")

    role: RoleName

    @property
    def wanted(self) -> Role:
        """The role by number."""
        return Role[self.role.upper()]


class NewInvite(BaseModel):
    """Whom to invite: one person by username or e-mail address, or whoever has the link that is answered."""

    model_config = ConfigDict(extra="forbid")

    to: _Addressee | None = Field(default=None, description="A username or an e-mail address; left out, a link.")
    role: GuestRole = "viewer"
    days: Annotated[int, Field(ge=1, le=365, description="How long it lasts.")] = 14
    uses: Annotated[int, Field(ge=1, le=1000, description="Of a link: how many people may come by it.")] = 1

    @property
    def wanted(self) -> Role:
        """The role by number."""
        return Role[self.role.upper()]


class InviteOut(BaseModel):
    """An invitation as the space's owner sees it: whether the name is anybody's is not told."""

    id: int
    to: str | None
    role: RoleName
    uses_left: int
    expires_at: datetime
    created_at: datetime
    token: str | None = Field(default=None, description="Of a new link, this once: only its hash is kept.")


class InviteList(BaseModel):
    """Invitations that are still open."""

    data: list[InviteOut]


class InviteForMe(BaseModel):
    """An invitation as the invited sees it."""

    id: int
    space_name: str
    invited_by: str = Field(description="The username of the space's owner.")
    role: RoleName
    expires_at: datetime


class InvitesForMe(BaseModel):
    """Invitations to the caller."""

    data: list[InviteForMe]


class InviteToken(BaseModel):
    """The token of an invitation by link."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class ChosenPhotos(BaseModel):
    """Which photos of yours."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(default=[], max_length=MAX_PHOTOS)
    hothashes: list[Sha256Hex] = Field(default=[], max_length=MAX_PHOTOS)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.ids or self.hothashes):
            raise ValueError("ids or hothashes must name at least one photo")
        return self

    @property
    def asked(self) -> int:
        """How many different names were given."""
        return len(set(self.ids)) + len(set(self.hothashes))


class PhotosPut(BaseModel):
    """What was put into the space."""

    put: int = Field(description="Photos that are in the space now, and were named.")
    widened: int = Field(description="Of these, how many were private: they have the level `space` now.")
    skipped: int = Field(description="Names of no photo of yours.")


class PhotosTaken(BaseModel):
    """What was taken out of the space; the photos keep their level."""

    taken: int
    skipped: int = Field(description="Names of no photo in the space that you may take out.")


class Done(BaseModel):
    """It is done."""

    message: str

"""Share links on the wire."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from metadata_service.photos.criteria import Criteria
from metadata_service.photos.schemas import Id
from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import ShortText

LinkKind = Literal["photos", "collection", "filter"]
MAX_PHOTOS: Final = 10_000
_Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
_Days = Annotated[int, Field(ge=1, le=3650)]
_Views = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewLink(BaseModel):
    """What to show, to whoever has the link: some photos, an album, or whatever fits a filter when it is looked at."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    photo_ids: list[Id] | None = Field(default=None, min_length=1, max_length=MAX_PHOTOS)
    hothashes: list[Sha256Hex] | None = Field(default=None, min_length=1, max_length=MAX_PHOTOS)
    collection_id: Id | None = None
    criteria: Criteria | None = Field(default=None, description="As in `POST /photos/search`; of your own photos.")
    days: _Days = Field(default=30, description="How long it lasts.")
    password: _Password | None = None
    max_views: _Views | None = Field(default=None, description="How often it may be opened.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = (self.photo_ids or self.hothashes, self.collection_id, self.criteria)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("give photo_ids and hothashes, or collection_id, or criteria")
        return self

    @property
    def kind(self) -> LinkKind:
        """Which of the three it is."""
        if self.collection_id is not None:
            return "collection"
        return "filter" if self.criteria is not None else "photos"


class LinkChange(BaseModel):
    """What to change; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    days: _Days | None = Field(default=None, description="How long it lasts from now on.")
    password: _Password | None = Field(default=None, description="Null takes it away; a new one closes open doors.")
    max_views: _Views | None = None


class LinkOut(BaseModel):
    """A link as its owner sees it."""

    id: int
    title: str | None
    kind: LinkKind
    collection_id: int | None
    criteria: dict[str, Any] | None
    has_password: bool
    expires_at: datetime
    revoked_at: datetime | None
    max_views: int | None
    views: int
    last_viewed_at: datetime | None
    created_at: datetime


class NewLinkOut(LinkOut):
    """A new link. Its token is shown this once: only its hash is kept."""

    token: str
    path: str = Field(description="Where it opens: `POST {path}/open`.")
    skipped: int = Field(description="Names of no photo of yours.")


class Visit(BaseModel):
    """What a visitor brings."""

    model_config = ConfigDict(extra="forbid")

    password: _Password | None = None


class SharedOut(BaseModel):
    """A link before it is opened."""

    title: str | None
    kind: LinkKind
    has_password: bool
    expires_at: datetime


class Opened(BaseModel):
    """The link is open for this visitor, for a while."""

    title: str | None
    kind: LinkKind
    access: str = Field(description="To be sent as `X-Link-Access`; browsers keep it as a cookie by themselves.")
    expires_in: int


class LinkDone(BaseModel):
    """It is done."""

    message: str

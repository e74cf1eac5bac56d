"""Suggested stacks on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.photos.schemas import Id
from shared_schemas.photoegg import WallClock

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class SuggestedPhoto(BaseModel):
    """A photo of a suggestion."""

    id: int
    hothash: str
    taken_at: WallClock
    hotpreview_url: str | None


class SuggestionOut(BaseModel):
    """Photos that seem to be one scene."""

    key: str = Field(description="Names the suggestion, to accept or dismiss it.")
    stack_type: Literal["raw_jpeg", "hdr", "burst", "panorama"]
    reasons: list[str] = Field(description="The evidence, in words for people.")
    cover_photo_hothash: str
    photos: list[SuggestedPhoto]


class SuggestionsMeta(BaseModel):
    """Where to go on. A page may be empty and still not be the last: so far nothing was found."""

    limit: int
    next_cursor: str | None
    looked_at: int = Field(description="So many photos were looked at for this page.")


class Suggestions(BaseModel):
    """The newest first."""

    data: list[SuggestionOut]
    meta: SuggestionsMeta


class Accept(BaseModel):
    """A suggestion as it was given."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    photo_ids: list[Annotated[Id, Field(strict=True)]] = Field(min_length=2, max_length=1000)
    title: str | None = Field(default=None, max_length=255)


class Dismiss(BaseModel):
    """A suggestion that is not wanted, or (`is_dismissed` false) wanted again."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    is_dismissed: bool = Field(default=True, strict=True)


class DismissedOut(BaseModel):
    """What counts now."""

    key: str
    is_dismissed: bool

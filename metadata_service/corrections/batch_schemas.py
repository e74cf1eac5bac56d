"""Which photos to correct together, how, and what comes of it."""

from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metadata_service.corrections.schemas import Change, Id
from metadata_service.photos.criteria import Criteria
from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import ShortText
from shared_schemas.photoegg import WallClock

MOST: Final = 10_000
"""Photos in one transaction: so long may others have to wait."""


class Selection(BaseModel):
    """Photos of yours: by name, or all that fulfil criteria."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Id] = Field(default=[], max_length=MOST)
    hothashes: list[Sha256Hex] = Field(default=[], max_length=MOST)
    criteria: Criteria | None = Field(default=None, description="As in a search; only your own photos are meant.")

    @model_validator(mode="after")
    def _names_or_criteria(self) -> Self:
        if bool(self.ids or self.hothashes) == (self.criteria is not None):
            raise ValueError("name photos by ids or hothashes, or give criteria, one of the two")
        return self

    @property
    def asked(self) -> int | None:
        """How many different names were given; None with criteria."""
        return None if self.criteria else len(set(self.ids)) + len(set(self.hothashes))


class Correct(Selection):
    """What to correct of them all."""

    change: Change
    reason: ShortText | None = None


class Values(BaseModel):
    """When and where, as far as corrections may change it."""

    taken_at: WallClock | None
    taken_at_offset: str | None
    gps_latitude: float | None
    gps_longitude: float | None


class PreviewRow(BaseModel):
    """What one photo says now, and what it would say."""

    photo_id: int
    hothash: str
    before: Values
    after: Values
    zone: str | None = Field(default=None, description="The time zone that the offset is taken from.")


Skipped = Annotated[
    dict[str, int],
    Field(
        description="Photos that stay as they are, by reason: `undated`, `no_place`, `unknown_zone`, `unchanged`,"
        " `not_yours` (names of no photo of yours)."
    ),
]


class Preview(BaseModel):
    """What a correction would do; nothing was changed."""

    matched: int
    changed: int
    skipped: Skipped
    out_of_range: int = Field(description="Photos that the correction cannot be applied to; it will be refused.")
    first_before: WallClock | None = Field(description="The earliest time among those to be changed, as it is now.")
    last_before: WallClock | None
    first_after: WallClock | None
    last_after: WallClock | None
    data: list[PreviewRow] = Field(description="The first photos that change, the earliest first.")


class BatchOut(BaseModel):
    """Many photos corrected at once."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    change: dict[str, Any]
    reason: str | None
    source: str
    photo_count: int
    created_at: datetime
    undone_at: datetime | None = Field(description="Null: it counts.")


class Corrected(BaseModel):
    """What was corrected; without any photo to change there is no batch."""

    batch: BatchOut | None
    changed: int
    skipped: Skipped


class BatchTaken(BaseModel):
    """A batch that was undone, or counts again."""

    batch: BatchOut
    changed: int


class BatchList(BaseModel):
    """Batches, newest first."""

    data: list[BatchOut]
    next_before: int | None = Field(description="Pass as `before` for the next page; null at the end.")

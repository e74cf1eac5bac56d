"""What is told of a camera's clock."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metadata_service.corrections.schemas import Id, Offset, TakenAt
from shared_schemas.hothash import Sha256Hex
from shared_schemas.photoegg import WallClock


class Evidence(BaseModel):
    """One photo that shows the clock beside the true time."""

    photo_id: int
    hothash: str
    camera_time: WallClock
    offset: str | None
    offset_from: str | None = Field(description="`tag`, the name of a time zone, or `reference`.")
    true_time: datetime | None = Field(description="The instant, in UTC; null when only wall clocks were compared.")
    error_seconds: float = Field(description="How far the clock is ahead; negative: behind.")


class Offer(BaseModel):
    """A correction that nobody has made yet: the body for `POST /corrections` and `POST /corrections/preview`."""

    criteria: dict[str, Any]
    change: dict[str, Any]
    reason: str


class Finding(BaseModel):
    """Photos of one camera, neighbours in time, whose clock errs alike."""

    camera_make: str | None
    camera_model: str | None
    error_seconds: float = Field(description="The middle of all errors: how far the clock is ahead.")
    spread_seconds: float = Field(description="Between the smallest and the largest error.")
    photos: int = Field(description="How many photos say so.")
    first: WallClock
    last: WallClock
    is_wrong: bool = Field(description="By a minute or more, by the word of two photos or more.")
    evidence: list[Evidence] = Field(description="Ten of them at most.")
    offer: Offer | None = Field(description="Null: the clock was right, or the photos name no model.")


class ClockReport(BaseModel):
    """What was found, the wrong clocks first."""

    examined: int = Field(description="Photos with a position that were looked at, the newest first.")
    is_all: bool = Field(description="False: there are more; narrow by camera or time to look at others.")
    compared: int = Field(description="Those with GPS time, and an offset that does not come from it.")
    data: list[Finding]


class Reference(BaseModel):
    """A photo of the camera in question, and what the true time was: of a photo of the same moment, or said."""

    model_config = ConfigDict(extra="forbid")

    photo_id: Id | None = None
    hothash: Sha256Hex | None = None
    reference_photo_id: Id | None = None
    reference_hothash: Sha256Hex | None = None
    true_time: TakenAt | None = Field(default=None, description="Wall clock at the place of the photo.")
    true_offset: Offset | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.photo_id is None) == (self.hothash is None):
            raise ValueError("photo_id or hothash must name the photo, one of the two")
        given = (self.reference_photo_id, self.reference_hothash, self.true_time)
        if sum(value is not None for value in given) != 1:
            raise ValueError("give reference_photo_id, reference_hothash or true_time, one of them")
        return self

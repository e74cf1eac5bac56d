"""What owners ask to be corrected: the changes, each named by its `op`, and the bodies of existing clients."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from metadata_service.corrections.folding import EARLIEST, LATEST, is_in_range
from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import ShortText
from shared_schemas.photoegg import WallClock

Id = Annotated[int, Field(ge=1, lt=2**63)]
MAX_SHIFT_SECONDS = 200 * 366 * 86_400
WIDEST_OFFSET_MINUTES = 14 * 60


def _is_text(value: Any) -> Any:
    """A number would be taken for seconds since 1970, which no wall clock shows."""
    if value is not None and not isinstance(value, str | datetime):
        raise ValueError("must be a time as in ISO 8601, such as 2024-05-17T14:30:00")
    return value


def _in_range(value: datetime) -> datetime:
    if not is_in_range(value.replace(tzinfo=None)):
        raise ValueError(f"must lie between {EARLIEST.year} and {LATEST.year}")
    if value.tzinfo is not None and abs(value.utcoffset() or timedelta()) > timedelta(minutes=WIDEST_OFFSET_MINUTES):
        raise ValueError("its offset must lie between -14:00 and +14:00")
    return value


def _on_earth(offset: str) -> str:
    if int(offset[1:3]) * 60 + int(offset[4:]) > WIDEST_OFFSET_MINUTES:
        raise ValueError("must lie between -14:00 and +14:00")
    return offset


TakenAt = Annotated[WallClock, BeforeValidator(_is_text), AfterValidator(_in_range)]
Offset = Annotated[str, Field(pattern=r"^[+-](0\d|1[0-4]):[0-5]\d$", examples=["+02:00"]), AfterValidator(_on_earth)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="Degrees, south negative.")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="Degrees, west negative.")]
Altitude = Annotated[float, Field(ge=-20_000, le=1_000_000, allow_inf_nan=False, description="Metres.")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SetTime(_Strict):
    """Say when; null: nobody knows. An offset in the time itself counts as `offset`; without one it stays as it is."""

    op: Literal["set_time"]
    taken_at: TakenAt | None
    offset: Offset | None = None

    @model_validator(mode="after")
    def _keep_the_wall_clock(self) -> Self:
        if self.taken_at is not None and self.taken_at.tzinfo is not None:
            if self.offset is None:
                zone = self.taken_at.strftime("%z")
                self.offset = f"{zone[:3]}:{zone[3:5]}"
            self.taken_at = self.taken_at.replace(tzinfo=None)
        return self

    def step(self) -> dict[str, Any]:
        """The step to keep."""
        said: dict[str, Any] = {"op": self.op, "taken_at": self.taken_at.isoformat() if self.taken_at else None}
        return said | ({"offset": self.offset} if "offset" in self.model_fields_set or self.offset else {})


class Shift(_Strict):
    """Move the clock by so many seconds; photos without a time stay as they are."""

    op: Literal["shift"]
    seconds: float = Field(ge=-MAX_SHIFT_SECONDS, le=MAX_SHIFT_SECONDS, allow_inf_nan=False, examples=[-3600])

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if not round(self.seconds * 1000):
            raise ValueError("seconds must be a millisecond at least")
        return self

    def step(self) -> dict[str, Any]:
        """The step to keep."""
        return {"op": self.op, "milliseconds": round(self.seconds * 1000)}


class SetOffset(_Strict):
    """Say how far the clock is from UTC, and leave the clock; null: nobody knows."""

    op: Literal["offset"]
    offset: Offset | None

    def step(self) -> dict[str, Any]:
        """The step to keep."""
        return {"op": self.op, "offset": self.offset}


class OffsetFromPlace(_Strict):
    """Take the offset from the time zone of each photo's position; photos without place or time stay as they are."""

    op: Literal["offset_from_place"]


class SetPlace(_Strict):
    """Say where."""

    op: Literal["place"]
    latitude: Latitude
    longitude: Longitude
    altitude: Altitude | None = None

    def step(self) -> dict[str, Any]:
        """The step to keep."""
        return {"op": self.op, **self.model_dump(include={"latitude", "longitude", "altitude"})}


class ClearPlace(_Strict):
    """Say that nobody knows where."""

    op: Literal["no_place"]

    def step(self) -> dict[str, Any]:
        """The step to keep."""
        return {"op": self.op}


class CopyPlace(_Strict):
    """Take the place of another photo of yours, as it is now."""

    op: Literal["place_of"]
    photo_id: Id | None = None
    hothash: Sha256Hex | None = None

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if (self.photo_id is None) == (self.hothash is None):
            raise ValueError("photo_id or hothash must name the photo, one of the two")
        return self


Change = Annotated[
    SetTime | Shift | SetOffset | OffsetFromPlace | SetPlace | ClearPlace | CopyPlace, Field(discriminator="op")
]


class TimelocCorrection(BaseModel):
    """What existing clients send: fields that are left out or null stay as they are."""

    model_config = ConfigDict(extra="forbid")

    taken_at: TakenAt | None = None
    gps_latitude: Latitude | None = None
    gps_longitude: Longitude | None = None
    correction_reason: ShortText | None = None


class RelativeCrop(_Strict):
    """The part to be shown, as fractions of width and height."""

    x: float = Field(ge=0, lt=1, allow_inf_nan=False)
    y: float = Field(ge=0, lt=1, allow_inf_nan=False)
    width: float = Field(gt=0, le=1, allow_inf_nan=False)
    height: float = Field(gt=0, le=1, allow_inf_nan=False)

    @model_validator(mode="after")
    def _inside(self) -> Self:
        tolerance = 1e-9  # 0.1 + 0.9 is a little more than 1
        if self.x + self.width > 1 + tolerance or self.y + self.height > 1 + tolerance:
            raise ValueError("the crop must not reach beyond the picture")
        return self


class ViewCorrection(_Strict):
    """How to show the picture; previews stay as they are. Fields that are left out stay; null takes one back."""

    rotation: Literal[0, 90, 180, 270] | None = Field(default=None, description="Degrees clockwise.")
    relative_crop: RelativeCrop | None = None
    exposure_adjust: float | None = Field(default=None, ge=-2, le=2, allow_inf_nan=False, description="Stops.")
    correction_reason: ShortText | None = None

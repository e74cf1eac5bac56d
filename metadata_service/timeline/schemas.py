"""What a timeline is asked, and what it tells."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from metadata_service.photos.criteria import Criteria
from metadata_service.timeline.periods import Granularity, Period, named
from shared_schemas.photoegg import WallClock

Year = Annotated[int, Field(ge=1, le=9999)]
Month = Annotated[int, Field(ge=1, le=12)]
Day = Annotated[int, Field(ge=1, le=31)]
Hour = Annotated[int, Field(ge=0, le=23)]


class PeriodCriteria(Criteria):
    """Which photos, within a year, a month or a day."""

    year: Year | None = None
    month: Month | None = Field(default=None, description="Of `year`.")
    day: Day | None = Field(default=None, description="Of `month`.")

    @model_validator(mode="after")
    def _days_are_of_months(self) -> Self:
        if self.month is not None and self.year is None:
            raise ValueError("month needs year")
        if self.day is not None and self.month is None:
            raise ValueError("day needs month")
        if self.undated:
            raise ValueError("undated photos are at no time; list them with GET /photos?undated=true")
        try:
            named(self.year, self.month, self.day)
        except ValueError as error:
            raise ValueError("day must be one that the month has") from error
        return self

    @property
    def within(self) -> Period | None:
        """The period that was asked for; None is all time."""
        return named(self.year, self.month, self.day)

    def criteria(self) -> Criteria:
        """What is asked besides the period: of photos whose time is known."""
        given = {name: getattr(self, name) for name in Criteria.model_fields}
        return Criteria.model_construct(**given | {"undated": False})

    def is_open(self) -> bool:
        """Whether every dated photo of the look counts."""
        given = {name: getattr(self, name) for name in Criteria.model_fields}
        return Criteria.model_construct(**given | {"undated": None}).is_open()


class SegmentQuery(Criteria):
    """Which photos of a segment, and where to go on in it."""

    cursor: Annotated[str | None, Field(max_length=64, description="`next_cursor` of the answer before.")] = None

    def criteria(self) -> Criteria:
        """The same without the cursor."""
        return Criteria.model_construct(**{name: getattr(self, name) for name in Criteria.model_fields})


class TimelineQuery(PeriodCriteria):
    """Which photos, in periods of what length."""

    granularity: Granularity = "year"
    limit: Annotated[int, Field(ge=1, le=10_000, description="At most so many periods, the newest first.")] = 1_000

    @model_validator(mode="after")
    def _hours_are_of_one_day(self) -> Self:
        if self.granularity == "hour" and self.day is None:
            raise ValueError("granularity=hour needs year, month and day")
        return self


class DateRange(BaseModel):
    """The first and the last photo of a period, by the wall clock."""

    first: WallClock
    last: WallClock


class PeriodOut(BaseModel):
    """One year, month, day or hour."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    count: int
    preview_photo_id: int
    preview_hothash: str
    preview_url: str
    date_range: DateRange


class TimelineMeta(BaseModel):
    """What the periods add up to. Undated photos are in none: `GET /photos?undated=true` lists them."""

    granularity: Granularity
    total_photos: int = Field(description="In all periods, also those beyond `limit`.")
    total_years: int | None = None
    total_months: int | None = None
    total_days: int | None = None
    total_hours: int | None = None
    undated_photos: int | None = Field(default=None, description="Counted where no year is asked for.")
    year: int | None = None
    month: int | None = None
    day: int | None = None


class Timeline(BaseModel):
    """Periods that have photos, the newest first."""

    data: list[PeriodOut]
    meta: TimelineMeta


class SegmentColumns(BaseModel):
    """Segments as columns, the newest first."""

    first: list[int] = Field(description="Milliseconds of the wall clock since 1970; the segment begins here.")
    end: list[int] = Field(description="It ends before.")
    count: list[int] = Field(description="More than `photos_per_segment` only where it is a single day or minute.")


class SegmentsMeta(BaseModel):
    """What a client needs besides to lay all photos out."""

    total_photos: int
    undated_photos: int | None
    photos_per_segment: int


class Segments(BaseModel):
    """How many photos lie where."""

    data: SegmentColumns
    meta: SegmentsMeta


class PhotoColumns(BaseModel):
    """Photos as columns, the newest first."""

    id: list[int]
    ratio: list[float] = Field(description="Width over height.")
    time: list[int] = Field(description="Milliseconds of the wall clock since 1970; of undated ones, of their arrival.")
    placeholder: list[str | None] = Field(description="ThumbHash in base64: a blur to show until the picture is there.")
    flags: list[int] = Field(
        description="1: yours, 2: shared, 4: has a place (yours), 8: has a raw file (yours), 128: has a large preview; "
        "rating × 16."
    )
    corrected: dict[str, dict[str, Any]] = Field(
        description="By id, how to show photos that are not to be shown as they are: their `view_correction`."
    )


class SegmentMeta(BaseModel):
    """Where to go on, when more photos came than a segment holds."""

    next_cursor: str | None


class Segment(BaseModel):
    """The photos of one segment."""

    data: PhotoColumns
    meta: SegmentMeta

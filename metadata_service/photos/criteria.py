"""What may be asked of a list of photos: the same words in a query string, in a search and in a timeline."""

import math
from datetime import datetime, time
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from metadata_service.photos.schemas import Id, Rating
from metadata_service.visibility import Look, Viewer, Visibility, VisibilityName
from shared_schemas.json_safe import ShortText

_DATE: Final = len("2024-05-17")
_OWN_ONLY: Final = (
    "author_id",
    "bbox",
    "category",
    "city",
    "collection_id",
    "country",
    "event_id",
    "has_gps",
    "has_raw",
    "import_session_id",
    "input_channel_id",
    "stack_id",
    "tag_ids",
    "tags",
)


class Box(NamedTuple):
    """A part of the map, in degrees; one whose west lies east of its east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


def box_of(text: str) -> Box:
    """Read `west,south,east,north`; raise `ValueError` for what is no part of the map."""
    try:
        box = Box(*(float(part) for part in text.split(",")))
    except (TypeError, ValueError) as error:
        raise ValueError("must be four numbers: west,south,east,north") from error
    if not all(math.isfinite(degrees) for degrees in box) or max(abs(box.west), abs(box.east)) > 180:
        raise ValueError("west and east must lie between -180 and 180")
    if not -90 <= box.south <= box.north <= 90:
        raise ValueError("south must not lie north of north, and both between -90 and 90")
    return box


def _joined(value: Any) -> Any:
    """Searches may send the four numbers as a list."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _wall_clock(value: Any, *, end_of_day: bool) -> Any:
    """Read ISO 8601 as wall-clock time: an offset is left out, a date alone is its whole day."""
    if not isinstance(value, str):
        return value
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("must be a date or a time as in ISO 8601, such as 2024-05-17") from error
    if end_of_day and len(value) == _DATE:
        return datetime.combine(read, time.max)
    return read.replace(tzinfo=None)


def _text_or_none(value: Any) -> Any:
    return None if value is None or value == "" else value


_From = Annotated[datetime, Field(strict=True), BeforeValidator(lambda value: _wall_clock(value, end_of_day=False))]
_Until = Annotated[datetime, Field(strict=True), BeforeValidator(lambda value: _wall_clock(value, end_of_day=True))]
_Name = Annotated[ShortText | None, BeforeValidator(_text_or_none)]
BoxText = Annotated[str, BeforeValidator(_joined), AfterValidator(lambda text: (box_of(text), text)[1])]


class Criteria(BaseModel):
    """Which photos. What is left out does not matter; what is given must all be true.

    Those marked *own* are true of the viewer's own photos alone: nobody else is told such things.
    """

    model_config = ConfigDict(extra="forbid")

    owner: Literal["anyone", "me"] = Field(default="anyone", description="`me`: only your own.")
    visibility: VisibilityName | None = Field(default=None, description="Shared exactly so far.")
    query: Annotated[ShortText | None, BeforeValidator(_text_or_none)] = Field(
        default=None,
        description="Words of title, description, camera and lens; of your own also tags, file names and places.",
    )
    taken_after: _From | None = Field(default=None, description="Wall-clock date or time; the first that counts.")
    taken_before: _Until | None = Field(default=None, description="The last that counts; a date is its whole day.")
    undated: bool | None = Field(default=None, description="Whether nobody knows when it was taken.")
    rating_min: Rating | None = None
    rating_max: Rating | None = None
    camera_make: _Name = None
    camera_model: _Name = None
    lens_model: _Name = None
    format: _Name = Field(default=None, description="As in `image_format`, in either case.")
    tags: list[ShortText] | None = Field(default=None, max_length=50, description="Own: names of tags.")
    tag_ids: list[Id] | None = Field(default=None, max_length=50, description="Own: numbers of tags.")
    tag_match: Literal["any", "all"] = Field(default="any", description="Whether one of the tags is enough.")
    author_id: Id | None = Field(default=None, description="Own.")
    category: _Name = Field(default=None, description="Own.")
    import_session_id: Id | None = Field(default=None, description="Own.")
    input_channel_id: Id | None = Field(default=None, description="The same, by its later name.")
    stack_id: Id | None = Field(default=None, description="Own.")
    event_id: Id | None = Field(default=None, description="Own.")
    include_descendants: bool | None = Field(default=None, description="Whether events below `event_id` count too.")
    collection_id: Id | None = Field(default=None, description="Own: in one of your collections, in the list's order.")
    space_id: Id | None = Field(default=None, description="In this space, if you belong to it.")
    city: _Name = Field(default=None, description="Own; as in `city`.")
    country: _Name = Field(default=None, description="Own; as in `country`, or its two letters.")
    has_gps: bool | None = Field(default=None, description="Own.")
    has_raw: bool | None = Field(default=None, description="Own.")
    bbox: BoxText | None = Field(default=None, description="Own: `west,south,east,north` in degrees.")

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> Self:
        if self.taken_after and self.taken_before and self.taken_after > self.taken_before:
            raise ValueError("taken_after must not be later than taken_before")
        if self.rating_min is not None and self.rating_max is not None and self.rating_min > self.rating_max:
            raise ValueError("rating_min must not be greater than rating_max")
        return self

    @property
    def box(self) -> Box | None:
        """The part of the map, if one was given."""
        return box_of(self.bbox) if self.bbox is not None else None

    @property
    def is_dated(self) -> bool:
        """Whether only photos count whose time is known."""
        return self.undated is False or self.taken_after is not None or self.taken_before is not None

    def is_own(self) -> bool:
        """Whether this can be true of the viewer's own photos alone."""
        return self.owner == "me" or any(getattr(self, name) not in (None, []) for name in _OWN_ONLY)

    def is_open(self) -> bool:
        """Whether nothing is asked but whose photos and how far shared."""
        given = self.model_dump(exclude={"owner", "visibility", "tag_match"}, exclude_none=True)
        return not any(value != [] for value in given.values())

    def look(self, viewer: Viewer) -> Look:
        """What of all photos comes into question."""
        level = None if self.visibility is None else Visibility[self.visibility.upper()]
        return Look(viewer, mine=self.is_own(), level=level)

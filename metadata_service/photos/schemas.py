"""A photo on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from metadata_service.redaction.times import TimeName
from metadata_service.visibility import Visibility, VisibilityName
from shared_schemas.json_safe import LongText, ShortText, safe_text
from shared_schemas.photoegg import WallClock

Id = Annotated[int, Field(ge=1, lt=2**63)]
Rating = Annotated[int, Field(ge=0, le=5)]
Category = Annotated[str, StringConstraints(max_length=100), AfterValidator(safe_text)]


class Wishes(BaseModel):
    """What an owner may say about a photo when it comes in."""

    title: ShortText | None = None
    description: LongText | None = None
    rating: Rating = 0
    visibility: VisibilityName = "private"


class PhotoChange(BaseModel):
    """What an owner may change later; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    description: LongText | None = None
    rating: Rating | None = None
    visibility: VisibilityName | None = None
    category: Category | None = None
    author_id: Id | None = Field(default=None, description="One of your authors.")
    event_id: Id | None = Field(default=None, description="One of your events.")

    @model_validator(mode="after")
    def _some_cannot_be_cleared(self) -> Self:
        for name in ("rating", "visibility"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null; leave it out to keep it")
        return self

    def columns(self) -> dict[str, Any]:
        """The columns to set, by name."""
        given = self.model_dump(exclude_unset=True)
        if self.visibility is not None:
            given["visibility"] = Visibility[self.visibility.upper()].value
        return given


class Named(BaseModel):
    """A tag, or an author."""

    id: int
    name: str


class FileOut(BaseModel):
    """A file on the owner's disks."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    filename: str
    file_format: str | None
    file_size: int | None
    sha256: str | None


class PhotoOut(BaseModel):
    """A photo in a list. Where it was taken, its file's name and how it is filed are told to its owner alone."""

    id: int
    hothash: str
    is_mine: bool
    width: int | None
    height: int | None
    title: str | None
    description: str | None
    rating: int
    visibility: VisibilityName
    taken_at: WallClock | None = Field(description="Wall-clock time as the camera showed it, without an offset.")
    taken_at_precision: TimeName | None = Field(
        default=None,
        description="How much of `taken_at` is told: all, or the first moment of its `day` or `month`. Null: undated.",
    )
    taken_at_offset: str | None
    taken_at_source: str | None
    camera_make: str | None
    camera_model: str | None
    lens_model: str | None
    focal_length: float | None
    f_number: float | None
    iso: int | None
    exposure_time: str | None
    has_gps: bool
    gps_latitude: float | None
    gps_longitude: float | None
    gps_altitude: float | None
    city: str | None = Field(default=None, description="Nearest to the position; told like the position.")
    region: str | None = None
    country: str | None = None
    country_code: str | None = Field(default=None, description="Two letters of ISO 3166-1.")
    timeloc_correction: dict[str, Any] | None = Field(
        default=None, description="What was corrected of time and place, and why; null: all is as the camera said."
    )
    view_correction: dict[str, Any] | None = Field(
        default=None, description="How to show it: `rotation`, `relative_crop`, `exposure_adjust`."
    )
    image_format: str | None
    file_size_bytes: int | None
    primary_filename: str | None
    category: str | None
    author_id: int | None
    author: Named | None = None
    tags: list[Named] = []
    files: list[FileOut] = []
    stack_id: int | None
    event_id: int | None
    import_session_id: int | None
    input_channel_id: int | None = Field(description="The same, by its later name.")
    has_raw_companion: bool | None
    hotpreview_url: str | None
    hotpreview_width: int | None
    hotpreview_height: int | None
    coldpreview_url: str | None
    coldpreview_path: str | None = Field(
        default=None,
        description="Older name of `coldpreview_url`; no path of the server's.",
        json_schema_extra={"deprecated": True},
    )
    coldpreview_width: int | None
    coldpreview_height: int | None
    coldpreview_size: int | None
    created_at: datetime
    updated_at: datetime
    first_imported: datetime | None = Field(default=None, description="When the first of its files came.")
    last_imported: datetime | None = None


class PhotoDetail(PhotoOut):
    """A photo by itself; the last two are told to its owner alone."""

    exif_dict: dict[str, Any] | None = None
    warnings: list[Any] | None = None


class Deleted(BaseModel):
    """The photo is gone: to the trash, or for good."""

    id: int
    hothash: str
    is_purged: bool = Field(description="False: it lies in the trash, `POST /photos/{ref}/restore` brings it back.")
    message: str = "The photo was deleted."

"""What clients send to have photos kept, and what they are told."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from metadata_service.photos.schemas import Wishes
from metadata_service.tables import FileRole, Photo
from metadata_service.tags.schemas import TagName
from metadata_service.visibility import Visibility, VisibilityName
from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import ShortText, safe_text
from shared_schemas.photoegg import MAX_INT64, PhotoEgg, WallClock, decode_base64

MAX_RAW_EXIF = 1024 * 1024

PathText = Annotated[str, Field(max_length=4096), AfterValidator(safe_text)]
Id = Annotated[int, Field(ge=1, le=MAX_INT64)]


def _bytes_of(value: Any) -> Any:
    """Take bytes as base64, or as the array of numbers that `Array.from(new Uint8Array(…))` gives."""
    if isinstance(value, str):
        return decode_base64(value)
    if isinstance(value, list):
        if not all(type(number) is int and 0 <= number <= 255 for number in value):
            raise ValueError("an array of bytes holds whole numbers from 0 to 255")
        return bytes(value)
    raise ValueError("bytes come as base64 or as an array of numbers")


def _bounded(value: bytes) -> bytes:
    if len(value) > MAX_RAW_EXIF:
        raise ValueError(f"raw EXIF has at most {MAX_RAW_EXIF} bytes")
    return value


RawBytes = Annotated[
    bytes, BeforeValidator(_bytes_of, json_schema_input_type=str | list[int]), AfterValidator(_bounded)
]


def _written(value: Any) -> Any:
    """Numbers could be seconds or milliseconds: an instant is written out."""
    if isinstance(value, int | float):
        raise ValueError("must be a time as in ISO 8601, with its offset")  # noqa: TRY004  # pydantic reads no other
    return value


_Instant = Annotated[AwareDatetime, BeforeValidator(_written)]


class LocationIn(BaseModel):
    """Where an original lies on the owner's side."""

    model_config = ConfigDict(extra="forbid")

    machine: ShortText = ""
    volume: ShortText = ""
    relative_path: PathText = Field(min_length=1, description="With slashes.", examples=["2024/05/IMG_1234.CR2"])
    last_seen: _Instant | None = None


class FileIn(BaseModel):
    """A file of the photo."""

    model_config = ConfigDict(extra="ignore")

    filename: ShortText = Field(min_length=1)
    role: FileRole | None = None
    file_format: ShortText | None = None
    file_size: int | None = Field(default=None, ge=0, le=MAX_INT64)
    sha256: Sha256Hex | None = None
    raw_exif: RawBytes | None = Field(default=None, description="EXIF as it stands in the file, base64.")
    location: LocationIn | None = None


class NewPhoto(PhotoEgg, Wishes):
    """A PhotoEgg exactly as core_service laid it, with the owner's wishes beside its fields.

    The egg may also be nested: `{"photo_egg": {…}, "rating": 4}`.
    """

    model_config = ConfigDict(title="NewPhoto")

    category: ShortText | None = Field(default=None, max_length=100)
    tags: list[TagName] = Field(default_factory=list, max_length=200)
    author_id: Id | None = None
    import_session_id: Id | None = None
    stack_id: Id | None = None
    image_files: list[FileIn] = Field(default_factory=list, max_length=20)

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        if isinstance(body.get("photo_egg"), dict):
            body = {**body["photo_egg"], **{name: value for name, value in body.items() if name != "photo_egg"}}
        if "input_channel_id" in body:  # the later name of the same thing
            body = {**body, "import_session_id": body["input_channel_id"]}
            del body["input_channel_id"]
        return body


class Created(BaseModel):
    """The photo, new or found."""

    id: int
    hothash: str = Field(description="Of the photo that is kept; another than the egg's when the file was known.")
    width: int | None
    height: int | None
    rating: int
    visibility: VisibilityName
    taken_at: WallClock | None
    created_at: datetime
    user_id: int
    is_duplicate: bool

    @classmethod
    def of(cls, photo: Photo, *, is_duplicate: bool) -> Self:
        """Tell the owner about their photo."""
        return cls(
            id=photo.id,
            hothash=photo.hothash,
            width=photo.width,
            height=photo.height,
            rating=photo.rating,
            visibility=Visibility(photo.visibility).word,
            taken_at=photo.taken_at,
            created_at=photo.created_at,
            user_id=photo.owner_id,
            is_duplicate=is_duplicate,
        )

"""The PhotoEgg: all that core_service says about one image, and all that metadata_service needs to keep it."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_serializer,
    model_validator,
)

from shared_schemas.hothash import Sha256Hex, hothash_of
from shared_schemas.json_safe import JsonObject, ShortText
from shared_schemas.preview import (
    COLDPREVIEW_LIMITS,
    HOTPREVIEW_LIMITS,
    Preview,
    PreviewLimits,
    UnacceptablePreviewError,
    check_preview,
)
from shared_schemas.versions import RECIPE

MAX_INT32: Final = 2**31 - 1
MAX_INT64: Final = 2**63 - 1

UtcOffset = Annotated[str, StringConstraints(pattern=r"^[+-](0\d|1[0-4]):[0-5]\d$")]
"""An offset from UTC as EXIF writes it: `+02:00`, `-09:30`."""

Base64Jpeg = Annotated[str, StringConstraints(min_length=1)]
"""A JPEG in standard base64; a `data:image/jpeg;base64,` prefix is tolerated on input."""

NumberText = Annotated[ShortText, BeforeValidator(lambda value: f"{value:g}" if isinstance(value, float) else value)]


WallClock = Annotated[datetime, WithJsonSchema({"type": "string", "examples": ["2024-04-27T14:55:20"]})]
"""A time as a clock on the wall shows it: ISO 8601 without an offset, which JSON Schema's `date-time` demands."""


class _Contract(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class EggWarning(_Contract):
    """Something about the file that was survived, but that its owner may want to know."""

    code: ShortText = Field(examples=["exif-date-invalid"])
    message: ShortText


class Capture(_Contract):
    """When, where and with what a picture was taken; everything may be unknown."""

    taken_at: WallClock | None = Field(
        default=None, description="Wall-clock time as the camera showed it, ISO 8601 without an offset."
    )
    camera_make: ShortText | None = None
    camera_model: ShortText | None = None
    lens_model: ShortText | None = None
    focal_length: float | None = Field(default=None, ge=0, le=100_000, description="Millimetres.")
    f_number: float | None = Field(default=None, ge=0, le=10_000)
    iso: int | None = Field(default=None, ge=0, le=MAX_INT32)
    exposure_time: NumberText | None = Field(default=None, description="Seconds, as photographers write them.")
    gps_latitude: float | None = Field(default=None, ge=-90, le=90, description="Decimal degrees, south negative.")
    gps_longitude: float | None = Field(default=None, ge=-180, le=180, description="Decimal degrees, west negative.")
    gps_altitude: float | None = Field(
        default=None, ge=-20_000, le=1_000_000, description="Metres; below sea negative."
    )

    @field_serializer("taken_at")
    def _iso(self, taken_at: datetime | None) -> str | None:
        return None if taken_at is None else taken_at.isoformat()


class PhotoMetadata(Capture):
    """The metadata that core_service read from the file, with the evidence for its time."""

    taken_at_offset: UtcOffset | None = Field(default=None, description="Offset from UTC, null when unknown.")
    taken_at_source: ShortText | None = Field(
        default=None, description="The tag that `taken_at` was read from.", examples=["EXIF:DateTimeOriginal"]
    )

    @model_validator(mode="after")
    def _keep_the_wall_clock(self) -> Self:
        """Take `2024-04-27T14:55:20+02:00` apart: the wall clock stays, the offset moves to its own field."""
        if self.taken_at is not None and self.taken_at.tzinfo is not None:
            if self.taken_at_offset is None:
                self.taken_at_offset = self.taken_at.strftime("%z")[:3] + ":" + self.taken_at.strftime("%z")[3:5]
            self.taken_at = self.taken_at.replace(tzinfo=None)
        return self


class ImageFileEntry(BaseModel):
    """A file that belongs to the photo, as existing clients list it."""

    model_config = ConfigDict(extra="ignore")

    filename: ShortText
    file_size: int | None = Field(default=None, ge=0, le=MAX_INT64)


class PhotoEgg(Capture):
    """One image as core_service saw it. The egg proves itself: `hatch` recomputes the hothash.

    The fields of `Capture` at the top level, and `image_file_list`, repeat `metadata` and `primary_filename` in the
    spellings of existing clients.
    """

    hothash: Sha256Hex = Field(description="SHA-256 of the hotpreview's JPEG bytes.")
    hotpreview_base64: Base64Jpeg = Field(description="JPEG of at most 150 px, standard base64.")
    hotpreview_width: int | None = Field(default=None, ge=1, le=HOTPREVIEW_LIMITS.max_side)
    hotpreview_height: int | None = Field(default=None, ge=1, le=HOTPREVIEW_LIMITS.max_side)
    coldpreview_base64: Base64Jpeg | None = Field(default=None, description="Larger JPEG, null when not asked for.")
    coldpreview_width: int | None = Field(default=None, ge=1, le=COLDPREVIEW_LIMITS.max_side)
    coldpreview_height: int | None = Field(default=None, ge=1, le=COLDPREVIEW_LIMITS.max_side)
    width: int = Field(ge=1, le=MAX_INT32, description="Pixels as displayed, after orientation.")
    height: int = Field(ge=1, le=MAX_INT32, description="Pixels as displayed, after orientation.")
    metadata: PhotoMetadata = Field(default_factory=PhotoMetadata)
    exif_dict: JsonObject = Field(default_factory=dict, description="Every tag that was read, JSON-safe.")
    is_valid_image: Literal[True] = True
    image_format: ShortText | None = Field(default=None, examples=["JPEG"])
    file_size_bytes: int | None = Field(default=None, ge=0, le=MAX_INT64)
    primary_filename: ShortText | None = None
    file_sha256: Sha256Hex | None = Field(default=None, description="SHA-256 of the source file.")
    perceptual_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = Field(
        default=None, description="64-bit DCT hash as 16 hexadecimal digits (docs/hothash.md)."
    )
    placeholder: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{8,60}={0,2}$")] | None = Field(
        default=None, description="ThumbHash in standard base64: a blur to show until the hotpreview is there."
    )
    recipe: ShortText | None = Field(default=None, examples=[RECIPE])
    warnings: list[EggWarning] = Field(default_factory=list, max_length=100)
    image_file_list: list[ImageFileEntry] | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _take_flat_spellings(cls, egg: Any) -> Any:
        """An egg without `metadata` may tell the same at its top level."""
        if isinstance(egg, dict) and egg.get("metadata") is None:
            flat = {name: egg[name] for name in Capture.model_fields if egg.get(name) is not None}
            return {**egg, "metadata": flat}
        return egg


class EggRefusedError(ValueError):
    """An egg that contradicts itself. `field` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the field's name beside the sentence."""
        super().__init__(message)
        self.field = field


class HothashDiffersError(EggRefusedError):
    """The hothash is not the digest of the hotpreview."""


@dataclass(frozen=True, slots=True)
class HatchedEgg:
    """A proven egg: its previews, decoded and checked."""

    hotpreview: Preview
    coldpreview: Preview | None


def hatch(egg: PhotoEgg) -> HatchedEgg:
    """Decode and prove the egg's previews; raise `EggRefusedError` when it does not hold together."""
    hotpreview = _preview("hotpreview_base64", egg.hotpreview_base64, HOTPREVIEW_LIMITS)
    actual = hothash_of(hotpreview.jpeg)
    if actual != egg.hothash:
        raise HothashDiffersError("hothash", f"The hotpreview's hothash is {actual}, not {egg.hothash}.")
    coldpreview = None
    if egg.coldpreview_base64 is not None:
        coldpreview = _preview("coldpreview_base64", egg.coldpreview_base64, COLDPREVIEW_LIMITS)
    return HatchedEgg(hotpreview=hotpreview, coldpreview=coldpreview)


def _preview(field: str, text: str, limits: PreviewLimits) -> Preview:
    try:
        return check_preview(decode_base64(text), limits)
    except UnacceptablePreviewError as error:
        raise EggRefusedError(field, f"The {field.removesuffix('_base64')} is refused: {error}.") from error
    except binascii.Error as error:
        raise EggRefusedError(field, f"{field} is not standard base64.") from error


def decode_base64(text: str) -> bytes:
    """Decode standard base64, with or without a data-URL prefix and line breaks; raise `binascii.Error` otherwise."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:  # binascii.Error, and non-ASCII characters
        raise binascii.Error(str(error)) from error

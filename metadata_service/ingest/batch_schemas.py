"""A batch of photos on the wire."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SkipValidation, StringConstraints

from metadata_service.derived.likeness import FARTHEST
from metadata_service.ingest.old_shapes import OldGroup
from metadata_service.ingest.schemas import Id, NewPhoto
from shared_schemas.hothash import Sha256Hex
from shared_schemas.problem import FieldError

PerceptualHex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class BatchIn(BaseModel):
    """Eggs, groups of older clients, or both. Each item is checked by itself, so that one cannot spoil the others."""

    model_config = ConfigDict(extra="ignore")

    import_session_id: Id | None = None
    eggs: list[SkipValidation[NewPhoto]] = Field(
        default_factory=list, validation_alias=AliasChoices("eggs", "photo_eggs")
    )
    photo_groups: list[SkipValidation[OldGroup]] = Field(default_factory=list)


class ItemResult(BaseModel):
    """What became of one item; eggs are numbered first, then groups."""

    index: int
    status: Literal["created", "duplicate", "error"]
    label: str = Field(description="The item's file, for people.")
    id: int | None = None
    hothash: str | None = None
    type: str | None = Field(default=None, description="The problem's slug.")
    detail: str | None = None
    errors: list[FieldError] | None = None


class BatchOut(BaseModel):
    """What became of the batch."""

    photos_created: int
    images_created: int
    duplicates_skipped: int
    errors: list[str] = Field(examples=[["Failed to process photo group IMG_8888: The hotpreview is refused: …"]])
    processing_time_ms: int
    results: list[ItemResult]


class ExistsIn(BaseModel):
    """Names of photos that a client is about to import."""

    model_config = ConfigDict(extra="forbid")

    hothashes: list[Sha256Hex] = Field(default_factory=list, max_length=1000)
    file_sha256s: list[Sha256Hex] = Field(default_factory=list, max_length=1000)
    perceptual_hashes: list[PerceptualHex] = Field(
        default_factory=list, max_length=100, description="To learn of photos that look alike, before the import."
    )
    distance: int = Field(
        default=4, strict=True, ge=0, le=FARTHEST, description="In how many of 64 bits they may differ."
    )


class SimilarId(BaseModel):
    """A photo of the caller's that looks like what is about to come."""

    id: int
    distance: int


class ExistsOut(BaseModel):
    """Those that the caller has, with the id of the photo."""

    hothashes: dict[str, int]
    file_sha256s: dict[str, int]
    in_trash: list[int] = Field(description="Those of the photos above that lie in the trash.")
    similar: dict[str, list[SimilarId]] | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="By perceptual hash, where such were asked for: the nearest first, at most ten.",
    )


class GroupKept(BaseModel):
    """A photo group of version 2, with what its raw EXIF told."""

    id: int
    hothash: str
    is_duplicate: bool
    width: int | None
    height: int | None
    rating: int
    taken_at: str | None
    gps_latitude: float | None
    gps_longitude: float | None
    camera_make: str | None
    camera_model: str | None
    images_created: int
    files: list[dict[str, Any]]
    exif_pending: bool = Field(description="core_service was away: the EXIF is kept and will be read later.")

"""Files and their places on the wire; told to their owner alone."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from metadata_service.ingest.schemas import LocationIn, PathText
from metadata_service.paging import PageMeta
from metadata_service.tables import FileRole
from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import ShortText
from shared_schemas.photoegg import MAX_INT64

_Size = Annotated[int, Field(strict=True, ge=0, le=MAX_INT64)]


class LocationOut(BaseModel):
    """A place where a file was seen."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    machine: str
    volume: str
    relative_path: str
    last_seen: AwareDatetime


class FileChange(BaseModel):
    """What an owner may correct about a file; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    filename: ShortText | None = Field(default=None, min_length=1)
    file_format: ShortText | None = None
    file_size: _Size | None = None
    sha256: Sha256Hex | None = Field(default=None, description="Only for a file that has none yet.")
    role: FileRole | None = None

    @model_validator(mode="after")
    def _some_cannot_be_cleared(self) -> Self:
        for name in ("filename", "role", "sha256"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null; leave it out to keep it")
        return self


class FileDetail(BaseModel):
    """A file of a photo, with the places where it lies."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    photo_id: int
    filename: str
    file_format: str | None
    file_size: int | None
    sha256: str | None
    role: str
    created_at: datetime
    locations: list[LocationOut]


class OneCopy(BaseModel):
    """An original that lies in one place only, or that nobody knows the place of."""

    id: int
    photo_id: int
    hothash: str
    filename: str
    file_size: int | None
    sha256: str | None
    role: str
    locations: list[LocationOut] = Field(description="On one volume of one machine, or none.")


class CopyTotals(BaseModel):
    """How safe the originals are, by how many volumes they lie on."""

    originals: int
    nowhere: int = Field(description="Nobody ever said where they lie.")
    one_copy: int
    more_copies: int


class OneCopyMeta(PageMeta):
    """Where the page lies; totals when asked for, because they look at every file."""

    totals: CopyTotals | None = None


class OneCopyPage(BaseModel):
    """The newest photos first."""

    data: list[OneCopy]
    meta: OneCopyMeta


class FoundFile(BaseModel):
    """A file that a client found on a disk, by its bytes."""

    model_config = ConfigDict(extra="forbid")

    path: PathText = Field(min_length=1, description="Below the volume, with slashes.")
    sha256: Sha256Hex
    size: _Size | None = None


class RelinkIn(BaseModel):
    """What a client found where folders were moved to, and where they had been."""

    model_config = ConfigDict(extra="forbid")

    machine: ShortText = ""
    volume: ShortText = ""
    moved_from: PathText | None = Field(
        default=None,
        description="The folder on the same volume that was moved: places below it are given up for those that were"
        " found. Left out, places are only added.",
        examples=["Pictures/2023"],
    )
    found: list[FoundFile] = Field(min_length=1, max_length=1000)
    apply: bool = Field(default=False, strict=True, description="False: only show what would be done.")


class Relinked(BaseModel):
    """What becomes of a file that was found."""

    path: str
    sha256: str
    state: Literal["moved", "added", "unchanged", "unknown", "size_differs"] = Field(
        description="`unknown`: none of your photos has a file of these bytes. `size_differs`: it cannot be the same."
    )
    image_file_id: int | None = None
    photo_id: int | None = None
    filename: str | None = None
    given_up: list[str] = Field(default_factory=list, description="Places where it does not lie any more.")


class RelinkOut(BaseModel):
    """All files that were found, in the order they came; one that several photos have, for each of them."""

    data: list[Relinked]
    counts: dict[str, int] = Field(description="How many files are in each state.")
    photos: int = Field(description="How many photos change.")
    applied: bool


__all__ = [
    "CopyTotals",
    "FileChange",
    "FileDetail",
    "FoundFile",
    "LocationIn",
    "LocationOut",
    "OneCopy",
    "OneCopyMeta",
    "OneCopyPage",
    "RelinkIn",
    "RelinkOut",
    "Relinked",
]

"""What every door turns its request into: one photo that arrives, proven and ready to be kept."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from metadata_service.ingest.errors import HothashMismatchError
from metadata_service.ingest.schemas import FileIn, NewPhoto
from metadata_service.photos.errors import PreviewRefusedError
from metadata_service.tables import FileRole, IdentityKind, ParseState
from metadata_service.visibility import Visibility
from shared_schemas.photoegg import Capture, EggRefusedError, HothashDiffersError, PhotoMetadata, hatch
from shared_schemas.preview import Preview
from shared_schemas.problem import FieldError

Identity = tuple[IdentityKind, str]

RAW_FORMATS: Final = frozenset(
    [
        "3FR",
        "ARW",
        "CR2",
        "CR3",
        "CRW",
        "DCR",
        "DNG",
        "ERF",
        "IIQ",
        "KDC",
        "MEF",
        "MOS",
        "MRW",
        "NEF",
        "NRW",
        "ORF",
        "PEF",
        "RAF",
        "RAW",
        "RW2",
        "RWL",
        "SR2",
        "SRF",
        "SRW",
        "X3F",
    ]
)
"""Formats, and file extensions in upper case, of what sensors saw."""

_CAPTURED: Final = (*Capture.model_fields, "taken_at_offset", "taken_at_source")
_FROM_EGG: Final = (
    "width",
    "height",
    "image_format",
    "file_size_bytes",
    "primary_filename",
    "placeholder",
    "recipe",
)
_WISHED: Final = ("title", "description", "rating", "category", "author_id", "import_session_id", "stack_id")


@dataclass(frozen=True, slots=True)
class Location:
    """Where an original lies: a path, with slashes, below a volume of a machine."""

    machine: str
    volume: str
    relative_path: str
    last_seen: datetime | None

    @property
    def stem_key(self) -> str:
        """A digest of the place without the extension, alike for `2024/IMG_1.CR2` and `2024/IMG_1.jpg`."""
        stem = self.relative_path.rpartition(".")[0] or self.relative_path
        named = "\0".join((self.machine, self.volume, stem)).casefold()
        return hashlib.sha256(named.encode()).hexdigest()[:32]


@dataclass(slots=True)
class ArrivingFile:
    """One of the photo's files. The server never sees it."""

    filename: str
    file_format: str | None
    file_size: int | None
    sha256: str | None
    role: FileRole
    location: Location | None = None
    raw_exif: bytes | None = None
    exif_state: ParseState = ParseState.PENDING


@dataclass(slots=True)
class Arrival:
    """One photo at the door. `columns` are those of `Photo` that the door knows."""

    label: str
    hothash: str
    identities: list[Identity]
    hotpreview: Preview | None
    coldpreview: Preview | None
    columns: dict[str, Any]
    exif_dict: dict[str, Any]
    warnings: list[dict[str, Any]]
    files: list[ArrivingFile]
    tags: list[str] = field(default_factory=list)

    @property
    def is_raw(self) -> bool:
        """Whether the arriving picture itself was read from a sensor's file."""
        return (self.columns.get("image_format") or "").upper() in RAW_FORMATS


def from_egg(new: NewPhoto) -> Arrival:
    """Prove an egg; raise `HothashMismatchError` or `PreviewRefusedError` when it does not hold together."""
    try:
        hatched = hatch(new)
    except EggRefusedError as error:
        fields = [FieldError(loc=["body", error.field], msg=str(error))]
        refusal = HothashMismatchError if isinstance(error, HothashDiffersError) else PreviewRefusedError
        raise refusal(str(error), errors=fields) from error
    return Arrival(
        label=new.primary_filename or new.hothash[:12],
        hothash=new.hothash,
        identities=_identities(new),
        hotpreview=hatched.hotpreview,
        coldpreview=hatched.coldpreview,
        columns=_columns(new),
        exif_dict=new.exif_dict,
        warnings=[warning.model_dump() for warning in new.warnings],
        files=_files(new),
        tags=new.tags,
    )


def captured(metadata: PhotoMetadata) -> dict[str, Any]:
    """The columns that the camera filled in."""
    return {name: getattr(metadata, name) for name in _CAPTURED}


def role_of(file_format: str | None, filename: str) -> FileRole:
    """Judge what a file is to its photo, when its client did not say."""
    kind = (file_format or filename.rpartition(".")[2]).upper()
    if kind in RAW_FORMATS:
        return FileRole.RAW
    return FileRole.SIDECAR if kind in {"XMP", "THM"} else FileRole.PRIMARY


def _identities(new: NewPhoto) -> list[Identity]:
    digests = [new.file_sha256, *(file.sha256 for file in new.image_files)]
    files: list[Identity] = [(IdentityKind.FILE_SHA256, digest) for digest in dict.fromkeys(digests) if digest]
    return [(IdentityKind.HOTHASH, new.hothash), *files]


def _columns(new: NewPhoto) -> dict[str, Any]:
    return {
        **{name: getattr(new, name) for name in (*_FROM_EGG, *_WISHED)},
        **captured(new.metadata),
        "visibility": Visibility[new.visibility.upper()].value,
        "perceptual_hash": _signed(new.perceptual_hash),
    }


def _signed(perceptual_hash: str | None) -> int | None:
    """64 bits as the databases' signed integer."""
    return None if perceptual_hash is None else int.from_bytes(bytes.fromhex(perceptual_hash), signed=True)


def _files(new: NewPhoto) -> list[ArrivingFile]:
    """The files that the client lists; without a list, the one that the egg was laid from."""
    files = [_file(file) for file in new.image_files]
    listed = {file.filename for file in files}
    for entry in new.image_file_list or ():
        if entry.filename not in {*listed, new.primary_filename}:
            role = role_of(None, entry.filename)
            files.append(ArrivingFile(entry.filename, None, entry.file_size, None, role))
    if new.primary_filename and new.primary_filename not in listed:
        role = role_of(new.image_format, new.primary_filename)
        own = ArrivingFile(new.primary_filename, new.image_format, new.file_size_bytes, new.file_sha256, role)
        files.insert(0, own)
    return files


def _file(given: FileIn) -> ArrivingFile:
    place = given.location
    location = Location(place.machine, place.volume, place.relative_path, place.last_seen) if place else None
    return ArrivingFile(
        filename=given.filename,
        file_format=given.file_format,
        file_size=given.file_size,
        sha256=given.sha256,
        role=given.role or role_of(given.file_format, given.filename),
        location=location,
        raw_exif=given.raw_exif,
        exif_state=ParseState.PARSED,  # the egg's own metadata was read from it
    )

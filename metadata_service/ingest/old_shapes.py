"""Photo groups as older clients send them: with metadata parsed in the browser (1), or raw EXIF for us to read (2).

Their hothash is a hash of their own making. It proves nothing, but it is how they name the photo, so it becomes one of
the photo's names; the photo's own hothash is that of the hotpreview, where there is one.
"""

import hashlib
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints

from metadata_service.ingest.arrival import Arrival, ArrivingFile, Identity, captured, role_of
from metadata_service.ingest.schemas import Id, RawBytes
from metadata_service.photos.errors import PreviewRefusedError
from metadata_service.photos.schemas import Rating
from metadata_service.tables import FileRole, IdentityKind
from metadata_service.tags.schemas import TagName
from shared_schemas.hothash import hothash_of
from shared_schemas.json_safe import LongText, ShortText
from shared_schemas.photoegg import MAX_INT32, MAX_INT64, PhotoMetadata, decode_base64
from shared_schemas.preview import HOTPREVIEW_LIMITS, Preview, UnacceptablePreviewError, check_preview
from shared_schemas.problem import FieldError

ClientHash = Annotated[ShortText, StringConstraints(min_length=1, max_length=64)]
Side = Annotated[int, Field(ge=1, le=MAX_INT32)]


def _either(snake: str, camel: str) -> AliasChoices:
    return AliasChoices(snake, camel)


class _OldShape(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, populate_by_name=True)


class OldFile(_OldShape):
    """A file of a group, in the spellings of either version."""

    filename: ShortText = Field(min_length=1)
    file_size: int | None = Field(default=None, ge=0, le=MAX_INT64, validation_alias=_either("file_size", "fileSize"))
    file_type: ShortText | None = Field(default=None, validation_alias=_either("file_type", "fileType"))
    raw_exif: RawBytes | None = Field(default=None, validation_alias=AliasChoices("exif_data", "exif_blob", "exifBlob"))
    import_session_id: Id | None = None


class OldMetadata(PhotoMetadata):
    """What a browser parsed; version 1 calls the f-number an aperture."""

    model_config = ConfigDict(extra="ignore")

    width: Side | None = None
    height: Side | None = None
    aperture: float | None = Field(default=None, ge=0, le=10_000)


class OldGroup(_OldShape):
    """One photo with its files. Version 1 brings `basename`, `exif_data` and `files`, version 2 `images`."""

    hothash: ClientHash
    basename: ShortText | None = None
    hotpreview: str | None = None
    width: Side | None = None
    height: Side | None = None
    exif_data: OldMetadata | None = Field(default=None, validation_alias=_either("exif_data", "exifData"))
    files: list[OldFile] = Field(default_factory=list, max_length=20, validation_alias=AliasChoices("files", "images"))
    title: ShortText | None = None
    description: LongText | None = None
    tags: list[TagName] | None = Field(default=None, max_length=200)
    rating: Rating | None = None
    import_session_id: Id | None = None


def from_group(group: OldGroup, import_session_id: int | None) -> Arrival:
    """Turn a group into an arrival; raise `PreviewRefusedError` when its hotpreview cannot be kept."""
    preview = _hotpreview(group)
    files = [arriving_file(file) for file in group.files]
    sessions = (group.import_session_id, *(file.import_session_id for file in group.files), import_session_id)
    return Arrival(
        label=group.basename or (files[0].filename if files else group.hothash[:12]),
        hothash=hothash_of(preview.jpeg) if preview else _digest(group.hothash),
        identities=_identities(group, preview),
        hotpreview=preview,
        coldpreview=None,
        columns={
            **captured(_metadata(group)),
            **_size(group),
            "title": group.title,
            "description": group.description,
            "rating": group.rating or 0,
            "visibility": 0,
            "image_format": None,
            "file_size_bytes": files[0].file_size if files else None,
            "primary_filename": files[0].filename if files else None,
            "import_session_id": next((found for found in sessions if found is not None), None),
        },
        exif_dict={},
        warnings=[],
        files=files,
        tags=group.tags or [],
    )


def _hotpreview(group: OldGroup) -> Preview | None:
    if not group.hotpreview:
        return None
    try:
        return check_preview(decode_base64(group.hotpreview), HOTPREVIEW_LIMITS)
    except (UnacceptablePreviewError, ValueError) as error:
        said = f"The hotpreview is refused: {error}."
        raise PreviewRefusedError(said, errors=[FieldError(loc=["body", "hotpreview"], msg=said)]) from error


def _digest(client_hash: str) -> str:
    """A hothash for a photo without a picture: what its client calls it, as 64 hexadecimal digits."""
    is_digest = len(client_hash) == 64 and set(client_hash) <= set("0123456789abcdef")
    return client_hash if is_digest else hashlib.sha256(client_hash.encode()).hexdigest()


def _identities(group: OldGroup, preview: Preview | None) -> list[Identity]:
    names: list[Identity] = [(IdentityKind.CLIENT_HASH, group.hothash)]
    own = hothash_of(preview.jpeg) if preview else _digest(group.hothash)
    return [(IdentityKind.HOTHASH, own), *names]


def _metadata(group: OldGroup) -> PhotoMetadata:
    """What the client parsed. Its `Z` is JavaScript's way to print a time, not a claim about the camera's zone."""
    if group.exif_data is None:
        return PhotoMetadata()
    said = group.exif_data.model_copy()
    if said.taken_at_offset == "+00:00":
        said.taken_at_offset = None
    if said.taken_at is not None:
        said.taken_at_source = said.taken_at_source or "client"
    said.f_number = said.f_number if said.f_number is not None else said.aperture
    return said


def _size(group: OldGroup) -> dict[str, Any]:
    parsed = group.exif_data
    return {
        "width": group.width or (parsed.width if parsed else None),
        "height": group.height or (parsed.height if parsed else None),
    }


def arriving_file(file: OldFile) -> ArrivingFile:
    """Judge a file by its type or name."""
    kind = file.file_type or file.filename.rpartition(".")[2].upper() or None
    role = role_of(kind, file.filename)
    return ArrivingFile(
        filename=file.filename,
        file_format=kind,
        file_size=file.file_size,
        sha256=None,
        role=FileRole.PRIMARY if role is FileRole.OTHER else role,
        raw_exif=file.raw_exif,
    )

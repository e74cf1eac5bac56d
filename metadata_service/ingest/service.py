"""Keeps an egg: proves it, stores its coldpreview, then finds or inserts the photo, all or nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.ingest import repository
from metadata_service.ingest.errors import HothashMismatchError
from metadata_service.ingest.repository import Identities
from metadata_service.ingest.schemas import NewPhoto
from metadata_service.photos import coldpreview
from metadata_service.photos.coldpreview import StoredColdpreview
from metadata_service.photos.errors import PreviewRefusedError
from metadata_service.photos.sort_key import sort_ts
from metadata_service.storage import BlobStore
from metadata_service.tables import IdentityKind, Photo, PhotoExif, PhotoPreview
from metadata_service.visibility import Visibility
from shared_schemas.photoegg import EggRefusedError, HatchedEgg, HothashDiffersError, hatch
from shared_schemas.problem import FieldError

_FROM_METADATA = (
    "taken_at",
    "taken_at_offset",
    "taken_at_source",
    "camera_make",
    "camera_model",
    "lens_model",
    "focal_length",
    "f_number",
    "iso",
    "exposure_time",
    "gps_latitude",
    "gps_longitude",
    "gps_altitude",
)
_FROM_EGG = (
    "hothash",
    "width",
    "height",
    "image_format",
    "file_size_bytes",
    "primary_filename",
    "recipe",
    "title",
    "description",
    "rating",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The photo, and whether it is new."""

    photo: Photo
    is_new: bool


async def keep(session: AsyncSession, blobs: BlobStore, owner_id: int, new: NewPhoto) -> Kept:
    """Keep the egg as a photo of `owner_id`; an egg that is known adds what it brings and changes nothing else."""
    hatched = prove(new)
    if hatched.coldpreview is None:
        return await _find_or_insert(session, owner_id, new, hatched, None)
    async with coldpreview.stored(blobs, hatched.coldpreview) as cold:
        kept = await _find_or_insert(session, owner_id, new, hatched, cold)
    if cold.key != kept.photo.coldpreview_key:
        await blobs.delete(cold.key)
    return kept


async def _find_or_insert(
    session: AsyncSession, owner_id: int, new: NewPhoto, hatched: HatchedEgg, cold: StoredColdpreview | None
) -> Kept:
    photo = await repository.known(session, owner_id, _identities(new))
    is_new = photo is None
    if photo is None:
        photo, is_new = await _insert(session, owner_id, new, hatched)
    await repository.add_identities(session, photo, _identities(new))
    await _add_file(session, photo, new)
    if photo.coldpreview_key is None and cold is not None:
        coldpreview.attach(photo, cold)
    await session.flush()
    return Kept(photo, is_new)


def prove(new: NewPhoto) -> HatchedEgg:
    """Hatch the egg; translate its refusals."""
    try:
        return hatch(new)
    except EggRefusedError as error:
        fields = [FieldError(loc=["body", error.field], msg=str(error))]
        refusal = HothashMismatchError if isinstance(error, HothashDiffersError) else PreviewRefusedError
        raise refusal(str(error), errors=fields) from error


def _identities(new: NewPhoto) -> Identities:
    identities: Identities = [(IdentityKind.HOTHASH, new.hothash)]
    if new.file_sha256:
        identities.append((IdentityKind.FILE_SHA256, new.file_sha256))
    return identities


async def _insert(session: AsyncSession, owner_id: int, new: NewPhoto, hatched: HatchedEgg) -> tuple[Photo, bool]:
    """Insert the photo with its preview and EXIF; a race that was lost gives the winner's photo and False."""
    photo = await repository.insert_photo(session, _columns(owner_id, new, hatched))
    if photo is None:
        winner = await repository.known(session, owner_id, [(IdentityKind.HOTHASH, new.hothash)])
        if winner is None:  # the constraint says it is there, and identities are inserted in the same transaction
            raise LookupError(f"photo {new.hothash} of user {owner_id} has no identity")
        return winner, False
    session.add(PhotoPreview(photo_id=photo.id, hotpreview=hatched.hotpreview.jpeg))
    warnings = [warning.model_dump() for warning in new.warnings]
    session.add(PhotoExif(photo_id=photo.id, exif_dict=new.exif_dict, warnings=warnings))
    await session.flush()
    return photo, True


def _columns(owner_id: int, new: NewPhoto, hatched: HatchedEgg) -> dict[str, Any]:
    now = utc_now()
    return {
        **{name: getattr(new, name) for name in _FROM_EGG},
        **{name: getattr(new.metadata, name) for name in _FROM_METADATA},
        "owner_id": owner_id,
        "visibility": Visibility[new.visibility.upper()].value,
        "sort_ts": sort_ts(new.metadata.taken_at, now),
        "perceptual_hash": _signed(new.perceptual_hash),
        "hotpreview_width": hatched.hotpreview.width,
        "hotpreview_height": hatched.hotpreview.height,
        "created_at": now,
        "updated_at": now,
    }


def _signed(perceptual_hash: str | None) -> int | None:
    """64 bits as the databases' signed integer."""
    return None if perceptual_hash is None else int.from_bytes(bytes.fromhex(perceptual_hash), signed=True)


async def _add_file(session: AsyncSession, photo: Photo, new: NewPhoto) -> None:
    if new.primary_filename is None:
        return
    file = {
        "photo_id": photo.id,
        "filename": new.primary_filename,
        "file_format": new.image_format,
        "file_size": new.file_size_bytes,
        "sha256": new.file_sha256,
        "created_at": utc_now(),
    }
    await repository.add_file(session, file)

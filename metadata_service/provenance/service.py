"""Gathers all that is kept of one photo, and lets each kind of evidence speak."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections import repository as corrections
from metadata_service.corrections.effective import PLACE, TIME
from metadata_service.corrections.folding import Place, Time
from metadata_service.photos import repository as photos
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.service import look_at_own
from metadata_service.provenance import what, when
from metadata_service.provenance.schemas import Provenance
from metadata_service.tables import CameraValues


async def explain(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Provenance:
    """Say why a photo of the owner's says what it says."""
    photo = await look_at_own(session, owner_id, ref)
    read = await photos.exif(session, photo.id)
    exif, warnings = (read.exif_dict, read.warnings) if read else ({}, [])
    history = await corrections.of_photo(session, photo.id)
    said = await session.get(CameraValues, photo.id) or photo
    time = Time(*(getattr(said, name) for name in TIME))
    return Provenance(
        photo_id=photo.id,
        hothash=photo.hothash,
        time=when.time(photo, time, exif, history),
        offset=when.offset(photo, time, exif, warnings, history),
        place=what.place(photo, Place(*(getattr(said, name) for name in PLACE)), exif, history),
        camera=what.camera(photo, exif),
        size=what.size(photo, exif),
    )

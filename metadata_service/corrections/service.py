"""Corrects one photo, tells its history, and takes corrections back."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections import effective, repository
from metadata_service.corrections.errors import CorrectionNotFoundError
from metadata_service.corrections.folding import fold_view
from metadata_service.corrections.history import CorrectionOut
from metadata_service.corrections.schemas import SetPlace, SetTime, TimelocCorrection, ViewCorrection
from metadata_service.db.turns import take_turn
from metadata_service.photos import service as photos
from metadata_service.photos.errors import PhotoNotFoundError
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.schemas import PhotoDetail
from metadata_service.tables import Correction, Photo
from metadata_service.visibility import Viewer
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

BY_HAND = "person"


async def correct_timeloc(
    session: AsyncSession, owner_id: int, ref: PhotoRef, wanted: TimelocCorrection | None
) -> PhotoDetail:
    """Set time and place as far as they are given; None: back to what the camera said, as far as nobody redoes it."""
    photo = await photos.get_own(session, owner_id, ref)
    photo_id = photo.id
    if wanted is None:
        chosen = (Correction.photo_id == photo_id) & Correction.kind.in_(("time", "place"))
        await effective.take_back(session, chosen, undo=True)
    else:
        steps = [(photo_id, kind, step) for kind, step in _steps(photo, wanted)]
        await effective.add_steps(session, owner_id, steps, reason=wanted.correction_reason, source=BY_HAND)
    return await photos.detail(session, Viewer(owner_id), PhotoRef(id=photo_id))


def _steps(photo: Photo, wanted: TimelocCorrection) -> list[tuple[str, dict[str, Any]]]:
    steps: list[tuple[str, dict[str, Any]]] = []
    if wanted.taken_at is not None:
        steps.append(("time", SetTime(op="set_time", taken_at=wanted.taken_at).step()))
    if wanted.gps_latitude is not None or wanted.gps_longitude is not None:
        latitude = photo.gps_latitude if wanted.gps_latitude is None else wanted.gps_latitude
        longitude = photo.gps_longitude if wanted.gps_longitude is None else wanted.gps_longitude
        if latitude is None or longitude is None:
            missing = "gps_latitude" if latitude is None else "gps_longitude"
            said = "must be given too: the photo has no place yet."
            raise InvalidRequestError(f"{missing}: {said}", errors=[FieldError(loc=["body", missing], msg=said)])
        steps.append(("place", SetPlace(op="place", latitude=latitude, longitude=longitude).step()))
    return steps


async def correct_view(
    session: AsyncSession, owner_id: int, ref: PhotoRef, wanted: ViewCorrection | None
) -> PhotoDetail:
    """Set how to show the photo, field by field; None: as it is."""
    photo_id = (await photos.get_own(session, owner_id, ref)).id
    if wanted is None:
        chosen = (Correction.photo_id == photo_id) & (Correction.kind == "view")
        await effective.take_back(session, chosen, undo=True)
    else:
        given = wanted.model_dump(exclude_unset=True, exclude={"correction_reason"})
        history = await repository.of_photo(session, photo_id)
        before = fold_view(row.value for row in history if row.kind == "view" and row.undone_at is None) or {}
        step = {"op": "view", **before, **given}
        reason = wanted.correction_reason
        await effective.add_steps(session, owner_id, [(photo_id, "view", step)], reason=reason, source=BY_HAND)
    return await photos.detail(session, Viewer(owner_id), PhotoRef(id=photo_id))


async def history(session: AsyncSession, owner_id: int, ref: PhotoRef) -> list[CorrectionOut]:
    """All that was ever corrected of a photo, the oldest first."""
    photo = await photos.look_at_own(session, owner_id, ref)
    return [CorrectionOut.model_validate(row) for row in await repository.of_photo(session, photo.id)]


async def take_back(session: AsyncSession, owner_id: int, correction_id: int, *, undo: bool) -> PhotoDetail:
    """Undo one correction, or let it count again; one that is so already stays so."""
    await take_turn(session, owner_id)
    row = await repository.own(session, owner_id, correction_id)
    if row is None:
        raise CorrectionNotFoundError
    photo_id = row.photo_id
    await effective.take_back(session, Correction.id == correction_id, undo=undo)
    try:
        return await photos.detail(session, Viewer(owner_id), PhotoRef(id=photo_id))
    except PhotoNotFoundError as error:
        raise PhotoNotFoundError("The photo lies in the trash; restore it first.") from error

"""Corrects many photos at once: shows what would come of it, does it in one transaction, and undoes it."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections import effective, repository
from metadata_service.corrections.batch_schemas import (
    BatchOut,
    BatchTaken,
    Correct,
    Corrected,
    Preview,
    PreviewRow,
    Values,
)
from metadata_service.corrections.choosing import chosen
from metadata_service.corrections.errors import CorrectionBatchNotFoundError, NoPlaceError, OutOfTimeError
from metadata_service.corrections.planning import Plan, Planned, plan
from metadata_service.corrections.schemas import Change, CopyPlace, OffsetFromPlace, SetPlace
from metadata_service.corrections.service import BY_HAND
from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.photos import service as photos
from metadata_service.photos.ref import PhotoRef
from metadata_service.tables import Correction, CorrectionBatch

_SHOWN: Final = 20
_SOURCES: Final = {"offset_from_place": "time-zone", "place_of": "other-photo"}


async def preview(session: AsyncSession, owner_id: int, wanted: Correct) -> Preview:
    """Say what a correction would do."""
    rows = await chosen(session, owner_id, wanted)
    made = await plan(rows, await _resolved(session, owner_id, wanted.change))
    before = [item.row.taken_at for item in made.planned if item.row.taken_at is not None]
    after = [item.time.taken_at for item in made.planned if item.time.taken_at is not None]
    return Preview(
        matched=len(rows),
        changed=len(made.planned),
        skipped=_skipped(made, wanted, rows),
        out_of_range=made.out_of_range,
        first_before=min(before, default=None),
        last_before=max(before, default=None),
        first_after=min(after, default=None),
        last_after=max(after, default=None),
        data=[_shown(item) for item in made.planned[:_SHOWN]],
    )


async def correct(session: AsyncSession, owner_id: int, wanted: Correct) -> Corrected:
    """Correct all that are meant as one batch; where it would lead out of range, nothing."""
    await take_turn(session, owner_id)
    rows = await chosen(session, owner_id, wanted)
    made = await plan(rows, await _resolved(session, owner_id, wanted.change))
    if made.out_of_range:
        raise OutOfTimeError(f"{made.out_of_range} photos would be taken before 1800 or after 2999; none was changed.")
    skipped = _skipped(made, wanted, rows)
    if not made.planned:
        return Corrected(batch=None, changed=0, skipped=skipped)
    source = _SOURCES.get(wanted.change.op, BY_HAND)
    batch = CorrectionBatch(
        owner_id=owner_id,
        change=wanted.change.model_dump(mode="json", exclude_unset=True),
        reason=wanted.reason,
        source=source,
        photo_count=len(made.planned),
    )
    session.add(batch)
    await session.flush()
    batch_id = batch.id
    await effective.add_steps(session, owner_id, made.steps, reason=wanted.reason, source=source, batch_id=batch_id)
    told = BatchOut.model_validate(await repository.own_batch(session, owner_id, batch_id))
    return Corrected(batch=told, changed=len(made.planned), skipped=skipped)


async def get(session: AsyncSession, owner_id: int, batch_id: int) -> CorrectionBatch:
    """A batch of the owner's, or `CorrectionBatchNotFoundError`."""
    batch = await repository.own_batch(session, owner_id, batch_id)
    if batch is None:
        raise CorrectionBatchNotFoundError
    return batch


async def take_back(session: AsyncSession, owner_id: int, batch_id: int, *, undo: bool) -> BatchTaken:
    """Undo a batch or let it count again, on all its photos; what was corrected otherwise stays."""
    await take_turn(session, owner_id)
    await get(session, owner_id, batch_id)
    query = update(CorrectionBatch).where(CorrectionBatch.id == batch_id)
    await session.execute(query.values(undone_at=utc_now() if undo else None))
    changed = await effective.take_back(session, Correction.batch_id == batch_id, undo=undo)
    return BatchTaken(batch=BatchOut.model_validate(await get(session, owner_id, batch_id)), changed=len(changed))


async def _resolved(session: AsyncSession, owner_id: int, change: Change) -> Change:
    """Look up the place of another photo."""
    if not isinstance(change, CopyPlace):
        return change
    source = await photos.look_at_own(session, owner_id, PhotoRef(id=change.photo_id, hothash=change.hothash))
    if source.gps_latitude is None or source.gps_longitude is None:
        raise NoPlaceError
    return SetPlace(
        op="place", latitude=source.gps_latitude, longitude=source.gps_longitude, altitude=source.gps_altitude
    )


def _skipped(made: Plan, wanted: Correct, rows: Sequence[Row[Any]]) -> dict[str, int]:
    unknown = 0 if wanted.asked is None else wanted.asked - len(rows)
    return dict(made.skipped) | ({"not_yours": unknown} if unknown > 0 else {})


def _shown(item: Planned) -> PreviewRow:
    return PreviewRow(
        photo_id=item.row.id,
        hothash=item.row.hothash,
        before=Values.model_validate(item.row, from_attributes=True),
        after=Values(
            taken_at=item.time.taken_at,
            taken_at_offset=item.time.taken_at_offset,
            gps_latitude=item.place.gps_latitude,
            gps_longitude=item.place.gps_longitude,
        ),
        zone=item.step.get("zone"),
    )


async def offset_suggestion(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Preview:
    """What the time zone of one photo's position says of its offset."""
    photo = await photos.look_at_own(session, owner_id, ref)
    change = OffsetFromPlace(op="offset_from_place")
    return await preview(session, owner_id, Correct(ids=[photo.id], change=change))

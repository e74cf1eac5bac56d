"""Keeps photos: finds or inserts each, then adds what it brings. All in the caller's one transaction.

A photo that is known keeps what its owner typed; an arrival adds names by which it is found, files, places where
they lie, tags, and previews that were missing. What was in the trash and comes again is taken out of it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service import geocoding
from metadata_service.accounts.quota import check_quota
from metadata_service.db.turns import take_turn
from metadata_service.derived import search
from metadata_service.import_sessions import service as imports
from metadata_service.import_sessions.service import Outcome
from metadata_service.ingest import repository
from metadata_service.ingest.additions import add_all
from metadata_service.ingest.arrival import Arrival
from metadata_service.ingest.placing import place_all
from metadata_service.photos import coldpreview
from metadata_service.photos.coldpreview import StoredColdpreview
from metadata_service.storage import BlobStore
from metadata_service.tables import Photo

Colds = Sequence[StoredColdpreview | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """The photo, and whether this arrival made it."""

    photo: Photo
    is_new: bool


@asynccontextmanager
async def stored_coldpreviews(blobs: BlobStore, arrivals: Sequence[Arrival]) -> AsyncIterator[Colds]:
    """Store every coldpreview before the transaction's first statement: no writer waits while a disk does.

    When the block fails, they are removed again.
    """
    async with AsyncExitStack() as stack:

        async def store(arrival: Arrival) -> StoredColdpreview | None:
            if arrival.coldpreview is None:
                return None
            return await stack.enter_async_context(coldpreview.stored(blobs, arrival.coldpreview))

        colds = await asyncio.gather(*map(store, arrivals), return_exceptions=True)
        for cold in colds:
            if isinstance(cold, BaseException):
                raise cold
        yield [cold for cold in colds if not isinstance(cold, BaseException)]


async def keep(session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival], colds: Colds) -> list[Kept]:
    """Keep the arrivals as photos of `owner_id`; give one answer each, in their order."""
    await _name_places(arrivals)
    await take_turn(session, owner_id)
    ids, new_ids = await place_all(session, owner_id, arrivals)
    found = await repository.photos(session, ids)
    for photo in found.values():
        photo.deleted_at = None
    await add_all(
        session, owner_id, [(found[photo_id], arrival) for photo_id, arrival in zip(ids, arrivals, strict=True)]
    )
    grew = _attach(found, ids, arrivals, colds) or bool(new_ids)
    await session.flush()
    if grew:
        await check_quota(session, owner_id)
    await search.index(session, found)
    kept = _told_apart(found, ids, new_ids)
    await _record(session, arrivals, kept)
    return kept


async def _name_places(arrivals: Sequence[Arrival]) -> None:
    """Say in words where each was taken."""
    where = [(arrival.columns.get("gps_latitude"), arrival.columns.get("gps_longitude")) for arrival in arrivals]
    for arrival, name in zip(arrivals, await geocoding.names(where), strict=True):
        arrival.columns |= name.columns()


def _attach(found: dict[int, Photo], ids: Sequence[int], arrivals: Sequence[Arrival], colds: Colds) -> bool:
    """Give photos the coldpreviews that they lack, that of the arrival which names the photo first; tell if any did."""
    attached = False
    offers = sorted(
        zip(ids, arrivals, colds, strict=True), key=lambda offer: offer[1].hothash != found[offer[0]].hothash
    )
    for photo_id, _, cold in offers:
        if cold is not None and found[photo_id].coldpreview_key is None:
            coldpreview.attach(found[photo_id], cold)
            attached = True
    return attached


def unused(kept: Sequence[Kept], colds: Colds) -> list[str]:
    """The keys of coldpreviews that no photo took."""
    taken = {item.photo.coldpreview_key for item in kept}
    return [cold.key for cold in colds if cold is not None and cold.key not in taken]


def _told_apart(found: dict[int, Photo], ids: Sequence[int], new_ids: set[int]) -> list[Kept]:
    """A second arrival of one photo in the same batch is a duplicate of the first."""
    unannounced = set(new_ids)
    kept = []
    for photo_id in ids:
        kept.append(Kept(found[photo_id], photo_id in unannounced))
        unannounced.discard(photo_id)
    return kept


async def _record(session: AsyncSession, arrivals: Sequence[Arrival], kept: Sequence[Kept]) -> None:
    """Tell each import session what became of its arrivals."""
    by_session: dict[int, list[Outcome]] = {}
    for arrival, item in zip(arrivals, kept, strict=True):
        if (import_id := arrival.columns.get("import_session_id")) is not None:
            outcome: Literal["imported", "duplicate"] = "imported" if item.is_new else "duplicate"
            by_session.setdefault(import_id, []).append(
                Outcome(key=arrival.hothash, outcome=outcome, photo_id=item.photo.id, filename=arrival.label)
            )
    for import_id, outcomes in sorted(by_session.items()):
        await imports.record(session, import_id, outcomes)

"""Tells a client, before it imports, which photos are there already that look like what it is about to bring."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import among
from metadata_service.derived.likeness import near
from metadata_service.ingest.batch_schemas import SimilarId
from metadata_service.tables import Photo
from metadata_service.visibility import Look, Viewer, look_arms

_MOST: Final = 10


async def similar(
    session: AsyncSession, owner_id: int, hashes: Sequence[str], distance: int
) -> dict[str, list[SimilarId]] | None:
    """By hash the nearest of the owner's live photos; None when no hash is asked for."""
    if not hashes:
        return None
    wanted = list(dict.fromkeys(hashes))
    signed = [int.from_bytes(bytes.fromhex(text), signed=True) for text in wanted]
    found = await near(session, owner_id, signed, distance)
    mine = look_arms(Look(Viewer(owner_id), mine=True), in_order=False)
    query = select(Photo.id).where(Photo.id.in_(among(session, (alike.photo_id for alike in found))), or_(*mine))
    live = set(await session.scalars(query)) if found else set()
    answer: dict[str, list[SimilarId]] = {text: [] for text in wanted}
    for alike in sorted(found, key=lambda alike: (alike.distance, alike.photo_id)):
        told = answer[wanted[alike.number]]
        if alike.photo_id in live and len(told) < _MOST:
            told.append(SimilarId(id=alike.photo_id, distance=alike.distance))
    return answer

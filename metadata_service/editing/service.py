"""Changes and deletes many photos of one owner in one transaction."""

from collections.abc import Sequence
from typing import Final, TypeVar

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.editing.schemas import Chosen
from metadata_service.photos.schemas import PhotoChange
from metadata_service.photos.service import check_named
from metadata_service.tables import Photo
from metadata_service.visibility import Viewer, own, trash

_AT_ONCE: Final = 500
Item = TypeVar("Item")


async def change(session: AsyncSession, owner_id: int, chosen: Chosen, wanted: PhotoChange) -> int:
    """Set the given fields of all chosen photos; say how many there were."""
    await check_named(session, owner_id, wanted)
    ids = await _ids(session, owner_id, chosen, with_trash=False)
    columns = wanted.columns()
    if columns:
        for some in _pieces(ids):
            await session.execute(update(Photo).where(Photo.id.in_(some)).values(columns))
        await search.index(session, ids)
    return len(ids)


async def throw_away(session: AsyncSession, owner_id: int, chosen: Chosen) -> int:
    """Move all chosen photos to the trash; say how many there were."""
    ids = await _ids(session, owner_id, chosen, with_trash=False)
    for some in _pieces(ids):
        await session.execute(update(Photo).where(Photo.id.in_(some)).values(deleted_at=utc_now()))
    await search.index(session, ids)
    return len(ids)


async def purge(session: AsyncSession, owner_id: int, chosen: Chosen) -> tuple[int, list[str]]:
    """Remove all chosen photos for good; say how many there were, and which blobs nobody needs any more."""
    ids = await _ids(session, owner_id, chosen, with_trash=True)
    keys: list[str | None] = []
    for some in _pieces(ids):
        keys += await session.scalars(delete(Photo).where(Photo.id.in_(some)).returning(Photo.coldpreview_key))
    return len(ids), [key for key in keys if key is not None]


async def _ids(session: AsyncSession, owner_id: int, chosen: Chosen, *, with_trash: bool) -> list[int]:
    """The chosen photos that are the owner's, locked in one order, so that writers cannot wait in a circle."""
    await take_turn(session, owner_id)
    viewer = Viewer(owner_id)
    mine = or_(*own(viewer), *(trash(viewer) if with_trash else ()))
    found: set[int] = set()
    for some in _pieces(sorted(set(chosen.ids))):
        found |= set(await session.scalars(select(Photo.id).where(Photo.id.in_(some), mine)))
    for names in _pieces(sorted(set(chosen.hothashes))):
        named = Photo.hothash.in_(names)
        found |= set(await session.scalars(select(Photo.id).where(Photo.owner_id == owner_id, named, mine)))
    locked: list[int] = []
    for some in _pieces(sorted(found)):
        locked += await session.scalars(
            select(Photo.id).where(Photo.id.in_(some), mine).order_by(Photo.id).with_for_update(key_share=True)
        )
    return locked


def _pieces(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]

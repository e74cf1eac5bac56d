"""Changes and deletes many photos of one owner in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.editing.schemas import BulkChange, BulkChanged, Chosen, Had
from metadata_service.photos.service import check_named
from metadata_service.tables import Photo
from metadata_service.visibility import Viewer, Visibility, own, trash

_AT_ONCE: Final = 500
Item = TypeVar("Item")


async def change(session: AsyncSession, owner_id: int, wanted: BulkChange) -> BulkChanged:
    """Set the given fields of all chosen photos."""
    await check_named(session, owner_id, wanted.change)
    ids = await _ids(session, owner_id, wanted, with_trash=False)
    columns = wanted.change.columns()
    changed = BulkChanged(changed=len(ids), skipped=wanted.asked - len(ids))
    if columns:
        if wanted.tell_before:
            changed.before = await _had(session, ids, list(columns))
        for some in _pieces(ids):
            await session.execute(update(Photo).where(Photo.id.in_(some)).values(columns))
        await search.index(session, ids)
    return changed


async def _had(session: AsyncSession, ids: Sequence[int], names: Sequence[str]) -> list[Had]:
    """What photos have in some fields, those that have the same together."""
    alike: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for some in _pieces(ids):
        columns = [Photo.__table__.c[name] for name in names]
        for photo_id, *values in await session.execute(select(Photo.id, *columns).where(Photo.id.in_(some))):
            alike[tuple(values)].append(photo_id)
    return [Had(ids=same, change=_told(names, values)) for values, same in alike.items()]


def _told(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    fields = dict(zip(names, values, strict=True))
    if "visibility" in fields:
        fields["visibility"] = Visibility(fields["visibility"]).word
    return fields


async def restore(session: AsyncSession, owner_id: int, chosen: Chosen) -> int:
    """Take all chosen photos out of the trash; say how many lay there."""
    ids = await _ids(session, owner_id, chosen, with_trash=True)
    back: list[int] = []
    for some in _pieces(ids):
        thrown = Photo.id.in_(some), Photo.deleted_at.is_not(None)
        back += await session.scalars(update(Photo).where(*thrown).values(deleted_at=None).returning(Photo.id))
    await search.index(session, back)
    return len(back)


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

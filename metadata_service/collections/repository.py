"""Statements about collections and their items."""

from collections.abc import Collection as Several
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.collections.lineup import Slot
from metadata_service.db.pairs import pairs
from metadata_service.photos.filters import PHOTOS
from metadata_service.photos.presenter import SHOWN
from metadata_service.tables import Collection, CollectionItem, IdentityKind, Photo, PhotoIdentity

_PHOTO: Final = tuple(PHOTOS.c[name] for name in SHOWN)
_IS_SHOWN: Final = or_(CollectionItem.photo_id.is_(None), PHOTOS.c.deleted_at.is_(None))
# Items are read as plain rows, so that no object has to learn what a statement changed.
_UNTRACKED: Final = {"synchronize_session": False}
_NAMES: Final = (IdentityKind.HOTHASH, IdentityKind.CLIENT_HASH)


async def find(
    session: AsyncSession, owner_id: int, collection_id: int, *, to_change: bool = False
) -> Collection | None:
    """Find a collection of the owner; `to_change` makes others who change it wait.

    The weaker lock (FOR NO KEY UPDATE) will do: it shuts out its own kind.
    """
    query = select(Collection).where(Collection.id == collection_id, Collection.owner_id == owner_id)
    return (await session.scalars(query.with_for_update(key_share=True) if to_change else query)).one_or_none()


async def page(session: AsyncSession, owner_id: int, *, offset: int, limit: int) -> list[Collection]:
    """Collections of the owner, the latest changed first."""
    query = select(Collection).where(Collection.owner_id == owner_id)
    query = query.order_by(Collection.updated_at.desc(), Collection.id.desc())
    return list(await session.scalars(query.offset(offset).limit(limit)))


async def count(session: AsyncSession, owner_id: int) -> int:
    """How many collections the owner has."""
    return (
        await session.scalar(select(func.count()).select_from(Collection).where(Collection.owner_id == owner_id)) or 0
    )


async def contents(session: AsyncSession, ids: Several[int]) -> Sequence[Row[int, str | None]]:
    """What is shown of collections, in order: (collection, hothash), without a hothash for text cards."""
    query = select(CollectionItem.collection_id, PHOTOS.c.hothash).outerjoin(PHOTOS, _photo())
    query = query.where(CollectionItem.collection_id.in_(ids), _IS_SHOWN)
    return (await session.execute(query.order_by(CollectionItem.collection_id, CollectionItem.position))).all()


def _photo() -> ColumnElement[bool]:
    return PHOTOS.c.id == CollectionItem.photo_id


async def items(session: AsyncSession, collection_id: int) -> Sequence[Row[Any]]:
    """What is shown of a collection: (title, body, caption, visible), then what the presenter reads of the photo."""
    item = (CollectionItem.card_title, CollectionItem.card_body, CollectionItem.caption, CollectionItem.visible)
    query = select(*item, *_PHOTO).outerjoin(PHOTOS, _photo())
    query = query.where(CollectionItem.collection_id == collection_id, _IS_SHOWN).order_by(CollectionItem.position)
    return (await session.execute(query)).all()


async def photos(session: AsyncSession, collection_id: int, *, offset: int, limit: int) -> Sequence[Row[Any]]:
    """The photos that are shown, with the columns that the presenter reads."""
    query = select(*_PHOTO).join(CollectionItem, _photo()).where(CollectionItem.collection_id == collection_id)
    query = query.where(PHOTOS.c.deleted_at.is_(None)).order_by(CollectionItem.position)
    return (await session.execute(query.offset(offset).limit(limit))).all()


async def slots(session: AsyncSession, collection_id: int) -> list[Slot]:
    """All items in order, shown or not."""
    columns = [getattr(CollectionItem, name) for name in ("id", "position", "photo_id")]
    columns += [PHOTOS.c.hothash, CollectionItem.caption, CollectionItem.visible, _IS_SHOWN]
    query = select(*columns).outerjoin(PHOTOS, _photo()).where(CollectionItem.collection_id == collection_id)
    return [Slot(*row) for row in await session.execute(query.order_by(CollectionItem.position))]


async def photo_ids(session: AsyncSession, owner_id: int, hothashes: Several[str]) -> dict[str, int]:
    """Ids of the owner's photos outside the trash, by any hash that names them; none can go before the transaction."""
    query = select(PhotoIdentity.value, Photo.id).join(Photo, Photo.id == PhotoIdentity.photo_id)
    query = query.where(PhotoIdentity.owner_id == owner_id, PhotoIdentity.kind.in_(_NAMES))
    query = query.where(PhotoIdentity.value.in_(hothashes), Photo.deleted_at.is_(None))
    locked = query.order_by(Photo.id).with_for_update(read=True, key_share=True, of=Photo)
    return dict(iter(await session.execute(locked)))


async def append(session: AsyncSession, rows: list[dict[str, Any]]) -> list[int]:
    """Add items; give their ids in the same order."""
    if not rows:
        return []
    added = insert(CollectionItem).returning(CollectionItem.id, sort_by_parameter_order=True)
    return list(await session.scalars(added, rows))


async def change(session: AsyncSession, item_id: int, values: dict[str, Any]) -> None:
    """Set columns of an item."""
    await session.execute(update(CollectionItem).where(CollectionItem.id == item_id).values(values))


async def remove(session: AsyncSession, ids: Several[int]) -> None:
    """Take items out."""
    await session.execute(delete(CollectionItem).where(CollectionItem.id.in_(ids)))


async def place(session: AsyncSession, collection_id: int, ids: Sequence[int]) -> None:
    """Give all items of a collection their positions.

    First they all step aside below zero: no two may be at one position, not even inside a statement.
    """
    aside = update(CollectionItem).where(CollectionItem.collection_id == collection_id)
    await session.execute(aside.values(position=-1 - CollectionItem.position), execution_options=_UNTRACKED)
    order = pairs(session, ((item_id, place) for place, item_id in enumerate(ids)), ("item_id", "place"))
    back = update(CollectionItem).where(CollectionItem.id == order.c.item_id)
    await session.execute(back.values(position=order.c.place), execution_options=_UNTRACKED)

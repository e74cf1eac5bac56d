"""Keeps collections, and shows them to their owner."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.collections import repository
from metadata_service.collections.errors import CollectionNotFoundError
from metadata_service.collections.schemas import CollectionChange, CollectionList, CollectionOut
from metadata_service.photos.companions import accompany, told_rows
from metadata_service.photos.presenter import told_row
from metadata_service.tables import Collection
from metadata_service.visibility import Viewer

_ITEM_COLUMNS: Final = 4


async def get(session: AsyncSession, owner_id: int, collection_id: int, *, to_change: bool = False) -> Collection:
    """Find a collection of the owner or raise `CollectionNotFoundError`."""
    collection = await repository.find(session, owner_id, collection_id, to_change=to_change)
    if collection is None:
        raise CollectionNotFoundError
    return collection


async def page(session: AsyncSession, owner_id: int, *, offset: int, limit: int) -> CollectionList:
    """List collections of the owner."""
    found = await repository.page(session, owner_id, offset=offset, limit=limit)
    shown: dict[int, list[str | None]] = {collection.id: [] for collection in found}
    for collection_id, hothash in await repository.contents(session, shown):
        shown[collection_id].append(hothash)
    collections = [_shown(collection, shown[collection.id]) for collection in found]
    return CollectionList(collections=collections, total=await repository.count(session, owner_id))


async def summary(session: AsyncSession, collection: Collection) -> CollectionOut:
    """Show a collection without its items."""
    contents = await repository.contents(session, [collection.id])
    return _shown(collection, [hothash for _, hothash in contents])


async def detail(session: AsyncSession, owner_id: int, collection_id: int) -> dict[str, Any]:
    """Show a collection with its items, ready to be written."""
    collection = await get(session, owner_id, collection_id)
    items = [_item(row, owner_id) for row in await repository.items(session, collection_id)]
    await accompany(session, [item["photo"] for item in items if "photo" in item])
    return {**_shown(collection, [item.get("photo_hothash") for item in items]).model_dump(), "items": items}


async def photos(
    session: AsyncSession, owner_id: int, collection_id: int, *, offset: int, limit: int
) -> list[dict[str, Any]]:
    """The photos of a collection in order, ready to be written."""
    await get(session, owner_id, collection_id)
    rows = await repository.photos(session, collection_id, offset=offset, limit=limit)
    return await told_rows(session, rows, Viewer(owner_id))


async def create(session: AsyncSession, owner_id: int, name: str, description: str | None) -> Collection:
    """Make an empty collection."""
    collection = Collection(owner_id=owner_id, name=name, description=description)
    session.add(collection)
    await session.flush()
    return collection


async def change(session: AsyncSession, owner_id: int, collection_id: int, wanted: CollectionChange) -> CollectionOut:
    """Set the fields that were given."""
    collection = await get(session, owner_id, collection_id)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(collection, name, value)
    await session.flush()
    return await summary(session, collection)


async def delete(session: AsyncSession, owner_id: int, collection_id: int) -> None:
    """Remove a collection; its photos stay."""
    await session.delete(await get(session, owner_id, collection_id))
    await session.flush()


def _shown(collection: Collection, contents: Sequence[str | None]) -> CollectionOut:
    hothashes = [hothash for hothash in contents if hothash is not None]
    return CollectionOut(
        id=collection.id,
        user_id=collection.owner_id,
        name=collection.name,
        description=collection.description,
        hothashes=hothashes,
        item_count=len(contents),
        photo_count=len(hothashes),
        text_card_count=len(contents) - len(hothashes),
        cover_photo_hothash=next(iter(hothashes), None),
        created_at=collection.created_at,
        updated_at=collection.updated_at,
    )


def _item(row: Sequence[Any], owner_id: int) -> dict[str, Any]:
    title, body, caption, visible = row[:_ITEM_COLUMNS]
    if title is not None:
        return {"type": "text", "visible": visible, "text_card": {"title": title, "body": body}}
    photo = told_row(row[_ITEM_COLUMNS:], Viewer(owner_id))
    shown = {"type": "photo", "visible": visible, "photo_hothash": photo["hothash"], "caption": caption}
    return {**shown, "photo": photo}

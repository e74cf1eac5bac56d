"""Changes what is in a collection, and in which order. Whoever does locks the collection first."""

from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.collections import lineup, repository, service
from metadata_service.collections.errors import CollectionFullError, NoSuchItemError
from metadata_service.collections.item_schemas import MAX_ITEMS, CleanedUp, Item, Managed, Move, TextItem
from metadata_service.collections.lineup import Slot
from metadata_service.db.types import utc_now
from metadata_service.tables import Collection

Row = dict[str, Any]


async def insert(
    session: AsyncSession, owner_id: int, collection_id: int, items: Sequence[Item], position: int = MAX_ITEMS
) -> Managed:
    """Put items before the one at `position`, or at the end. A photo that is there already stays where it is."""
    collection, slots = await _opened(session, owner_id, collection_id)
    there = _by_photo(slots)
    rows = [row for row in await _rows(session, owner_id, items, there) if row["photo_id"] not in there]
    new = await _append(session, collection, slots, rows)
    shown = [slot.id for slot in _shown(slots)]
    if position < len(shown):
        await _arrange(session, collection, slots, [*shown[:position], *new, *shown[position:]])
    return await _closed(session, collection, affected=len(new), skipped=len(items) - len(new))


async def replace(session: AsyncSession, owner_id: int, collection_id: int, items: Sequence[Item]) -> Managed:
    """Let these be all items, in this order. Of a photo that was there, what is left out stays as it was."""
    collection, slots = await _opened(session, owner_id, collection_id)
    there = _by_photo(slots)
    rows = await _rows(session, owner_id, items, there)
    new = iter(await _append(session, collection, slots, [row for row in rows if row["photo_id"] not in there]))
    order = [there[row["photo_id"]].id if row["photo_id"] in there else next(new) for row in rows]
    await repository.remove(session, {slot.id for slot in _shown(slots)} - set(order))
    for row in rows:
        slot = there.get(row["photo_id"])
        if slot is not None and (slot.caption, slot.visible) != (row["caption"], row["visible"]):
            await repository.change(session, slot.id, {"caption": row["caption"], "visible": row["visible"]})
    await _arrange(session, collection, slots, order)
    return await _closed(session, collection, affected=len(rows), skipped=len(items) - len(rows))


async def move(session: AsyncSession, owner_id: int, collection_id: int, wanted: Move) -> Managed:
    """Move neighbours."""
    collection, slots = await _opened(session, owner_id, collection_id)
    shown = [slot.id for slot in _shown(slots)]
    if wanted.from_position + wanted.count > len(shown) or wanted.to_position > len(shown) - wanted.count:
        raise NoSuchItemError(f"The collection has {len(shown)} items.")
    order = lineup.moved(shown, wanted.from_position, wanted.count, wanted.to_position)
    await _arrange(session, collection, slots, order)
    return await _closed(session, collection, affected=wanted.count)


async def order_photos(session: AsyncSession, owner_id: int, collection_id: int, hothashes: Sequence[str]) -> Managed:
    """Put photos in this order, on the places that photos have; text cards stay."""
    collection, slots = await _opened(session, owner_id, collection_id)
    ids = await repository.photo_ids(session, owner_id, set(hothashes))
    listed = [ids[hothash] for hothash in hothashes if hothash in ids]
    order, affected = lineup.with_photos_in_order(_shown(slots), listed)
    await _arrange(session, collection, slots, order)
    return await _closed(session, collection, affected=affected, skipped=len(hothashes) - affected)


async def remove_photos(session: AsyncSession, owner_id: int, collection_id: int, hothashes: Sequence[str]) -> Managed:
    """Take photos out, by any hash that names them."""
    collection, slots = await _opened(session, owner_id, collection_id)
    named = set(hothashes)
    ids = set((await repository.photo_ids(session, owner_id, named)).values())
    gone = [slot.id for slot in slots if slot.photo_id in ids or slot.hothash in named]
    await repository.remove(session, gone)
    return await _closed(session, collection, affected=len(gone), skipped=len(named) - len(gone))


async def remove(session: AsyncSession, owner_id: int, collection_id: int, positions: Several[int]) -> Managed:
    """Take items out by their positions, all or none."""
    collection, slots = await _opened(session, owner_id, collection_id)
    gone = {_at(slots, position).id for position in positions}
    await repository.remove(session, gone)
    return await _closed(session, collection, affected=len(gone))


async def change(
    session: AsyncSession, owner_id: int, collection_id: int, position: int, values: Mapping[str, Any]
) -> Managed:
    """Set columns of the item at a position. A photo has no card, and a card no caption: there is no such item then."""
    collection, slots = await _opened(session, owner_id, collection_id)
    slot = _at(slots, position)
    others = {"caption"} if slot.photo_id is None else {"card_title", "card_body"}
    if others & values.keys():
        raise NoSuchItemError("The item at this position is of the other kind.")
    if values:
        await repository.change(session, slot.id, dict(values))
    return await _closed(session, collection, affected=1)


async def clean_up(session: AsyncSession, owner_id: int, collection_id: int) -> CleanedUp:
    """Give up the places of photos that lie in the trash."""
    collection, slots = await _opened(session, owner_id, collection_id)
    gone = [slot.id for slot in slots if not slot.is_shown]
    await repository.remove(session, gone)
    told = await _closed(session, collection, affected=len(gone))
    return CleanedUp(collection_id=collection_id, removed_count=len(gone), photo_count=told.photo_count)


async def _opened(session: AsyncSession, owner_id: int, collection_id: int) -> tuple[Collection, list[Slot]]:
    collection = await service.get(session, owner_id, collection_id, to_change=True)
    return collection, await repository.slots(session, collection_id)


async def _closed(session: AsyncSession, collection: Collection, *, affected: int, skipped: int = 0) -> Managed:
    collection.updated_at = utc_now()
    await session.flush()
    told = await service.summary(session, collection)
    return Managed(
        collection_id=collection.id,
        item_count=told.item_count,
        photo_count=told.photo_count,
        affected_count=affected,
        skipped_count=skipped,
        cover_photo_hothash=told.cover_photo_hothash,
    )


async def _rows(session: AsyncSession, owner_id: int, items: Sequence[Item], there: Mapping[int, Slot]) -> list[Row]:
    """What items are in the table: text cards, and those photos that are the owner's, each once."""
    ids = await repository.photo_ids(
        session, owner_id, {item.photo_hothash for item in items if not isinstance(item, TextItem)}
    )
    rows: dict[Any, Row] = {}
    for number, item in enumerate(items):
        if isinstance(item, TextItem):
            card = {"card_title": item.text_card.title, "card_body": item.text_card.body}
            rows["card", number] = {"photo_id": None, **card, "caption": None, "visible": item.visible}
        elif (photo_id := ids.get(item.photo_hothash)) is not None:
            before, given = there.get(photo_id), item.model_fields_set
            kept = {name: getattr(before if before and name not in given else item, name) for name in _SAID}
            rows.setdefault(photo_id, {"photo_id": photo_id, "card_title": None, "card_body": None, **kept})
    return list(rows.values())


_SAID = ("caption", "visible")


async def _append(
    session: AsyncSession, collection: Collection, slots: Sequence[Slot], rows: Sequence[Row]
) -> list[int]:
    if len(slots) + len(rows) > MAX_ITEMS:
        raise CollectionFullError(f"A collection holds {MAX_ITEMS} items.")
    end = slots[-1].position + 1 if slots else 0
    numbered = [{"collection_id": collection.id, "position": end + number, **row} for number, row in enumerate(rows)]
    return await repository.append(session, numbered)


async def _arrange(session: AsyncSession, collection: Collection, slots: Sequence[Slot], order: Sequence[int]) -> None:
    await repository.place(session, collection.id, lineup.with_hidden(order, slots))


def _shown(slots: Sequence[Slot]) -> list[Slot]:
    return [slot for slot in slots if slot.is_shown]


def _by_photo(slots: Sequence[Slot]) -> dict[int, Slot]:
    return {slot.photo_id: slot for slot in slots if slot.photo_id is not None}


def _at(slots: Sequence[Slot], position: int) -> Slot:
    shown = _shown(slots)
    if position >= len(shown):
        raise NoSuchItemError(f"The collection has {len(shown)} items.")
    return shown[position]

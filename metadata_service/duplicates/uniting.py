"""Unites one photo into another: whatever the one has and the other has not goes over, and all of it is written down.

Nothing is overwritten and nothing dropped. Words of which both have their own stay: the kept photo's count, the other's
lie with it in the trash, and a title or description of its own is added to the kept photo's description.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import (
    Collection,
    CollectionItem,
    FileLocation,
    ImageFile,
    Photo,
    PhotoIdentity,
    PhotoStack,
    PhotoTag,
)

_FILLED: Final = (
    "title",
    "category",
    "author_id",
    "event_id",
    "stack_id",
    "import_session_id",
    "camera_make",
    "camera_model",
    "lens_model",
    "focal_length",
    "f_number",
    "iso",
    "exposure_time",
)
_TOLD: Final = (*_FILLED, "taken_at", "gps_latitude", "gps_longitude")
_MOST_TEXT: Final = 100_000


def plain(value: Any) -> Any:
    """Spell a column's value in JSON."""
    return value.isoformat() if isinstance(value, datetime) else value


def fields_to_fill(kept: Photo, merged: Photo) -> dict[str, Any]:
    """What the kept photo's row takes over."""
    fill = {name: getattr(merged, name) for name in _FILLED if getattr(kept, name) is None}
    fill |= {
        "rating": max(kept.rating, merged.rating),
        "has_raw": kept.has_raw or merged.has_raw,
        "description": _description(kept, merged),
    }
    return {name: value for name, value in fill.items() if value != getattr(kept, name)}


def _description(kept: Photo, merged: Photo) -> str | None:
    """The kept photo's, then what the other says that it does not say yet."""
    said = [kept.description] if kept.description else []
    others_title = merged.title if kept.title else None
    for text in (others_title, merged.description):
        if text and text != kept.title and not any(text in other for other in said):
            said.append(text)
    together = "\n\n".join(said)
    return together if together and len(together) <= _MOST_TEXT else kept.description


def differences(kept: Photo, merged: Photo) -> list[dict[str, Any]]:
    """Where both have a word of their own."""
    return [
        {"field": name, "kept": plain(getattr(kept, name)), "merged": plain(getattr(merged, name))}
        for name in _TOLD
        if None not in {getattr(kept, name), getattr(merged, name)} and getattr(kept, name) != getattr(merged, name)
    ]


async def add_tags(session: AsyncSession, kept: Photo, merged: Photo) -> list[int]:
    """Let the kept photo bear the other's tags too; give those that are new."""
    borne = select(PhotoTag.tag_id).where(PhotoTag.photo_id == kept.id)
    query = select(PhotoTag.tag_id).where(PhotoTag.photo_id == merged.id, PhotoTag.tag_id.not_in(borne))
    new = list(await session.scalars(query.order_by(PhotoTag.tag_id)))
    if new:
        rows = [{"tag_id": tag_id, "photo_id": kept.id, "sort_ts": kept.sort_ts} for tag_id in new]
        await session.execute(insert(PhotoTag), rows)
    return new


async def move_files(session: AsyncSession, kept: Photo, merged: Photo) -> dict[str, Any]:
    """Move files with all that hangs on them; of one that the kept photo has too, only places that are new to it."""
    columns = (ImageFile.id, ImageFile.filename, ImageFile.sha256)
    rows: Any = await session.execute(select(*columns).where(ImageFile.photo_id == kept.id))
    present = {(row.filename, row.sha256): row.id for row in rows}
    rows = await session.execute(select(*columns).where(ImageFile.photo_id == merged.id).order_by(ImageFile.id))
    twins, moved = {}, []
    for row in rows:
        twin = present.get((row.filename, row.sha256))
        if twin is None:
            moved.append(row.id)
        else:
            twins[row.id] = twin
    if moved:
        await session.execute(update(ImageFile).where(ImageFile.id.in_(moved)).values(photo_id=kept.id))
    return {"files": moved, "locations": await _move_locations(session, twins)}


async def _move_locations(session: AsyncSession, twins: dict[int, int]) -> list[list[int]]:
    """Give [location, file that it was of, file that it is of now]."""
    place = (FileLocation.machine, FileLocation.volume, FileLocation.relative_path)
    rows: Any = await session.execute(
        select(FileLocation.id, FileLocation.image_file_id, *place).where(
            FileLocation.image_file_id.in_([*twins, *twins.values()])
        )
    )
    places = [(row.id, row.image_file_id, tuple(row[2:])) for row in rows]
    known = {(file_id, where) for _, file_id, where in places}
    moves = []
    for location_id, file_id, where in sorted(places):
        if file_id in twins and (twins[file_id], where) not in known:
            known.add((twins[file_id], where))
            moves.append([location_id, file_id, twins[file_id]])
    for location_id, _, to in moves:
        await session.execute(update(FileLocation).where(FileLocation.id == location_id).values(image_file_id=to))
    return moves


async def move_names(session: AsyncSession, kept: Photo, merged: Photo) -> list[list[str]]:
    """Let all names by which the other was recognised name the kept photo: neither comes in again as new."""
    moved = (
        update(PhotoIdentity)
        .where(PhotoIdentity.photo_id == merged.id)
        .values(photo_id=kept.id)
        .returning(PhotoIdentity.kind, PhotoIdentity.value)
    )
    return sorted([kind, value] for kind, value in await session.execute(moved))


async def move_items(session: AsyncSession, kept: Photo, merged: Photo) -> dict[str, Any]:
    """Put the kept photo where the other is in a collection; where both are, hand its caption over if it has none."""
    owned = select(CollectionItem.collection_id).where(CollectionItem.photo_id == merged.id)
    locked = select(Collection.id).where(Collection.id.in_(owned)).order_by(Collection.id)
    await session.execute(locked.with_for_update(key_share=True))
    query = select(CollectionItem).where(CollectionItem.photo_id.in_([kept.id, merged.id]))
    items = list(await session.scalars(query.order_by(CollectionItem.id)))
    own = {item.collection_id: item for item in items if item.photo_id == kept.id}
    moved, captions = [], []
    for item in items:
        if item.photo_id != merged.id:
            continue
        twin = own.get(item.collection_id)
        if twin is None:
            moved.append(item.id)
            item.photo_id = kept.id
        elif not twin.caption and item.caption:
            captions.append([twin.id, item.caption])
            twin.caption = item.caption
    await session.flush()
    return {"items": moved, "captions": captions}


async def move_covers(session: AsyncSession, kept: Photo, merged: Photo) -> list[int]:
    """Stacks of which the other was the cover, and the kept photo is a member."""
    covers = (
        update(PhotoStack)
        .where(PhotoStack.cover_photo_id == merged.id, PhotoStack.id == kept.stack_id)
        .values(cover_photo_id=kept.id)
        .returning(PhotoStack.id)
    )
    return list(await session.scalars(covers))


async def move_back(session: AsyncSession, record: dict[str, Any], kept_id: int, merged_id: int) -> None:
    """Undo all of the above but the row's own columns; what has moved on since stays where it is."""
    await session.execute(delete(PhotoTag).where(PhotoTag.photo_id == kept_id, PhotoTag.tag_id.in_(record["tags"])))
    await session.execute(
        update(ImageFile)
        .where(ImageFile.id.in_(record["files"]), ImageFile.photo_id == kept_id)
        .values(photo_id=merged_id)
    )
    for location_id, was, now in record["locations"]:
        same = (FileLocation.id == location_id, FileLocation.image_file_id == now)
        await session.execute(update(FileLocation).where(*same).values(image_file_id=was))
    for kind, value in record["names"]:
        named = (PhotoIdentity.kind == kind, PhotoIdentity.value == value, PhotoIdentity.photo_id == kept_id)
        await session.execute(update(PhotoIdentity).where(*named).values(photo_id=merged_id))
    held = (CollectionItem.id.in_(record["items"]), CollectionItem.photo_id == kept_id)
    await session.execute(update(CollectionItem).where(*held).values(photo_id=merged_id))
    for item_id, caption in record["captions"]:
        said = (CollectionItem.id == item_id, CollectionItem.caption == caption)
        await session.execute(update(CollectionItem).where(*said).values(caption=None))
    shows = (PhotoStack.id.in_(record["covers"]), PhotoStack.cover_photo_id == kept_id)
    await session.execute(update(PhotoStack).where(*shows).values(cover_photo_id=merged_id))

"""Statements about tags."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Literal

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.db.upsert import insert_new
from metadata_service.tables import Photo, PhotoTag, Tag

_AT_ONCE = 5000


async def ids_by_key(session: AsyncSession, owner_id: int, keys: Collection[str]) -> dict[str, int]:
    """Ids of those of the owner's tags that bear one of the names, by key."""
    query = select(Tag.name_key, Tag.id).where(Tag.owner_id == owner_id, Tag.name_key.in_(keys))
    return dict(iter(await session.execute(query)))


async def made_by_key(session: AsyncSession, owner_id: int, spelled: Mapping[str, str]) -> dict[str, int]:
    """The same, making those that are missing; `spelled` maps keys to names."""
    ids = await ids_by_key(session, owner_id, spelled)
    now = utc_now()
    missing = [
        {"owner_id": owner_id, "name": spelled[key], "name_key": key, "created_at": now, "updated_at": now}
        for key in sorted(spelled.keys() - ids.keys())  # in one order for all writers
    ]
    if missing:
        await session.execute(insert_new(session, Tag), missing)
        ids = await ids_by_key(session, owner_id, spelled)
    return ids


async def link(session: AsyncSession, links: Collection[tuple[int, Photo]]) -> int:
    """Put tags on photos, once each; give how many were new."""
    rows = [{"tag_id": tag_id, "photo_id": photo.id, "sort_ts": photo.sort_ts} for tag_id, photo in links]
    rows.sort(key=lambda row: (row["tag_id"], row["photo_id"]))
    before = await _count_links(session, links)
    if rows:
        await session.execute(insert_new(session, PhotoTag), rows)
    return len(rows) - before


async def _count_links(session: AsyncSession, links: Collection[tuple[int, Photo]]) -> int:
    tag_ids, photo_ids = {tag_id for tag_id, _ in links}, {photo.id for _, photo in links}
    wanted = {(tag_id, photo.id) for tag_id, photo in links}
    query = select(PhotoTag.tag_id, PhotoTag.photo_id).where(
        PhotoTag.tag_id.in_(tag_ids), PhotoTag.photo_id.in_(photo_ids)
    )
    return sum((tag_id, photo_id) in wanted for tag_id, photo_id in await session.execute(query))


async def unlink(session: AsyncSession, tag_ids: Collection[int], photo_ids: Collection[int]) -> int:
    """Take tags from photos; give how many there were."""
    gone = await session.execute(
        delete(PhotoTag)
        .where(PhotoTag.tag_id.in_(tag_ids), PhotoTag.photo_id.in_(photo_ids))
        .returning(PhotoTag.tag_id)
    )
    return len(gone.all())


async def carrying(session: AsyncSession, tag_ids: Collection[int], photo_ids: Collection[int]) -> dict[int, list[int]]:
    """Which of the photos each of the tags is on."""
    query = select(PhotoTag.tag_id, PhotoTag.photo_id).where(
        PhotoTag.tag_id.in_(tag_ids), PhotoTag.photo_id.in_(photo_ids)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for tag_id, photo_id in await session.execute(query.order_by(PhotoTag.tag_id, PhotoTag.photo_id)):
        found[tag_id].append(photo_id)
    return found


async def own_photos(session: AsyncSession, owner_id: int, photo_ids: Collection[int]) -> list[Photo]:
    """Those of the photos that belong to the owner."""
    return list(await session.scalars(select(Photo).where(Photo.owner_id == owner_id, Photo.id.in_(photo_ids))))


async def tags_on(session: AsyncSession, photo_id: int) -> list[Tag]:
    """A photo's tags, in the order of their names."""
    query = select(Tag).join(PhotoTag, PhotoTag.tag_id == Tag.id).where(PhotoTag.photo_id == photo_id)
    return list(await session.scalars(query.order_by(Tag.name_key)))


async def find(session: AsyncSession, owner_id: int, tag_id: int) -> Tag | None:
    """Find a tag of the owner."""
    return (await session.scalars(select(Tag).where(Tag.id == tag_id, Tag.owner_id == owner_id))).one_or_none()


def _counted(owner_id: int) -> Select[Tag, int]:
    """Tags with the number of their photos that are not in the trash."""
    live = PhotoTag.tag_id == Tag.id, PhotoTag.photo_id == Photo.id, Photo.deleted_at.is_(None)
    number = select(func.count()).select_from(PhotoTag, Photo).where(*live).correlate(Tag).scalar_subquery()
    return select(Tag, number.label("photo_count")).where(Tag.owner_id == owner_id)


async def all_counted(
    session: AsyncSession, owner_id: int, sort_by: Literal["name", "photo_count", "created_at"], *, descending: bool
) -> list[Row[Tag, int]]:
    """All tags of the owner with their numbers of photos."""
    rows = (await session.execute(_counted(owner_id).order_by(Tag.name_key))).all()
    keys = {"name": lambda row: row[0].name_key, "photo_count": lambda row: row[1], "created_at": lambda row: row[0].id}
    return sorted(rows, key=keys[sort_by], reverse=descending)


async def beginning_with(session: AsyncSession, owner_id: int, prefix: str, limit: int) -> list[tuple[Tag, int]]:
    """Tags whose key begins with the prefix, the most used first."""
    query = _counted(owner_id).where(Tag.name_key.startswith(prefix, autoescape=True))
    counted = query.subquery()
    order = select(counted.c.id, counted.c.photo_count).order_by(counted.c.photo_count.desc(), counted.c.name_key)
    ids = dict(iter(await session.execute(order.limit(limit))))
    tags = {tag.id: tag for tag in await session.scalars(select(Tag).where(Tag.id.in_(ids)))}
    return [(tags[tag_id], number) for tag_id, number in ids.items()]


async def count_photos(session: AsyncSession, owner_id: int, tag_id: int) -> int:
    """How many photos outside the trash bear the tag."""
    _, number = (await session.execute(_counted(owner_id).where(Tag.id == tag_id))).one()
    return number


async def photo_ids(session: AsyncSession, tag_id: int) -> list[int]:
    """All photos that bear the tag."""
    return list(await session.scalars(select(PhotoTag.photo_id).where(PhotoTag.tag_id == tag_id)))


async def move_links(session: AsyncSession, from_id: int, into_id: int) -> None:
    """Give the photos of one tag another instead."""
    rows = await session.execute(select(PhotoTag.photo_id, PhotoTag.sort_ts).where(PhotoTag.tag_id == from_id))
    moved = [
        {"tag_id": into_id, "photo_id": photo_id, "sort_ts": sort_ts} for photo_id, sort_ts in sorted(map(tuple, rows))
    ]
    for start in range(0, len(moved), _AT_ONCE):
        await session.execute(insert_new(session, PhotoTag), moved[start : start + _AT_ONCE])

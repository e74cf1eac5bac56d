"""Builds a library in bulk: the same rows that ingest would write, without asking it a million times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.derived.dialects import Entry
from metadata_service.derived.search import dialect_of
from metadata_service.derived.words import indexed
from metadata_service.tables import Photo, PhotoPreview, PhotoTag, Tag, User
from tests.support.library import photos
from tests.support.metadata import MetadataService, Person

_AT_ONCE: Final = 5_000
_OTHERS: Final = 1_000
_PICTURE: Final = bytes(range(256)) * 24  # six kilobytes, as a hotpreview has
_TAGS: Final = {"often": 3, "sometimes": 100, "seldom": 5_000}
_SHOWN: Final = ("title", "camera_make", "camera_model", "lens_model")


@dataclass
class Library:
    """Who is there to ask."""

    owner: Person
    other: Person
    anyone: Person
    photos: int
    tags: dict[str, int]


async def build(service: MetadataService, count: int, *, sharing: str) -> Library:
    """Make one user with `count` photos, and a thousand others who have a tenth of that together."""
    owner, other = await service.user("owner"), await service.user("other")
    async with service.database.writing() as session:
        others = await _others(session)
        tags = {name: await _tag(session, owner.user["id"], name) for name in _TAGS}
    everything = photos(owner.user["id"], count, sharing=sharing)
    for rows in _pieces(everything, _AT_ONCE):
        await _write(service, rows, tags)
    each = max(1, count // 10 // _OTHERS)
    theirs = (row for user_id in others for row in photos(user_id, each, sharing=sharing))
    for rows in _pieces(theirs, _AT_ONCE):
        await _write(service, rows, {})
    await _settle(service)
    return Library(owner, other, service.anyone(), count, tags)


async def _others(session: AsyncSession) -> list[int]:
    rows = [
        {
            "username": f"u{number}",
            "username_key": f"u{number}",
            "email": f"u{number}@example.org",
            "email_key": f"u{number}@example.org",
            "password_hash": "",
        }
        for number in range(_OTHERS)
    ]
    return list(await session.scalars(insert(User).returning(User.id), rows))


async def _tag(session: AsyncSession, owner_id: int, name: str) -> int:
    new = insert(Tag).values(owner_id=owner_id, name=name, name_key=name).returning(Tag.id)
    return (await session.scalars(new)).one()


def _pieces(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    each = iter(rows)
    while piece := list(islice(each, size)):
        yield piece


async def _write(service: MetadataService, rows: list[dict[str, Any]], tags: dict[str, int]) -> None:
    """One piece in one transaction; ids go on from the highest, because nobody else is writing."""
    async with service.database.writing() as session:
        await session.execute(insert(Photo), rows)
        ids = list(await session.scalars(select(Photo.id).order_by(Photo.id.desc()).limit(len(rows))))[::-1]
        previews = [{"photo_id": photo_id, "hotpreview": photo_id.to_bytes(8) + _PICTURE} for photo_id in ids]
        await session.execute(insert(PhotoPreview), previews)
        links = [
            {"tag_id": tag_id, "photo_id": photo_id, "sort_ts": row["sort_ts"]}
            for photo_id, row in zip(ids, rows, strict=True)
            for name, tag_id in tags.items()
            if photo_id % _TAGS[name] == 0
        ]
        if links:
            await session.execute(insert(PhotoTag), links)
        dialect = dialect_of(session)
        await session.execute(text(dialect.write), [dialect.row(_entry(*pair)) for pair in zip(ids, rows, strict=True)])


def _entry(photo_id: int, row: dict[str, Any]) -> Entry:
    who = [f"u{row['owner_id']}", *["shared"] * (row["visibility"] >= 2), *["public"] * (row["visibility"] == 3)]
    return Entry(photo_id, who, indexed(row[name] for name in _SHOWN), indexed([row["primary_filename"]]))


async def _settle(service: MetadataService) -> None:
    """What a database does by itself after a while."""
    async with service.database.writer.connect() as connection:
        if service.database.is_sqlite:
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            free = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await free.exec_driver_sql("VACUUM ANALYZE")

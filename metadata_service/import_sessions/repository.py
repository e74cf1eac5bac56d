"""Statements about import sessions."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.upsert import upsert
from metadata_service.tables import Author, ImportItem, ImportSession, Photo


async def find(
    session: AsyncSession, owner_id: int, import_id: int, *, to_change: bool = False
) -> ImportSession | None:
    """Find an owner's session; `to_change` makes other writers of it wait."""
    query = select(ImportSession).where(ImportSession.id == import_id, ImportSession.owner_id == owner_id)
    return (await session.scalars(query.with_for_update(key_share=True) if to_change else query)).one_or_none()


async def has_author(session: AsyncSession, owner_id: int, author_id: int) -> bool:
    """Whether the owner has that author."""
    query = select(Author.id).where(Author.id == author_id, Author.owner_id == owner_id)
    return await session.scalar(query) is not None


async def locked(session: AsyncSession, import_id: int) -> ImportSession:
    """The session's row, which other writers now wait for.

    The weaker lock (FOR NO KEY UPDATE): photos that arrive refer to this row, so their transactions share its key. A
    lock that shut those out would be waited for in a circle.
    """
    query = select(ImportSession).where(ImportSession.id == import_id).with_for_update(key_share=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def newest(session: AsyncSession, owner_id: int, *, limit: int, offset: int) -> list[ImportSession]:
    """A page of the owner's sessions, newest first."""
    query = select(ImportSession).where(ImportSession.owner_id == owner_id).order_by(ImportSession.id.desc())
    return list(await session.scalars(query.limit(limit).offset(offset)))


async def count(session: AsyncSession, owner_id: int) -> int:
    """How many sessions the owner has."""
    query = select(func.count()).select_from(ImportSession).where(ImportSession.owner_id == owner_id)
    return await session.scalar(query) or 0


def _photos_of(import_id: ColumnElement[int] | int) -> Select[int]:
    theirs = Photo.import_session_id == import_id, Photo.import_session_id.is_not(None), Photo.deleted_at.is_(None)
    return select(func.count()).select_from(Photo).where(*theirs)


async def count_photos(session: AsyncSession, import_id: int) -> int:
    """How many photos outside the trash came with the session."""
    return await session.scalar(_photos_of(import_id)) or 0


async def leave_photos(session: AsyncSession, import_id: int) -> None:
    """Take the session from its photos, and let those be known as changed: a foreign key would do it in silence."""
    theirs = Photo.import_session_id == import_id, Photo.import_session_id.is_not(None)
    await session.execute(update(Photo).where(*theirs).values(import_session_id=None))


async def with_photo_counts(session: AsyncSession, owner_id: int) -> list[tuple[ImportSession, int]]:
    """All sessions of the owner, newest first, each with its number of photos."""
    number = _photos_of(ImportSession.id.expression).correlate(ImportSession).scalar_subquery()
    query = select(ImportSession, number).where(ImportSession.owner_id == owner_id).order_by(ImportSession.id.desc())
    return [(row, count) for row, count in await session.execute(query)]


async def outcomes(session: AsyncSession, import_id: int, keys: Iterable[str]) -> dict[str, str]:
    """What became of things that the session met before, by key."""
    query = select(ImportItem.key, ImportItem.outcome).where(
        ImportItem.session_id == import_id, ImportItem.key.in_(set(keys))
    )
    return dict(iter(await session.execute(query)))


async def failed_files(session: AsyncSession, import_id: int, filenames: Iterable[str]) -> list[str]:
    """Keys of failures that bear one of the names."""
    query = select(ImportItem.key).where(
        ImportItem.session_id == import_id, ImportItem.outcome == "error", ImportItem.filename.in_(set(filenames))
    )
    return list(await session.scalars(query))


async def forget(session: AsyncSession, import_id: int, keys: Sequence[str]) -> None:
    """Remove items."""
    await session.execute(delete(ImportItem).where(ImportItem.session_id == import_id, ImportItem.key.in_(keys)))


async def save(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert items, or say anew what became of them."""
    changed = ("outcome", "photo_id", "filename", "detail")
    await session.execute(upsert(session, ImportItem, ("session_id", "key"), changed), rows)


async def items(session: AsyncSession, import_id: int, *, after: str, limit: int) -> list[ImportItem]:
    """A page of what the session did, by key."""
    query = select(ImportItem).where(ImportItem.session_id == import_id, ImportItem.key > after)
    return list(await session.scalars(query.order_by(ImportItem.key).limit(limit)))

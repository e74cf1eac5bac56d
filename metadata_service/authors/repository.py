"""Statements about authors."""

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import Author, Photo


async def find(session: AsyncSession, owner_id: int, author_id: int) -> Author | None:
    """Find an author of the owner."""
    query = select(Author).where(Author.id == author_id, Author.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


def _counted(owner_id: int) -> Select[Author, int]:
    theirs = Photo.author_id == Author.id, Photo.author_id.is_not(None), Photo.deleted_at.is_(None)
    number = select(func.count()).select_from(Photo).where(*theirs).correlate(Author).scalar_subquery()
    return select(Author, number).where(Author.owner_id == owner_id)


async def page(session: AsyncSession, owner_id: int, *, limit: int, offset: int) -> list[tuple[Author, int]]:
    """Authors of the owner by name, with the number of their photos outside the trash."""
    query = _counted(owner_id).order_by(func.lower(Author.name), Author.id).limit(limit).offset(offset)
    return [(author, number) for author, number in await session.execute(query)]


async def counted(session: AsyncSession, owner_id: int, author_id: int) -> tuple[Author, int] | None:
    """One author with their number of photos."""
    row = (await session.execute(_counted(owner_id).where(Author.id == author_id))).one_or_none()
    return None if row is None else (row[0], row[1])


async def leave_photos(session: AsyncSession, author_id: int) -> None:
    """Take the author from the photos, and let those be known as changed: a foreign key would do it in silence."""
    theirs = Photo.author_id == author_id, Photo.author_id.is_not(None)
    await session.execute(update(Photo).where(*theirs).values(author_id=None))


async def count(session: AsyncSession, owner_id: int) -> int:
    """How many authors the owner has."""
    return await session.scalar(select(func.count()).select_from(Author).where(Author.owner_id == owner_id)) or 0

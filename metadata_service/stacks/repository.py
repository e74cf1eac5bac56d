"""Statements about stacks."""

from collections.abc import Sequence

from sqlalchemy import Row, Select, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from metadata_service.tables import Photo, PhotoStack


async def find(session: AsyncSession, owner_id: int, stack_id: int) -> PhotoStack | None:
    """Find a stack of the owner."""
    query = select(PhotoStack).where(PhotoStack.id == stack_id, PhotoStack.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


async def page(
    session: AsyncSession, owner_id: int, *, limit: int, offset: int
) -> list[tuple[PhotoStack, int, str | None]]:
    """Stacks of the owner, newest first, each with the number of its photos and its cover's hothash."""
    inside = Photo.stack_id == PhotoStack.id, Photo.stack_id.is_not(None), Photo.deleted_at.is_(None)
    number = select(func.count()).select_from(Photo).where(*inside).correlate(PhotoStack).scalar_subquery()
    cover = aliased(Photo)
    query = (
        select(PhotoStack, number, cover.hothash)
        .outerjoin(cover, and_(cover.id == PhotoStack.cover_photo_id, cover.deleted_at.is_(None)))
        .where(PhotoStack.owner_id == owner_id)
        .order_by(PhotoStack.id.desc())
    )
    return [
        (stack, count, hothash) for stack, count, hothash in await session.execute(query.limit(limit).offset(offset))
    ]


async def leave_photos(session: AsyncSession, stack_id: int) -> None:
    """Take all photos out, and let those be known as changed: a foreign key would do it in silence."""
    inside = Photo.stack_id == stack_id, Photo.stack_id.is_not(None)
    await session.execute(update(Photo).where(*inside).values(stack_id=None))


async def count(session: AsyncSession, owner_id: int) -> int:
    """How many stacks the owner has."""
    return await session.scalar(select(func.count()).where(PhotoStack.owner_id == owner_id)) or 0


def _members(stack_id: int) -> Select[int, str]:
    inside = Photo.stack_id == stack_id, Photo.stack_id.is_not(None), Photo.deleted_at.is_(None)
    return select(Photo.id, Photo.hothash).where(*inside)


async def members(session: AsyncSession, stack_id: int) -> Sequence[Row[int, str]]:
    """(id, hothash) of the stack's photos, newest first."""
    query = _members(stack_id).order_by(Photo.sort_ts.desc(), Photo.id.desc())
    return (await session.execute(query)).all()

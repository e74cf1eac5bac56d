"""The list query: a page from each arm of what the viewer sees, merged, and only then the rows."""

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.paging import Cursor
from metadata_service.tables import Photo

_NEWEST_FIRST = (Photo.sort_ts.desc(), Photo.id.desc())


async def page(
    session: AsyncSession,
    arms: tuple[ColumnElement[bool], ...],
    *,
    limit: int,
    after: Cursor | None = None,
    offset: int = 0,
) -> list[Photo]:
    """Give up to `limit` photos, newest first, beginning after the cursor or at the offset."""
    if not arms:
        return []
    return list(await session.scalars(page_query(arms, limit=limit, after=after, offset=offset)))


def page_query(
    arms: tuple[ColumnElement[bool], ...], *, limit: int, after: Cursor | None, offset: int
) -> Select[Photo]:
    """Ask each arm for its newest, merge their ids, and fetch the rows of those that remain."""
    ids = union_all(*(_arm(arm, after, limit + offset) for arm in arms)).subquery()
    newest = (
        select(ids.c.id).order_by(ids.c.sort_ts.desc(), ids.c.id.desc()).limit(limit).offset(offset or None).subquery()
    )
    return select(Photo).join(newest, Photo.id == newest.c.id).order_by(*_NEWEST_FIRST)


def _arm(arm: ColumnElement[bool], after: Cursor | None, limit: int) -> Select[tuple[int, int]]:
    """The newest of one arm: its own ORDER BY and LIMIT let it stop early in its own index."""
    query = select(Photo.id, Photo.sort_ts).where(arm)
    if after is not None:
        query = query.where(tuple_(Photo.sort_ts, Photo.id) < tuple_(literal(after.sort_ts), literal(after.id)))
    limited = query.order_by(*_NEWEST_FIRST).limit(limit).subquery()
    return select(limited.c.id, limited.c.sort_ts)


async def count(session: AsyncSession, arms: tuple[ColumnElement[bool], ...]) -> int:
    """Count all photos of the arms."""
    total = 0
    for arm in arms:
        total += await session.scalar(select(func.count()).select_from(Photo).where(arm)) or 0
    return total

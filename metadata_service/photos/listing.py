"""Pages of photos: a page from each arm, merged by id, and only then the rows of those that remain."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.paging import Cursor
from metadata_service.photos.filters import Arm
from metadata_service.photos.order import Order
from metadata_service.photos.presenter import SHOWN
from metadata_service.tables import Photo, PhotoTag
from metadata_service.visibility import Look, day_counts

CAP: Final = 1_001
"""Where counting stops: people page through a thousand photos and scroll through a million."""

_COLUMNS: Final = tuple(getattr(Photo, name) for name in (*SHOWN, "sort_ts"))


async def page(
    session: AsyncSession,
    arms: Sequence[Arm],
    order: Order,
    *,
    limit: int,
    after: Cursor | None = None,
    offset: int = 0,
    columns: Sequence[Any] = _COLUMNS,
) -> Sequence[Row[Any]]:
    """Give up to `limit` photos in order, beginning after the cursor or at the offset."""
    if not arms:
        return []
    rows = await session.execute(page_query(arms, order, limit=limit, after=after, offset=offset, columns=columns))
    return list(rows)


def page_query(
    arms: Sequence[Arm],
    order: Order,
    *,
    limit: int,
    after: Cursor | None,
    offset: int,
    columns: Sequence[Any] = _COLUMNS,
) -> Select[Any]:
    """Ask each arm for its first, merge their keys, and fetch the rows of those that remain."""
    merged = union_all(*(_first(arm, order, after, limit + offset) for arm in arms)).subquery()
    ordered = order.sorted(*(merged.c[key] for key in order.keys))
    chosen = select(merged.c.id).order_by(*ordered).limit(limit).offset(offset or None).subquery()
    rows = select(*columns).join(chosen, Photo.id == chosen.c.id)
    return rows.order_by(*order.sorted(*(getattr(Photo, key) for key in order.keys)))


def _first(arm: Arm, order: Order, after: Cursor | None, limit: int) -> Select[Any]:
    """The first of one arm: its own ORDER BY and LIMIT let it stop early in its own index."""
    keys = [arm.key(key) for key in order.keys]
    query = of(arm, *(key.label(name) for key, name in zip(keys, order.keys, strict=True)))
    if after is not None:
        query = query.where(order.after(after, *keys))
    limited = query.order_by(*order.sorted(*keys)).limit(limit).subquery()
    return select(*limited.c)


def of(arm: Arm, *columns: Any) -> Select[Any]:
    """Select columns of the photos of one arm."""
    query = select(*columns).where(arm.where)
    if arm.tag_id is None:
        return query.select_from(Photo)
    return query.select_from(PhotoTag).join(Photo, Photo.id == PhotoTag.photo_id)


async def count(session: AsyncSession, arms: Sequence[Arm], *, exactly: bool) -> int:
    """Count the photos of the arms; unless asked exactly, no further than `CAP`."""
    if not arms:
        return 0
    each = [of(arm, arm.key("id").label("id")) for arm in arms]
    parts = (query if exactly else query.limit(CAP) for query in each)
    every = union_all(*(select(part.subquery().c.id) for part in parts))
    counted = (every if exactly else every.limit(CAP)).subquery()
    return await session.scalar(select(func.count()).select_from(counted)) or 0


async def count_all(session: AsyncSession, look: Look) -> int:
    """Count all photos of a look, from the summary of days."""
    days = day_counts(look).subquery()
    return int(await session.scalar(select(func.sum(days.c[1]))) or 0)

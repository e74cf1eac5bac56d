"""Pages of photos: a page from each arm, merged by id, and only then the rows of those that remain."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Row, Select, bindparam, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.paging import Cursor
from metadata_service.photos.filters import PHOTOS, TAGS, Arm
from metadata_service.photos.order import Order
from metadata_service.photos.presenter import SHOWN
from metadata_service.visibility import ANYONE, Look, Viewer, Visibility, day_counts, look_arms

CAP: Final = 1_001
"""Where counting stops: people page through a thousand photos and scroll through a million."""

_COLUMNS: Final = tuple(PHOTOS.c[name] for name in (*SHOWN, "sort_ts"))


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
    query = page_query(arms, order, is_after=after is not None, columns=columns)
    return list(await session.execute(query, _where(order, limit, after, offset)))


async def fingerprint(
    session: AsyncSession, arms: Sequence[Arm], order: Order, *, limit: int, after: Cursor | None
) -> tuple[int, int, datetime | None]:
    """Tell of the same photos how many they are, the sum of their ids, and when one of them changed last."""
    if not arms:
        return 0, 0, None
    columns = (PHOTOS.c.id, PHOTOS.c.updated_at)
    photos = page_query(arms, order, is_after=after is not None, columns=columns).subquery()
    query = select(func.count(), func.sum(photos.c.id), func.max(photos.c.updated_at))
    count, ids, changed = (await session.execute(query, _where(order, limit, after, 0))).one()
    return count, int(ids or 0), changed


async def page_of_look(
    session: AsyncSession, look: Look, order: Order, *, limit: int, after: Cursor | None = None, offset: int = 0
) -> Sequence[Row[Any]]:
    """The same of all photos of a look: the list that is asked for most, with a statement that is ready made."""
    query = _prepared(look.viewer.user_id is None, look.mine, look.level, order, after is not None)
    if query is None:
        return []
    parameters = _where(order, limit, after, offset) | {"viewer_id": look.viewer.user_id}
    return list(await session.execute(query, parameters))


@cache
def _prepared(
    is_anyone: bool,  # a key of the cache
    mine: bool,
    level: Visibility | None,
    order: Order,
    is_after: bool,
) -> Select[Any] | None:
    look = Look(ANYONE if is_anyone else Viewer(0), mine, level)
    arms = [Arm(where) for where in look_arms(look, faceted=order.name != "taken")]
    return page_query(arms, order, is_after=is_after) if arms else None


def _where(order: Order, limit: int, after: Cursor | None, offset: int) -> dict[str, int]:
    return {"page_limit": limit, "page_offset": offset, "page_end": limit + offset, **order.parameters(after)}


def page_query(arms: Sequence[Arm], order: Order, *, is_after: bool, columns: Sequence[Any] = _COLUMNS) -> Select[Any]:
    """Ask each arm for its first, merge their keys, and fetch the rows of those that remain."""
    merged = union_all(*(_first(arm, order, is_after=is_after) for arm in arms)).subquery()
    ordered = order.sorted(*(merged.c[key] for key in order.keys))
    chosen = select(merged.c.id).order_by(*ordered).limit(_number("page_limit")).offset(_number("page_offset"))
    page = chosen.subquery()
    rows = select(*columns).join(page, PHOTOS.c.id == page.c.id)
    return rows.order_by(*order.sorted(*(PHOTOS.c[key] for key in order.keys)))


def _first(arm: Arm, order: Order, *, is_after: bool) -> Select[Any]:
    """The first of one arm: its own ORDER BY and LIMIT let it stop early in its own index."""
    keys = [arm.key(key) for key in order.keys]
    query = of(arm, *(key.label(name) for key, name in zip(keys, order.keys, strict=True)))
    if is_after:
        query = query.where(order.after(*keys))
    limited = query.order_by(*order.sorted(*keys)).limit(_number("page_end")).subquery()
    return select(*limited.c)


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def of(arm: Arm, *columns: Any) -> Select[Any]:
    """Select columns of the photos of one arm."""
    query = select(*columns).where(arm.where)
    if arm.tag_id is None:
        return query.select_from(PHOTOS)
    return query.select_from(TAGS.join(PHOTOS, PHOTOS.c.id == TAGS.c.photo_id))


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
    sums = [select(func.sum(part.subquery().c.count)).scalar_subquery() for part in day_counts(look)]
    if not sums:
        return 0
    return sum(int(some or 0) for some in (await session.execute(select(*sums))).one())

"""Pages of photos: a page from each arm, merged by id, and only then the rows of those that remain."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Row,
    Select,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.paging import Cursor
from metadata_service.photos.filters import MEMBERS, PHOTOS, SPACES, TAGS, Arm, arms_of
from metadata_service.photos.order import Order
from metadata_service.photos.presenter import SHOWN
from metadata_service.redaction.conditions import are_times_hidden, somebody_hides_times
from metadata_service.visibility import ANYONE, Look, Viewer, Visibility, belongs, day_counts

CAP: Final = 1_001
"""Where counting stops: people page through a thousand photos and scroll through a million."""

CHANGED: Final = type_coerce(PHOTOS.c.updated_at, Text).label("changed")
"""When a photo changed, as the database keeps it: to be compared, not to be read."""

_FIRST: Final = SPACES.alias("first_of_space")
_NEXT: Final = SPACES.alias("next_of_space")
_ROWID: Final[dict[FromClause, ColumnElement[int]]] = {
    SPACES: literal_column("photo_spaces.rowid", BigInteger),
    _FIRST: literal_column("first_of_space.rowid", BigInteger),
    _NEXT: literal_column("next_of_space.rowid", BigInteger),
}
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
    query = page_query(arms, order, is_after=after is not None, columns=columns, is_sqlite=is_sqlite(session))
    return list(await session.execute(query, _where(order, limit, after, offset)))


async def fingerprint(
    session: AsyncSession, arms: Sequence[Arm], order: Order, *, limit: int, after: Cursor | None
) -> tuple[int, int, object]:
    """Tell of the same photos how many they are, the sum of their ids, and the latest of their `CHANGED`."""
    if not arms:
        return 0, 0, None
    columns = (PHOTOS.c.id, CHANGED)
    asked = page_query(arms, order, is_after=after is not None, columns=columns, is_sqlite=is_sqlite(session))
    photos = asked.subquery()
    query = select(func.count(), func.sum(photos.c.id), func.max(photos.c.changed))
    count, ids, changed = (await session.execute(query, _where(order, limit, after, 0))).one()
    return count, int(ids or 0), changed


async def page_of_look(
    session: AsyncSession, look: Look, order: Order, *, limit: int, after: Cursor | None = None, offset: int = 0
) -> Sequence[Row[Any]] | None:
    """The same of all photos of a look: the list that is asked for most, with a statement that is ready made.

    None, where somebody hides the time of photos: it knows no other order than that of the indexes.
    """
    of = (look.viewer.user_id is None, look.mine, look.level)
    query = _prepared(*of, order, is_after=after is not None, on_sqlite=is_sqlite(session))
    if query is None:
        return []
    parameters = _where(order, limit, after, offset) | {"viewer_id": look.viewer.user_id}
    found = list(await session.execute(query, parameters))
    is_veiled = found[0].is_veiled if found else not look.mine and await are_times_hidden(session, look.viewer)
    return None if is_veiled else found


@cache
def _prepared(
    is_anyone: bool,  # a key of the cache
    mine: bool,
    level: Visibility | None,
    order: Order,
    *,
    is_after: bool,
    on_sqlite: bool,
) -> Select[Any] | None:
    look = Look(ANYONE if is_anyone else Viewer(0), mine, level)
    arms = arms_of(look, faceted=order.name != "taken")
    is_veiled = literal(False) if mine else somebody_hides_times(look.viewer)  # asked with the page: no statement more
    columns = (*_COLUMNS, is_veiled.label("is_veiled"))
    return page_query(arms, order, is_after=is_after, columns=columns, is_sqlite=on_sqlite) if arms else None


def is_sqlite(session: AsyncSession) -> bool:
    """Which of the two databases is asked: few statements differ."""
    return session.get_bind().dialect.name == "sqlite"


def _where(order: Order, limit: int, after: Cursor | None, offset: int) -> dict[str, int]:
    return {"page_limit": limit, "page_offset": offset, "page_end": limit + offset, **order.parameters(after)}


def page_query(
    arms: Sequence[Arm],
    order: Order,
    *,
    is_after: bool,
    columns: Sequence[Any] = _COLUMNS,
    is_sqlite: bool,
) -> Select[Any]:
    """Ask each arm for its first, merge their keys, and fetch the rows of those that remain."""
    merged = union_all(*(_first(arm, order, is_after=is_after, is_sqlite=is_sqlite) for arm in arms)).subquery()
    ordered = order.sorted(*(merged.c[key] for key in order.keys))
    is_veiled = any(arm.told is not None for arm in arms)
    kept = [merged.c[key] for key in order.keys] if is_veiled else [merged.c.id]
    chosen = select(*kept).order_by(*ordered).limit(_number("page_limit")).offset(_number("page_offset"))
    page = chosen.subquery()
    if is_veiled and "sort_ts" in order.keys:  # what is told goes out, into rows and cursors; not what is behind it
        columns = [page.c.sort_ts if column is PHOTOS.c.sort_ts else column for column in columns]
    rows = select(*columns).join(page, PHOTOS.c.id == page.c.id)
    return rows.order_by(*order.sorted(*((page if is_veiled else PHOTOS).c[key] for key in order.keys)))


def _first(arm: Arm, order: Order, *, is_after: bool, is_sqlite: bool) -> Select[Any]:
    """The first of one arm: its own ORDER BY and LIMIT let it stop early in its own index."""
    if arm.through is not None:
        return _first_of_spaces(arm, arm.through, order, is_after=is_after, is_sqlite=is_sqlite)
    keys = [arm.key(key) for key in order.keys]
    query = of(arm, *(key.label(name) for key, name in zip(keys, order.keys, strict=True)))
    if is_after:
        query = query.where(order.after(*keys))
    limited = query.order_by(*order.sorted(*keys)).limit(_number("page_end")).subquery()
    return select(*limited.c)


def _first_of_spaces(arm: Arm, viewer: Viewer, order: Order, *, is_after: bool, is_sqlite: bool) -> Select[Any]:
    """The first of what spaces show to the viewer: no space is read further than a page."""
    if is_sqlite:
        return _merged_on_sqlite(arm, viewer, order, is_after=is_after)
    each = _of_one_space(arm, order, MEMBERS, is_after=is_after).limit(_number("page_end")).lateral()
    shown = [each.c[name].label(name) for name in order.keys]
    found = select(*shown).select_from(MEMBERS.join(each, true())).where(belongs(viewer))
    return select(*found.order_by(*order.sorted(*shown)).limit(_number("page_end")).subquery().c)


def _of_one_space(arm: Arm, order: Order, outer: FromClause, *, is_after: bool) -> Select[Any]:
    """What a space of `outer` shows, in order."""
    keys = [arm.key(key) for key in order.keys]
    shown = select(*(key.label(name) for key, name in zip(keys, order.keys, strict=True)))
    shown = shown.select_from(SPACES.join(PHOTOS, PHOTOS.c.id == SPACES.c.photo_id))
    shown = shown.where(SPACES.c.space_id == outer.c.space_id, arm.where)
    if is_after:
        shown = shown.where(order.after(*keys))
    return shown.order_by(*order.sorted(*keys)).correlate(outer)


def _merged_on_sqlite(arm: Arm, viewer: Viewer, order: Order, *, is_after: bool) -> Select[Any]:
    """The same where there is no LATERAL: a recursion whose queue holds the next photo of each space.

    SQLite takes the first of the queue by its ORDER BY, and puts in what follows in that space: as many seeks as the
    viewer has spaces, and one for each photo of the page.
    """

    def row(of: FromClause, table: FromClause, query: Select[Any]) -> Select[Any]:
        nearest = query.with_only_columns(_ROWID[SPACES]).limit(1).scalar_subquery()
        columns = (table.c.photo_id if name == "id" else table.c[name] for name in order.keys)
        named = (column.label(name) for column, name in zip(columns, order.keys, strict=True))
        return select(of.c.space_id, *named).select_from(of.join(table, _ROWID[table] == nearest))

    first = row(MEMBERS, _FIRST, _of_one_space(arm, order, MEMBERS, is_after=is_after)).where(belongs(viewer))
    queue = first.cte(recursive=True)  # without a name: a list of several ratings has an arm, and a queue, for each
    ahead = tuple_(*(queue.c[name] for name in order.keys))
    here = tuple_(*(arm.key(key) for key in order.keys))
    behind = _of_one_space(arm, order, queue, is_after=False).where(here < ahead if order.descending else here > ahead)
    direction = "DESC" if order.descending else "ASC"
    by = ", ".join(f"{place} {direction}" for place in range(2, len(order.keys) + 2))
    merged = queue.union_all(row(queue, _NEXT, behind).suffix_with(text(f"ORDER BY {by} LIMIT :page_end")))
    return select(*(merged.c[name] for name in order.keys))


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def of(arm: Arm, *columns: Any) -> Select[Any]:
    """Select columns of the photos of one arm."""
    query = select(*columns).where(arm.where)
    held = SPACES.join(PHOTOS, PHOTOS.c.id == SPACES.c.photo_id)
    if arm.through is not None:
        members = MEMBERS.join(held, SPACES.c.space_id == MEMBERS.c.space_id)
        return query.select_from(members).where(belongs(arm.through))
    if arm.space_id is not None:
        return query.select_from(held)
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

"""Queries of the timeline: counts come from the summary of days, pictures from a few seeks for each period."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, func, literal, null, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import ranges, ranges_given
from metadata_service.derived.days import bucket
from metadata_service.photos.filters import MEMBERS, PHOTOS, SPACES, Arm, dated_arms
from metadata_service.photos.listing import is_sqlite, of
from metadata_service.tables import DAY_MS, UNDATED, Photo
from metadata_service.timeline.covers import Cover
from metadata_service.timeline.periods import Period
from metadata_service.visibility import (
    ANYONE,
    Look,
    Viewer,
    Visibility,
    belongs,
    day_counts,
    kept_day_counts,
    space_day_counts,
)

Counts = Sequence[tuple[int, int]]
"""How many photos lie in each unit of time: (number of the unit, count), the newest first."""

BEST: Final = (5, 4)
"""The ratings that make a photo stand for its period, the best first."""

FEW: Final = 10_000
"""Up to so many photos of a filter are looked at one by one: faster than seeks that no index serves."""


async def summary(
    session: AsyncSession, look: Look, within: Period | None, moves: Iterable[Select[Any]] = ()
) -> tuple[Counts, int]:
    """Give the count of every day, and how many photos are undated; of a period, only its days.

    `moves` are changes of the counts, as (day, count).
    """
    parts = [select(part.subquery()) for part in (*day_counts(look), *moves)]
    if not parts:
        return [], 0
    each = union_all(*parts).subquery()
    query = select(each.c.day, func.sum(each.c.count).cast(BigInteger)).group_by(each.c.day).order_by(each.c.day.desc())
    query = query.having(func.sum(each.c.count) > 0)
    if within is not None:
        query = query.where(each.c.day >= within.first // DAY_MS, each.c.day < within.end // DAY_MS)
    # Of a long life there are ten thousand days: the session would wrap each of them.
    connection = await session.connection()
    days = [(row[0], row[1]) for row in await connection.execute(query)]
    undated = days.pop()[1] if days and days[-1][0] == UNDATED else 0
    return days, undated


async def edges(session: AsyncSession, look: Look) -> tuple[int, int] | None:
    """The first and the last day that has photos."""
    ends = []
    for part in day_counts(look):
        day = part.selected_columns[0]
        dated = part.with_only_columns(day).where(day > UNDATED)
        ends += [dated.order_by(some).limit(1).scalar_subquery() for some in (day.asc(), day.desc())]
    found = [day for day in (await session.execute(select(*ends))).one() if day is not None] if ends else []
    return (min(found), max(found)) if found else None


async def summed(session: AsyncSession, look: Look, periods: Sequence[Period]) -> list[Period]:
    """Count each period: its days in the summaries are added up by the database, those of spaces here."""
    on_sqlite = is_sqlite(session)
    wanted = ranges(is_sqlite=on_sqlite)
    sums = []
    for part in kept_day_counts(look):
        some = part.subquery()
        inside = select(func.sum(some.c.count)).where(some.c.day >= wanted.c.first, some.c.day < wanted.c.end)
        sums.append(func.coalesce(inside.correlate(wanted).scalar_subquery(), 0))
    rows = [select(wanted.c.first.label("day"), literal(False).label("is_single"), sum(sums, start=literal(0)))]
    if spaces := [select(part.subquery()) for part in space_day_counts(look)]:
        each = union_all(*spaces).subquery()
        rows.append(select(each.c.day, literal(True), func.sum(each.c.count)).group_by(each.c.day))
    days = ranges_given(((period.first // DAY_MS, period.end // DAY_MS) for period in periods), is_sqlite=on_sqlite)
    in_order = sorted(periods, key=lambda period: period.first)
    firsts = [period.first // DAY_MS for period in in_order]
    counts = dict.fromkeys(firsts, 0)
    for day, is_single, count in await session.execute(union_all(*rows), days):
        place = bisect_right(firsts, day) - 1
        if not is_single or (place >= 0 and day * DAY_MS < in_order[place].end):
            counts[firsts[place]] += int(count or 0)
    return [replace(period, count=counts[period.first // DAY_MS]) for period in periods]


async def counted(session: AsyncSession, arms: Sequence[Arm], width_ms: int, within: Period | None) -> Counts:
    """Count the photos of the arms in each period of `width_ms`, by looking at them in their index."""
    if not arms:
        return []
    each = [_inside(of(arm, bucket(width_ms, arm.key("sort_ts")).label("number")), arm, within) for arm in arms]
    numbers = union_all(*each).subquery()
    counts = select(numbers.c.number, func.count()).group_by(numbers.c.number).order_by(numbers.c.number.desc())
    return [(row[0], row[1]) for row in await session.execute(counts)]


async def photos(session: AsyncSession, arms: Sequence[Arm], within: Period) -> Sequence[Any]:
    """Give (id, sort_ts, rating, hothash) of all photos of the arms, the newest first."""
    each = [
        _inside(
            of(arm, Photo.id, arm.key("sort_ts").label("sort_ts"), Photo.rating, Photo.hothash), arm, within
        ).subquery()
        for arm in arms
    ]
    merged = union_all(*(select(part) for part in each)).subquery()
    return list(await session.execute(select(merged).order_by(merged.c.sort_ts.desc(), merged.c.id.desc())))


def _inside(query: Select[Any], arm: Arm, within: Period | None) -> Select[Any]:
    if within is None:
        return query
    return query.where(arm.key("sort_ts") >= within.first, arm.key("sort_ts") < within.end)


async def covers(
    session: AsyncSession, periods: Iterable[Period], arms: Sequence[Arm], rated: Sequence[Sequence[Arm]]
) -> dict[int, Cover]:
    """Give the cover of each period that has photos, by its first millisecond.

    `rated` holds the arms of the best rated photos, then of the second best. Each look is one seek in an index; where
    two arms have a photo, the first arm's is taken.
    """
    return await _seek_covers(session, periods, _covers_query(arms, rated, on_sqlite=is_sqlite(session)), {})


async def covers_of_look(session: AsyncSession, periods: Iterable[Period], look: Look) -> dict[int, Cover]:
    """The same of all dated photos of a look, with a statement that is ready made."""
    query = _prepared_covers(look.viewer.user_id is None, look.mine, look.level, is_sqlite(session))
    return await _seek_covers(session, periods, query, {"viewer_id": look.viewer.user_id})


async def _seek_covers(
    session: AsyncSession, periods: Iterable[Period], query: Select[Any], parameters: dict[str, Any]
) -> dict[int, Cover]:
    given = ranges_given(((period.first, period.end) for period in periods), is_sqlite=is_sqlite(session))
    return {row[0]: Cover(*row[1:]) for row in await session.execute(query, parameters | given)}


@cache
def _prepared_covers(is_anyone: bool, mine: bool, level: Visibility | None, on_sqlite: bool) -> Select[Any]:
    look = Look(ANYONE if is_anyone else Viewer(0), mine, level)
    rated = [dated_arms(look, rating=rating) for rating in BEST]
    return _covers_query(dated_arms(look), rated, on_sqlite=on_sqlite)


def _covers_query(arms: Sequence[Arm], rated: Sequence[Sequence[Arm]], *, on_sqlite: bool) -> Select[Any]:
    edges = _edges(ranges(is_sqlite=on_sqlite), arms, on_sqlite=on_sqlite)
    middle = (edges.c.earliest + edges.c.latest) // 2  # of integers: PostgreSQL has no index for a fraction
    halves = ((middle, edges.c.end, True), (edges.c.first, middle, False))
    seeks = [
        _seek(edges, arm, "id", _Range(lowest, end, ascending), on_sqlite=on_sqlite).scalar_subquery()
        for some in (*rated, arms)
        for lowest, end, ascending in halves
        for arm in some
    ]
    # Kept, and its hothashes looked up one by one: a join would let PostgreSQL read all photos and choose twice.
    chosen = select(edges, func.coalesce(*seeks, null()).label("photo_id")).cte("chosen").prefix_with("MATERIALIZED")
    hothash = select(Photo.hothash).where(Photo.id == chosen.c.photo_id).correlate(chosen).scalar_subquery()
    query = select(chosen.c.first, chosen.c.earliest, chosen.c.latest, chosen.c.photo_id, hothash)
    return query.where(chosen.c.photo_id.is_not(None))


class _Range(NamedTuple):
    """A time from `lowest` until before `end`, and from which end one looks."""

    lowest: Any
    end: Any
    ascending: bool

    def of(self, at: ColumnElement[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """The condition that `at` lies in it."""
        return at >= self.lowest, at < self.end

    def first(self, at: ColumnElement[Any]) -> ColumnElement[Any]:
        """The order in which one meets what lies in it."""
        return at.asc() if self.ascending else at.desc()


def _edges(wanted: FromClause, arms: Sequence[Arm], *, on_sqlite: bool) -> FromClause:
    """The earliest and the latest photo of each period; kept, because their middle is asked for again and again."""

    def extreme(function: Any, *, ascending: bool) -> Any:
        inside = _Range(wanted.c.first, wanted.c.end, ascending)
        seeks = (_seek(wanted, arm, "sort_ts", inside, on_sqlite=on_sqlite) for arm in arms)
        found = union_all(*(select(*seek.subquery().c) for seek in seeks)).subquery()
        return select(function(found.c.sort_ts)).scalar_subquery()

    edges = select(
        wanted.c.first,
        wanted.c.end,
        extreme(func.min, ascending=True).label("earliest"),
        extreme(func.max, ascending=False).label("latest"),
    )
    return edges.cte("edges").prefix_with("MATERIALIZED")


def _seek(outer: FromClause, arm: Arm, key: str, inside: _Range, *, on_sqlite: bool) -> Select[Any]:
    """The key of the first photo of the arm in a range of time, or of the last."""
    if arm.through is not None:
        return _seek_in_spaces(outer, arm, arm.through, key, inside, on_sqlite=on_sqlite)
    at = arm.key("sort_ts")
    query = of(arm, arm.key(key).label(key)).where(*inside.of(at))
    return query.order_by(inside.first(at)).limit(1).correlate(outer)


def _seek_in_spaces(
    outer: FromClause, arm: Arm, viewer: Viewer, key: str, inside: _Range, *, on_sqlite: bool
) -> Select[Any]:
    """The same of what spaces show: one seek in each of the viewer's spaces, and the first of what is found."""
    at = SPACES.c.sort_ts
    first = select(SPACES.c.photo_id.label("id"), at).select_from(SPACES.join(PHOTOS, PHOTOS.c.id == SPACES.c.photo_id))
    first = first.where(SPACES.c.space_id == MEMBERS.c.space_id, arm.where, *inside.of(at))
    first = first.order_by(inside.first(at)).limit(1).correlate(MEMBERS, outer)
    found: FromClause
    if on_sqlite:  # which has no LATERAL: the photo that was found is looked up again
        found = PHOTOS.alias("found")
        members = MEMBERS.join(found, found.c.id == first.with_only_columns(SPACES.c.photo_id).scalar_subquery())
    else:
        found = first.lateral("found")
        members = MEMBERS.join(found, true())
    query = select(found.c[key]).select_from(members).where(belongs(viewer))
    return query.order_by(inside.first(found.c.sort_ts)).limit(1).correlate(outer)

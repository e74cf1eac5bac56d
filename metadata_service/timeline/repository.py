"""Queries of the timeline: counts come from the summary of days, pictures from a few seeks for each period."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import FromClause, Select, func, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import pairs
from metadata_service.derived.days import bucket
from metadata_service.photos.filters import Arm
from metadata_service.photos.listing import of
from metadata_service.tables import DAY_MS, UNDATED, Photo
from metadata_service.timeline.covers import Cover
from metadata_service.timeline.periods import Period
from metadata_service.visibility import Look, day_counts

Days = list[tuple[int, int]]

FEW: Final = 10_000
"""Up to so many photos of a filter are looked at one by one: faster than seeks that no index serves."""


async def summary(session: AsyncSession, look: Look, within: Period | None) -> tuple[Days, int]:
    """Give (day, count) of every day, and how many photos are undated; of a period, only its days."""
    days: Counter[int] = Counter()
    for part in day_counts(look):
        some = part.subquery()
        query = select(some)
        if within is not None:
            query = query.where(some.c.day >= within.first // DAY_MS, some.c.day < within.end // DAY_MS)
        for day, count in await session.execute(query):
            days[day] += count
    undated = days.pop(UNDATED, 0)
    return list(days.items()), undated


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
    """Count each period, adding up its days in the database."""
    wanted = pairs(session, ((period.first // DAY_MS, period.end // DAY_MS) for period in periods), ("first", "end"))
    sums = []
    for part in day_counts(look):
        some = part.subquery()
        inside = select(func.sum(some.c.count)).where(some.c.day >= wanted.c.first, some.c.day < wanted.c.end)
        sums.append(inside.correlate(wanted).scalar_subquery())
    rows = await session.execute(select(wanted.c.first, *sums))
    counts = {row[0] * DAY_MS: sum(int(count or 0) for count in row[1:]) for row in rows}
    return [replace(period, count=counts[period.first]) for period in periods]


async def counted(session: AsyncSession, arms: Sequence[Arm], width_ms: int, within: Period | None) -> Days:
    """Count the photos of the arms in each period of `width_ms`, by looking at them in their index."""
    if not arms:
        return []
    each = [_inside(of(arm, bucket(width_ms, arm.key("sort_ts")).label("number")), arm, within) for arm in arms]
    numbers = union_all(*each).subquery()
    counts = select(numbers.c.number, func.count()).group_by(numbers.c.number)
    return [(row[0], row[1]) for row in await session.execute(counts)]


async def photos(session: AsyncSession, arms: Sequence[Arm], within: Period) -> Sequence[Any]:
    """Give (id, sort_ts, rating, hothash) of all photos of the arms, the newest first."""
    each = [
        _inside(of(arm, Photo.id, Photo.sort_ts, Photo.rating, Photo.hothash), arm, within).subquery() for arm in arms
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
    wanted = pairs(session, ((period.first, period.end) for period in periods), ("first", "end"))
    edges = _edges(wanted, arms)
    middle = (edges.c.earliest + edges.c.latest) // 2  # of integers: PostgreSQL has no index for a fraction
    ranges = ((middle, edges.c.end, True), (edges.c.first, middle, False))
    seeks = [
        _seek(edges, arm, "id", lowest, end, ascending=ascending).scalar_subquery()
        for some in (*rated, arms)
        for lowest, end, ascending in ranges
        for arm in some
    ]
    # Kept, and its hothashes looked up one by one: a join would let PostgreSQL read all photos and choose twice.
    chosen = select(edges, func.coalesce(*seeks, null()).label("photo_id")).cte("chosen").prefix_with("MATERIALIZED")
    hothash = select(Photo.hothash).where(Photo.id == chosen.c.photo_id).correlate(chosen).scalar_subquery()
    query = select(chosen.c.first, chosen.c.earliest, chosen.c.latest, chosen.c.photo_id, hothash)
    rows = await session.execute(query.where(chosen.c.photo_id.is_not(None)))
    return {row[0]: Cover(*row[1:]) for row in rows}


def _edges(wanted: FromClause, arms: Sequence[Arm]) -> FromClause:
    """The earliest and the latest photo of each period; kept, because their middle is asked for again and again."""

    def extreme(function: Any, *, ascending: bool) -> Any:
        seeks = (_seek(wanted, arm, "sort_ts", wanted.c.first, wanted.c.end, ascending=ascending) for arm in arms)
        found = union_all(*(select(*seek.subquery().c) for seek in seeks)).subquery()
        return select(function(found.c.sort_ts)).scalar_subquery()

    edges = select(
        wanted.c.first,
        wanted.c.end,
        extreme(func.min, ascending=True).label("earliest"),
        extreme(func.max, ascending=False).label("latest"),
    )
    return edges.cte("edges").prefix_with("MATERIALIZED")


def _seek(outer: FromClause, arm: Arm, key: str, lowest: Any, end: Any, *, ascending: bool) -> Select[Any]:
    """The key of the first photo of the arm from `lowest` until before `end`, or of the last."""
    at = arm.key("sort_ts")
    query = of(arm, arm.key(key).label(key)).where(at >= lowest, at < end)
    return query.order_by(at.asc() if ascending else at.desc()).limit(1).correlate(outer)

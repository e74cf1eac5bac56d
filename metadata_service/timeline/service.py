"""Tells a viewer how many photos lie where in time, and shows one of each period."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos import filters
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.filters import Arm
from metadata_service.photos.order import Order
from metadata_service.tables import DAY_MS
from metadata_service.timeline import behind, repository
from metadata_service.timeline.covers import Cover, covers_of
from metadata_service.timeline.periods import (
    HOUR_MS,
    UNDATED_PERIOD,
    Granularity,
    Period,
    calendar,
    rolled_up,
    wall_clock,
)
from metadata_service.timeline.repository import Counts
from metadata_service.timeline.schemas import PeriodCriteria, TimelineQuery
from metadata_service.visibility import Viewer

_NEWEST_FIRST: Final = Order()


async def timeline(session: AsyncSession, viewer: Viewer, asked: TimelineQuery) -> dict[str, Any]:
    """Give the periods that have photos, each with its count, its edges and a picture."""
    veiled = await _veiled(session, viewer, asked)
    shown, total_periods, total_photos, undated = await _periods(session, viewer, asked, veiled)
    covers = await _covers(session, viewer, asked, shown, veiled)
    return {
        # A period whose last photo went away between two statements has none to show.
        "data": [_told(period, covers[period.first], asked.granularity) for period in shown if period.first in covers],
        "meta": {
            "granularity": asked.granularity,
            "total_photos": total_photos,
            f"total_{asked.granularity}s": total_periods,
            "undated_photos": undated if asked.year is None else None,
            "year": asked.year,
            "month": asked.month,
            "day": asked.day,
        },
    }


class _Periods(NamedTuple):
    """The newest periods, as many as were asked for, and how many there are in all."""

    shown: Sequence[Period]
    total_periods: int
    total_photos: int
    undated: int | None


async def _periods(session: AsyncSession, viewer: Viewer, asked: TimelineQuery, veiled: Sequence[Arm]) -> _Periods:
    """Count: hours by looking at the photos of their day, days as they are kept, longer periods by adding days up."""
    if asked.granularity == "hour":
        arms = await filters.arms(session, viewer, asked.criteria(), _NEWEST_FIRST)
        hours = await repository.counted(session, arms, HOUR_MS, asked.within)
        return _newest([Period(hour * HOUR_MS, (hour + 1) * HOUR_MS, count) for hour, count in hours], asked, None)
    if asked.granularity == "day":  # of which there may be ten thousand: only those shown become periods
        days, undated = await _days(session, viewer, asked, veiled)
        shown = rolled_up(days[: asked.limit], "day")
        return _Periods(shown, len(days), sum(count for _, count in days), undated)
    if veiled or not _is_summed(viewer, asked):
        days, undated = await _days(session, viewer, asked, veiled)
        return _newest(rolled_up(days, asked.granularity), asked, undated)
    look = asked.look(viewer)
    ends = await repository.edges(session, look)
    periods = calendar(ends, asked.granularity, asked.within) if ends else []
    *counted, undated_period = await repository.summed(session, look, [*periods, UNDATED_PERIOD])
    return _newest([period for period in counted if period.count], asked, undated_period.count)


def _newest(periods: Sequence[Period], asked: TimelineQuery, undated: int | None) -> _Periods:
    return _Periods(periods[: asked.limit], len(periods), sum(period.count for period in periods), undated)


async def days_of(session: AsyncSession, viewer: Viewer, asked: PeriodCriteria) -> tuple[Counts, int | None]:
    """Count photos by day, and the undated ones: of all photos from the summary, of filtered ones by looking."""
    veiled = await _veiled(session, viewer, asked)
    return await _days(session, viewer, asked, veiled)


async def _days(
    session: AsyncSession, viewer: Viewer, asked: PeriodCriteria, veiled: Sequence[Arm]
) -> tuple[Counts, int | None]:
    if _is_summed(viewer, asked):
        return await repository.summary(session, asked.look(viewer), asked.within, behind.moves(veiled))
    arms = await filters.arms(session, viewer, asked.criteria(), _NEWEST_FIRST)
    return await repository.counted(session, arms, DAY_MS, asked.within), None


async def _veiled(session: AsyncSession, viewer: Viewer, asked: PeriodCriteria) -> Sequence[Arm]:
    """Photos that hide their time, where the summaries count, which know but their own days."""
    if not _is_summed(viewer, asked):
        return ()
    return await filters.veiled_arms(session, viewer, asked.criteria(), _NEWEST_FIRST)


def _is_summed(viewer: Viewer, asked: PeriodCriteria) -> bool:
    """Whether the summaries know the answer: they count for people, not for the eyes that an owner looks through."""
    return viewer.eyes is None and asked.is_open()


async def _covers(
    session: AsyncSession, viewer: Viewer, asked: PeriodCriteria, periods: Sequence[Period], veiled: Sequence[Arm]
) -> Mapping[int, Cover]:
    """Choose pictures by seeks in an index; where a filter leaves few photos, by looking at them all."""
    if not periods:
        return {}
    if _is_summed(viewer, asked) and not veiled:
        return await repository.covers_of_look(session, periods, asked.look(viewer))
    criteria = asked.criteria()
    arms = await filters.arms(session, viewer, criteria, _NEWEST_FIRST)
    if sum(period.count for period in periods) <= repository.FEW:
        within = Period(periods[-1].first, periods[0].end)
        return covers_of(periods, await repository.photos(session, arms, within))
    rated = [
        _unveiled(await filters.arms(session, viewer, _exactly(criteria, best), _NEWEST_FIRST))
        for best in repository.BEST
        if (criteria.rating_min or 0) <= best <= (5 if criteria.rating_max is None else criteria.rating_max)
    ]
    found = await repository.covers(session, periods, _unveiled(arms), rated)
    hidden = [arm for arm in arms if arm.told is not None]
    return await behind.pictured(session, periods, found, hidden) if hidden else found


def _unveiled(arms: Sequence[Arm]) -> list[Arm]:
    """Those that an index serves in the order of time."""
    return [arm for arm in arms if arm.told is None]


def _exactly(criteria: Criteria, rating: int) -> Criteria:
    return criteria.model_copy(update={"rating_min": rating, "rating_max": rating})


def _told(period: Period, cover: Cover, granularity: Granularity) -> dict[str, Any]:
    at = wall_clock(period.first)
    parts = {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour}
    kept = list(parts)[: list(parts).index(granularity) + 1]
    return {
        **{name: parts[name] if name in kept else None for name in parts},
        "count": period.count,
        "preview_photo_id": cover.photo_id,
        "preview_hothash": cover.hothash,
        "preview_url": f"/api/v1/photos/{cover.photo_id}/hotpreview",
        "date_range": {"first": wall_clock(cover.earliest), "last": wall_clock(cover.latest)},
    }

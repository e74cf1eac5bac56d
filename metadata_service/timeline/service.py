"""Tells a viewer how many photos lie where in time, and shows one of each period."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos import filters
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.order import Order
from metadata_service.tables import DAY_MS
from metadata_service.timeline import repository
from metadata_service.timeline.covers import Cover, covers_of
from metadata_service.timeline.periods import HOUR_MS, Granularity, Period, rolled_up, wall_clock
from metadata_service.timeline.repository import Days
from metadata_service.timeline.schemas import PeriodCriteria, TimelineQuery
from metadata_service.visibility import Viewer

_BEST: Final = (5, 4)
_NEWEST_FIRST: Final = Order()


async def timeline(session: AsyncSession, viewer: Viewer, asked: TimelineQuery) -> dict[str, Any]:
    """Give the periods that have photos, each with its count, its edges and a picture."""
    days, undated = await days_of(session, viewer, asked)
    if asked.granularity == "hour":
        days = await _hours(session, viewer, asked)
    periods = _periods(days, asked.granularity)
    shown = periods[: asked.limit]
    covers = await _covers(session, viewer, asked, shown)
    return {
        # A period whose last photo went away between two statements has none to show.
        "data": [_told(period, covers[period.first], asked.granularity) for period in shown if period.first in covers],
        "meta": {
            "granularity": asked.granularity,
            "total_photos": sum(period.count for period in periods),
            f"total_{asked.granularity}s": len(periods),
            "undated_photos": undated if asked.year is None else None,
            "year": asked.year,
            "month": asked.month,
            "day": asked.day,
        },
    }


async def days_of(session: AsyncSession, viewer: Viewer, asked: PeriodCriteria) -> tuple[Days, int | None]:
    """Count photos by day, and the undated ones: of all photos from the summary, of filtered ones by looking."""
    if not asked.is_open():
        arms = await filters.arms(session, viewer, asked.criteria(), _NEWEST_FIRST)
        return await repository.counted(session, arms, DAY_MS, asked.within), None
    days, undated = await repository.summary(session, asked.look(viewer))
    if (within := asked.within) is not None:
        days = [(day, count) for day, count in days if within.first <= day * DAY_MS < within.end]
    return days, undated


async def _hours(session: AsyncSession, viewer: Viewer, asked: PeriodCriteria) -> Days:
    arms = await filters.arms(session, viewer, asked.criteria(), _NEWEST_FIRST)
    return await repository.counted(session, arms, HOUR_MS, asked.within)


def _periods(days: Days, granularity: Granularity) -> list[Period]:
    if granularity != "hour":
        return rolled_up(days, granularity)
    return [Period(hour * HOUR_MS, (hour + 1) * HOUR_MS, count) for hour, count in sorted(days, reverse=True)]


async def _covers(
    session: AsyncSession, viewer: Viewer, asked: PeriodCriteria, periods: Sequence[Period]
) -> Mapping[int, Cover]:
    """Choose pictures by seeks in an index; where a filter leaves few photos, by looking at them all."""
    if not periods:
        return {}
    criteria = asked.criteria()
    arms = await filters.arms(session, viewer, criteria, _NEWEST_FIRST)
    is_filtered = not asked.is_open()
    if is_filtered and sum(period.count for period in periods) <= repository.FEW:
        within = Period(periods[-1].first, periods[0].end)
        return covers_of(periods, await repository.photos(session, arms, within))
    rated = [
        await filters.arms(session, viewer, _exactly(criteria, best), _NEWEST_FIRST)
        for best in _BEST
        if (criteria.rating_min or 0) <= best <= (5 if criteria.rating_max is None else criteria.rating_max)
    ]
    return await repository.covers(session, periods, arms, rated)


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

"""Photos that hide their time: counted and pictured at the day that is told, in no way at their own.

The summaries count them by their own days; so much is moved from there. What is looked at here are heaps, as many as
there are days, and not photos.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import among
from metadata_service.derived.days import bucket
from metadata_service.photos.filters import Arm
from metadata_service.photos.listing import of
from metadata_service.tables import DAY_MS, Photo
from metadata_service.timeline.covers import Cover
from metadata_service.timeline.periods import Period
from metadata_service.timeline.repository import Counts


class Heap(NamedTuple):
    """Photos of one `day` that are told to be of `told`, in milliseconds; one of them stands for all."""

    day: int
    told: int
    photos: int
    photo_id: int


async def heaps(session: AsyncSession, arms: Sequence[Arm]) -> list[Heap]:
    """Heap up the photos of arms that hide their time."""
    if not arms:
        return []
    each = (
        of(arm, bucket(DAY_MS, Photo.sort_ts).label("day"), arm.key("sort_ts").label("told"), Photo.id.label("id"))
        for arm in arms
    )
    photos = union_all(*each).subquery()
    heap = select(photos.c.day, photos.c.told, func.count(), func.max(photos.c.id))
    return [Heap(*row) for row in await session.execute(heap.group_by(photos.c.day, photos.c.told))]


def moved(days: Counts, found: Sequence[Heap], within: Period | None) -> Counts:
    """Count heaps at the days that are told instead of their own."""
    if not found:
        return days
    counts = dict(days)
    for heap in found:
        for day, change in ((heap.day, -heap.photos), (heap.told // DAY_MS, heap.photos)):
            if within is None or within.first <= day * DAY_MS < within.end:
                counts[day] = counts.get(day, 0) + change
    return sorted(((day, count) for day, count in counts.items() if count > 0), reverse=True)


async def pictured(
    session: AsyncSession, periods: Sequence[Period], covers: Mapping[int, Cover], found: Sequence[Heap]
) -> dict[int, Cover]:
    """Widen the edges of periods by the heaps that are told to lie in them; where nothing else does, show one."""
    inside = _by_period(periods, found)
    newest = {first: max(some, key=lambda heap: (heap.told, heap.photo_id)) for first, some in inside.items()}
    names = select(Photo.id, Photo.hothash).where(Photo.id.in_(among(session, (h.photo_id for h in newest.values()))))
    hothashes = dict(iter(await session.execute(names)))
    pictured = dict(covers)
    for first, some in inside.items():
        shown = newest[first]
        if shown.photo_id in hothashes:
            cover = covers.get(first) or Cover(shown.told, shown.told, shown.photo_id, hothashes[shown.photo_id])
            told = [heap.told for heap in some]
            pictured[first] = cover._replace(earliest=min(cover.earliest, *told), latest=max(cover.latest, *told))
    return pictured


def _by_period(periods: Sequence[Period], found: Sequence[Heap]) -> dict[int, list[Heap]]:
    """Heaps by the first millisecond of their period; periods come newest first, and not all of them."""
    in_order = periods[::-1]
    firsts = [period.first for period in in_order]
    inside: dict[int, list[Heap]] = {}
    for heap in found:
        place = bisect_right(firsts, heap.told) - 1
        if place >= 0 and heap.told < in_order[place].end:
            inside.setdefault(firsts[place], []).append(heap)
    return inside

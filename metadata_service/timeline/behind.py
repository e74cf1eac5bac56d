"""Photos that hide their time: counted and pictured at the moment that is told, in no way at their own."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import among
from metadata_service.derived.days import bucket
from metadata_service.photos.filters import Arm
from metadata_service.photos.listing import of
from metadata_service.tables import DAY_MS, Photo
from metadata_service.timeline.covers import Cover
from metadata_service.timeline.periods import Period


def moves(arms: Sequence[Arm]) -> Iterator[Select[Any]]:
    """What changes in counts of days, as (day, count): less where a photo lies, more where it is told to lie.

    To be added up in one statement with the summaries: between two, a photo might come that only one of them knows.
    """
    for arm in arms:
        yield of(arm, bucket(DAY_MS, Photo.sort_ts).label("day"), literal(-1).label("count"))
        yield of(arm, bucket(DAY_MS, arm.key("sort_ts")).label("day"), literal(1).label("count"))


class Heap(NamedTuple):
    """Photos that are told to be of one moment, in milliseconds; the one that came last stands for all."""

    told: int
    photo_id: int


async def pictured(
    session: AsyncSession, periods: Sequence[Period], covers: Mapping[int, Cover], arms: Sequence[Arm]
) -> dict[int, Cover]:
    """Widen the edges of periods by the photos that are told to lie in them; where nothing else does, show one."""
    pictured = dict(covers)
    inside = _by_period(periods, await _heaps(session, arms))
    newest = {first: max(heaps) for first, heaps in inside.items()}
    wanted = among(session, (heap.photo_id for heap in newest.values()))
    hothashes: dict[int, str] = dict(
        iter(await session.execute(select(Photo.id, Photo.hothash).where(Photo.id.in_(wanted))))
    )
    for first, heaps in inside.items():
        photo_id = newest[first].photo_id
        if photo_id in hothashes:
            edges = min(heaps).told, newest[first].told
            cover = covers.get(first) or Cover(*edges, photo_id, hothashes[photo_id])
            pictured[first] = cover._replace(earliest=min(cover.earliest, edges[0]), latest=max(cover.latest, edges[1]))
    return pictured


async def _heaps(session: AsyncSession, arms: Sequence[Arm]) -> list[Heap]:
    each = (of(arm, arm.key("sort_ts").label("told"), Photo.id.label("id")) for arm in arms)
    photos = union_all(*each).subquery()
    heaps = select(photos.c.told, func.max(photos.c.id)).group_by(photos.c.told)
    return [Heap(*row) for row in await session.execute(heaps)]


def _by_period(periods: Sequence[Period], heaps: Sequence[Heap]) -> dict[int, list[Heap]]:
    """Heaps by the first millisecond of their period; periods come newest first, and not all of them."""
    in_order = periods[::-1]
    firsts = [period.first for period in in_order]
    inside: dict[int, list[Heap]] = {}
    for heap in heaps:
        place = bisect_right(firsts, heap.told) - 1
        if place >= 0 and heap.told < in_order[place].end:
            inside.setdefault(firsts[place], []).append(heap)
    return inside

"""The calendar: periods of a timeline as ranges of milliseconds of the wall clock, half open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final, Literal

from metadata_service.tables import DAY_MS, UNDATED

Granularity = Literal["year", "month", "day", "hour"]
HOUR_MS: Final = 3_600_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_BEYOND: Final = date.max.toordinal() + 1
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` until before `end`, with that many photos."""

    first: int
    end: int
    count: int = 0


UNDATED_PERIOD: Final = Period(UNDATED * DAY_MS, (UNDATED + 1) * DAY_MS)
"""Where the summaries count the photos that nobody knows the time of."""


def wall_clock(milliseconds: int) -> datetime:
    """The time that stands for so many milliseconds."""
    return (_START + timedelta(milliseconds=milliseconds)).replace(tzinfo=None)


def named(year: int | None, month: int | None, day: int | None) -> Period | None:
    """The period of a year, a month or a day; raise `ValueError` for a day that no month has."""
    if year is None:
        return None
    first = date(year, month or 1, day or 1)
    if day is not None:
        return _period(first, first.toordinal() + 1)
    return _period(first, _after(first, "year" if month is None else "month"))


def calendar(ends: tuple[int, int], granularity: Granularity, within: Period | None) -> list[Period]:
    """The periods from the first until the last day of `ends` that lie in `within`, the newest first."""
    first, last = ends
    if within is not None:
        first, last = max(first, within.first // DAY_MS), min(last, within.end // DAY_MS - 1)
    found = []
    while first <= last:
        begin = _begin(first, granularity)
        found.append(_period(begin, _after(begin, granularity)))
        first = found[-1].end // DAY_MS
    return found[::-1]


def rolled_up(days: Iterable[tuple[int, int]], granularity: Granularity) -> list[Period]:
    """Add up (day, count), the newest first, to periods in the same order."""
    if granularity == "day":
        return [Period(day * DAY_MS, (day + 1) * DAY_MS, count) for day, count in days]
    found = []
    for first, group in groupby(days, lambda item: _begin(item[0], granularity)):
        period = _period(first, _after(first, granularity))
        found.append(Period(period.first, period.end, sum(count for _, count in group)))
    return found


def packed(counts: Sequence[tuple[int, int]], most: int, width_ms: int) -> Iterator[Period]:
    """Put whole units of `width_ms`, the newest first, into segments of at most `most` photos in the same order.

    Segments meet without gaps, so that a photo that comes to an empty day in between lies in one too. A unit with more
    than `most` is a segment by itself.
    """
    first = end = counts[0][0] + 1 if counts else 0
    held = 0
    for unit, count in counts:
        if held and held + count > most:
            yield Period(first * width_ms, end * width_ms, held)
            end, held = first, 0
        first, held = unit, held + count
    if held:
        yield Period(first * width_ms, end * width_ms, held)


def _begin(day: int, granularity: Granularity) -> date:
    at = date.fromordinal(day + _EPOCH)
    if granularity == "year":
        return date(at.year, 1, 1)
    return date(at.year, at.month, 1) if granularity == "month" else at


def _after(first: date, granularity: Granularity) -> int:
    """The ordinal of the day after the period; there is no year 10000, but there is a day before it."""
    if granularity == "day":
        return first.toordinal() + 1
    year = first.year + (granularity == "year" or first.month == 12)
    if year > date.max.year:
        return _BEYOND
    return date(year, 1 if granularity == "year" else first.month % 12 + 1, 1).toordinal()


def _period(first: date, end: int) -> Period:
    return Period((first.toordinal() - _EPOCH) * DAY_MS, (end - _EPOCH) * DAY_MS)

"""Which photo stands for a period.

Of the best rated (five stars, else four, else all), the first at or after the middle between the period's earliest
and latest photo, else the last before it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from metadata_service.timeline.periods import Period


class Cover(NamedTuple):
    """The photo that stands for a period, and the edges of what it stands for."""

    earliest: int
    latest: int
    photo_id: int
    hothash: str


def covers_of(periods: Sequence[Period], photos: Iterable[Any]) -> dict[int, Cover]:
    """Choose for each period; `photos` come with (id, sort_ts, rating, hothash), the newest first, as periods do."""
    found: dict[int, Cover] = {}
    waiting = iter(photos)
    photo = next(waiting, None)
    for period in periods:
        members = []
        while photo is not None and photo.sort_ts >= period.first:
            members.append(photo)
            photo = next(waiting, None)
        if members:
            found[period.first] = _cover(members[::-1])
    return found


def _cover(members: Sequence[Any]) -> Cover:
    """Choose from photos in order of time."""
    earliest, latest = members[0].sort_ts, members[-1].sort_ts
    best = max(member.rating if member.rating >= 4 else 0 for member in members)
    candidates = [member for member in members if member.rating >= best]
    middle = (earliest + latest) // 2
    chosen = next((member for member in candidates if member.sort_ts >= middle), candidates[-1])
    return Cover(earliest, latest, chosen.id, chosen.hothash)

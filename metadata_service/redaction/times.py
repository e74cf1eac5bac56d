"""How exactly it is told when a photo was taken."""

from datetime import datetime
from enum import IntEnum
from typing import Final, Literal

TimeName = Literal["month", "day", "exact"]


class Time(IntEnum):
    """The part of the wall-clock time that is told."""

    MONTH = 0
    DAY = 1
    EXACT = 2

    @property
    def word(self) -> TimeName:
        """The name on the wire."""
        return _TIMES[self]


_TIMES: Final[dict[Time, TimeName]] = {Time.MONTH: "month", Time.DAY: "day", Time.EXACT: "exact"}


def told_at(taken_at: datetime, time: Time) -> datetime:
    """The first moment of the day or the month that is told; the time itself where all of it is."""
    if time is Time.EXACT:
        return taken_at
    midnight = taken_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if time is Time.DAY else midnight.replace(day=1)

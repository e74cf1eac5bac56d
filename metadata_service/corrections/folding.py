"""What corrections make of a camera's values: pure functions, each step applied to the outcome of those before it.

A step is kept as JSON with the name of what it does as `op`. A shift stays a shift: when the camera's value is read
anew, or a step below is undone, it moves the new value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

EARLIEST: Final = datetime(1800, 1, 1)  # noqa: DTZ001  # a wall clock has no zone
"""No photograph is older; core_service reads no older date either."""
LATEST: Final = datetime(2999, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001
CORRECTED: Final = "correction"
"""The `taken_at_source` of a time that a person corrected."""

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Time:
    """When: a wall clock, its offset from UTC, and what says so."""

    taken_at: datetime | None
    taken_at_offset: str | None
    taken_at_source: str | None

    def columns(self) -> dict[str, Any]:
        """As the columns of a photo."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Place:
    """Where, in degrees and metres."""

    gps_latitude: float | None
    gps_longitude: float | None
    gps_altitude: float | None

    def columns(self) -> dict[str, Any]:
        """As the columns of a photo."""
        return {name: getattr(self, name) for name in self.__slots__}


def is_in_range(taken_at: datetime) -> bool:
    """Tell whether a photo may be said to be taken then."""
    return EARLIEST <= taken_at <= LATEST


def shifted(taken_at: datetime, milliseconds: int) -> datetime | None:
    """Move a wall clock; None when that leads out of range."""
    try:
        moved = taken_at + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return moved if is_in_range(moved) else None


def fold_time(said: Time, steps: Iterable[Step]) -> Time:
    """Apply the steps that concern time to what the camera said."""
    for step in steps:
        said = _timed(said, step)
    return said


def _timed(time: Time, step: Step) -> Time:
    match step["op"]:
        case "set_time":
            taken_at = None if step["taken_at"] is None else datetime.fromisoformat(step["taken_at"])
            return Time(taken_at, step.get("offset", time.taken_at_offset), CORRECTED)
        case "shift":
            moved = None if time.taken_at is None else shifted(time.taken_at, step["milliseconds"])
            return time if moved is None else replace(time, taken_at=moved, taken_at_source=CORRECTED)
        case "offset":
            return replace(time, taken_at_offset=step["offset"])
    return time


def fold_place(said: Place, steps: Iterable[Step]) -> Place:
    """Apply the steps that concern the place: the last one counts."""
    for step in steps:
        if step["op"] == "no_place":
            said = Place(None, None, None)
        elif step["op"] == "place":
            said = Place(step["latitude"], step["longitude"], step.get("altitude"))
    return said


def fold_view(steps: Iterable[Step]) -> dict[str, Any] | None:
    """The hints of the last step; None when it has none."""
    hints: dict[str, Any] = {}
    for step in steps:
        hints = {name: value for name, value in step.items() if name != "op" and value is not None}
    return hints or None

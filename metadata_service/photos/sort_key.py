"""The number that orders every list of photos."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def sort_ts(taken_at: datetime | None, created_at: datetime) -> int:
    """Milliseconds since 1970 of the wall clock read as UTC; an undated photo sorts by when it came."""
    return (created_at - _EPOCH) // _MILLISECOND if taken_at is None else wall_ms(taken_at)


def wall_ms(wall_clock: datetime) -> int:
    """The same number for a wall-clock time that is known."""
    return (wall_clock.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND

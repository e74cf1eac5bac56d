"""Ids that nobody guesses and that sort by when they were made: UUIDs of version 7 (RFC 9562, 5.7)."""

import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

_VERSION: Final = 7
_VARIANT: Final = 2 << 62


def new_id() -> UUID:
    """Make one: 48 bits of milliseconds, 12 that count within one, then chance. Each is greater than the one before."""
    return UUID(int=next(_moments) << 62 | secrets.randbits(62) | _VARIANT)


def _count() -> Iterator[int]:
    """Milliseconds, the version and a counter, as 66 bits; where the counter is used up, a moment of the future."""
    last = 0
    while True:
        last = max(last + 1, time.time_ns() // 1_000_000 << 12)
        milliseconds, counter = divmod(last, 1 << 12)
        yield milliseconds << 18 | _VERSION << 14 | counter << 2


_moments: Final = _count()


def made_at(made: UUID) -> datetime:
    """Tell when an id was made."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def first_of(moment: datetime) -> UUID:
    """The least id of a moment, to compare with."""
    return UUID(int=max(int(moment.timestamp() * 1000), 0) << 80)

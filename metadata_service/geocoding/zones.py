"""The time zone of a position, and its offset from UTC at a wall-clock time there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzfpy

_WIDEST: Final = timedelta(hours=14)

Moment = tuple[float, float, datetime]
"""Latitude, longitude, and what the clock shows there."""


@dataclass(frozen=True, slots=True)
class ZoneOffset:
    """A zone by its name in the IANA database, and the offset there and then, such as `+02:00`."""

    zone: str
    offset: str


async def offsets(moments: Sequence[Moment]) -> list[ZoneOffset | None]:
    """Find the offsets, in a thread: the map of zones is unpacked when the first is asked for.

    None at sea, where a map of zones says where the sun stands, and not what a ship's or a camera's clock shows.
    """
    return await asyncio.to_thread(lambda: [_offset(*moment) for moment in moments])


def _offset(latitude: float, longitude: float, wall: datetime) -> ZoneOffset | None:
    """In the hour that a clock shows twice, the first is meant: nothing tells the two apart."""
    name = tzfpy.get_tz(longitude, latitude)
    if not name or name.startswith("Etc/"):
        return None
    try:
        offset = wall.replace(tzinfo=ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, OverflowError):
        return None
    if offset is None or abs(offset) > _WIDEST:
        return None
    minutes = round(offset / timedelta(minutes=1))
    return ZoneOffset(name, f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}")

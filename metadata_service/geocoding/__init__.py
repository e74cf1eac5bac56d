"""Where on Earth, in words: offline, from a list of the world's cities that comes with the code."""

import asyncio
from collections.abc import Sequence
from functools import cache

from metadata_service.geocoding.atlas import NOWHERE, Atlas, PlaceName
from metadata_service.geocoding.countries import country_of

__all__ = ["PlaceName", "Point", "country_of", "names"]

Point = tuple[float | None, float | None]
"""Latitude and longitude in degrees."""

_atlas = cache(Atlas)


async def names(points: Sequence[Point]) -> list[PlaceName]:
    """Name points, in a thread; the list of cities is read when the first point comes."""
    if all(latitude is None or longitude is None for latitude, longitude in points):
        return [NOWHERE] * len(points)
    return await asyncio.to_thread(_names, points)


def _names(points: Sequence[Point]) -> list[PlaceName]:
    atlas = _atlas()
    return [
        NOWHERE if latitude is None or longitude is None else atlas.name(latitude, longitude)
        for latitude, longitude in points
    ]

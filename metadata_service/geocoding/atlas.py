"""Names places from a list of the world's cities: the nearest one that counts, its region and its country.

Cities lie in bands of latitude, in each from west to east, so that those near a point are a few short runs. A city
counts as nearer the larger it is: who stands in a quarter of Sydney is in Sydney.
"""

import json
import lzma
import math
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metadata_service.geocoding.countries import name_of

ATLAS: Final = Path(__file__).with_name("atlas.xz")
BANDS_PER_DEGREE: Final = 10
PER_DEGREE: Final = 10_000
"""Coordinates are whole numbers of so many parts of a degree, some ten metres each."""
_KM_PER_DEGREE: Final = 111.2
_REACHES: Final = (4.0, 25.0, 120.0)
"""Kilometres to look around a point: soon, then further."""
_CITY_KM: Final = 50.0
"""Further from a city one is not in it, but still in its region and country."""
_PULL: Final = 0.003
"""Kilometres that a city gains for the root of each inhabitant: nine for one of nine million."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place in words; nothing at sea and far from people."""

    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None

    def columns(self) -> dict[str, str | None]:
        """As the columns of a photo."""
        return {name: getattr(self, name) for name in self.__slots__}


NOWHERE: Final = PlaceName()


class Atlas:
    """All cities of more than a thousand people, in memory."""

    def __init__(self) -> None:
        """Unpack the list; that takes a third of a second."""
        header, _, body = lzma.decompress(ATLAS.read_bytes()).partition(b"\n")
        parts = iter(_split(body, json.loads(header)["parts"]))
        self._latitudes = _numbers("i", next(parts))
        self._longitudes = _numbers("i", next(parts))
        self._weights = _numbers("H", next(parts))
        self._regions_of = _numbers("H", next(parts))
        self._cities = next(parts).decode().split("\n")
        self._regions = [line.split("\t") for line in next(parts).decode().split("\n")]
        bands = [latitude * BANDS_PER_DEGREE // PER_DEGREE for latitude in self._latitudes]
        self._starts = [bisect_left(bands, band) for band in range(-90 * BANDS_PER_DEGREE, 90 * BANDS_PER_DEGREE + 2)]

    def name(self, latitude: float, longitude: float) -> PlaceName:
        """Name a point in degrees."""
        for reach in _REACHES:
            found = min(self._near(latitude, longitude, reach), default=None)
            if found is not None:
                _, distance, number = found
                return self._named(number, is_near=distance <= _CITY_KM)
        return NOWHERE

    def _named(self, number: int, *, is_near: bool) -> PlaceName:
        code, region = self._regions[self._regions_of[number]]
        return PlaceName(self._cities[number] if is_near else None, region or None, name_of(code), code)

    def _near(self, latitude: float, longitude: float, reach: float) -> Iterator[tuple[float, float, int]]:
        """Cities within `reach` km, and larger ones as much further as they count as nearer: (score, km, number)."""
        width = (reach + 15) / _KM_PER_DEGREE  # the largest city gains 15 km
        shrink = max(math.cos(math.radians(latitude)), 0.001)
        for number in self._between(latitude, longitude, width, min(width / shrink, 180.0)):
            north = self._latitudes[number] / PER_DEGREE - latitude
            east = abs(self._longitudes[number] / PER_DEGREE - longitude)
            distance = math.hypot(north, min(east, 360 - east) * shrink) * _KM_PER_DEGREE
            score = distance - _PULL * self._weights[number]
            if score <= reach:
                yield score, distance, number

    def _between(self, latitude: float, longitude: float, height: float, width: float) -> Iterator[int]:
        south = max(math.floor((latitude - height) * BANDS_PER_DEGREE), -90 * BANDS_PER_DEGREE)
        north = min(math.floor((latitude + height) * BANDS_PER_DEGREE), 90 * BANDS_PER_DEGREE)
        west, east = longitude - width, longitude + width
        ranges = [(west, east)]
        if west < -180:
            ranges.append((west + 360, 180.0))
        if east > 180:
            ranges.append((-180.0, east - 360))
        for band in range(south + 90 * BANDS_PER_DEGREE, north + 90 * BANDS_PER_DEGREE + 1):
            start, end = self._starts[band], self._starts[band + 1]
            for first, last in ranges:
                yield from range(
                    bisect_left(self._longitudes, first * PER_DEGREE, start, end),
                    bisect_right(self._longitudes, last * PER_DEGREE, start, end),
                )


def _split(body: bytes, lengths: list[int]) -> Iterator[bytes]:
    start = 0
    for length in lengths:
        yield body[start : start + length]
        start += length


def _numbers(code: str, raw: bytes) -> "array[int]":
    numbers: array[int] = array(code)
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers

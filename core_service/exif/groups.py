"""The tags of one file by group and name: what `exif_dict` shows, and all that metadata is derived from.

A tag is named by its path, `EXIF:ISO` or `XMP:exif:GPSLatitude`: group, colon, name. The same path names the source of
a piece of metadata.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_FRACTION: Final = re.compile(r"([+-]?\d{1,18})/(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, and the path of the tag that it was found in."""

    value: T
    path: str


@dataclass(frozen=True, slots=True)
class Groups:
    """JSON-safe values by group and name."""

    by_name: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, group: str, name: str, value: Any) -> None:
        """Keep a value; the first of a path stays, since the blocks to be believed come first."""
        self.by_name.setdefault(group, {}).setdefault(name, value)

    def get(self, path: str) -> Any:
        """Return the value at `path`, `None` when there is none."""
        group, _, name = path.partition(":")
        return self.by_name.get(group, {}).get(name)

    def texts(self, *paths: str) -> Iterator[Found[str]]:
        """Yield the texts that are not blank, in the order of `paths`."""
        for path in paths:
            value = self.get(path)
            if isinstance(value, str) and value.strip():
                yield Found(value.strip(), path)

    def numbers(self, *paths: str) -> Iterator[Found[float]]:
        """Yield the numbers, or the first of a list of them, in the order of `paths`."""
        for path in paths:
            value = as_number(self.get(path))
            if value is not None:
                yield Found(value, path)


def as_number(value: Any) -> float | None:
    """Return a finite number from a number, its text, an XMP rational (`28/10`), or the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return _parsed(value.strip())
    return value if isinstance(value, int | float) else None


def _parsed(text: str) -> float | None:
    if match := _FRACTION.fullmatch(text):
        return int(match[1]) / int(match[2]) if int(match[2]) else None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None

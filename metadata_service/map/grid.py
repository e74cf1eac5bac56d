"""The cells of the map: pure arithmetic.

At depth d the earth has 2^d columns of 360/2^d degrees and 2^d rows of 180/2^d degrees, so that poles are edges like
any other, and no cell crosses the antimeridian: a box that does is two ranges of columns.
"""

import math
from typing import Final, NamedTuple

from metadata_service.photos.criteria import Box
from metadata_service.tables import DEPTHS, FINEST

MOST_CELLS: Final = 4_096
"""A window is never cut into more, whatever the box and the zoom."""

DEEPEST: Final = 24
_CELLS_PER_TILE: Final = 3  # powers of two: a tile of 512 pixels is eight cells wide, each 64 pixels


class Window(NamedTuple):
    """The cells of one depth that a box touches: rows from `south` to `north`, and one or two ranges of columns."""

    depth: int
    south: int
    north: int
    columns: tuple[tuple[int, int], ...]

    @property
    def cells(self) -> int:
        """How many they are."""
        return (self.north - self.south + 1) * sum(last - first + 1 for first, last in self.columns)

    def finer(self, depth: int) -> "Window":
        """The same part of the earth in cells of a greater depth."""
        shift = depth - self.depth
        columns = tuple((first << shift, ((last + 1) << shift) - 1) for first, last in self.columns)
        return Window(depth, self.south << shift, ((self.north + 1) << shift) - 1, columns)

    def coarser(self, depth: int) -> "Window":
        """The cells of a smaller depth that these lie in."""
        shift = self.depth - depth
        columns = tuple((first >> shift, last >> shift) for first, last in self.columns)
        return Window(depth, self.south >> shift, self.north >> shift, columns)


class Patch(NamedTuple):
    """A rectangle of cells of one depth, edges included."""

    depth: int
    south: int
    north: int
    west: int
    east: int

    def bounds(self) -> Box:
        """Its edges in degrees. What lies on the edge to the north or east belongs to the next cell."""
        end = 1 << self.depth
        east, north = ((self.east + 1) / end * 360 - 180, (self.north + 1) / end * 180 - 90)
        return Box(
            self.west / end * 360 - 180,
            self.south / end * 180 - 90,
            east if self.east + 1 == end else math.nextafter(east, -math.inf),
            north if self.north + 1 == end else math.nextafter(north, -math.inf),
        )


def row_of(latitude: float, depth: int) -> int:
    """The row that a latitude lies in."""
    return _cell(latitude, 180.0, depth)


def column_of(longitude: float, depth: int) -> int:
    """The column that a longitude lies in."""
    return _cell(longitude, 360.0, depth)


def _cell(degrees: float, span: float, depth: int) -> int:
    """Compute as the triggers of `photo_cells` do, operation by operation."""
    cells = 1 << depth
    return max(0, min(cells - 1, math.floor((degrees + span / 2) * float(cells) / span)))


def window(box: Box, zoom: float) -> Window:
    """Cut a box as fine as people can point at on a map of this zoom, but never into too many cells."""
    depth = min(DEEPEST, math.floor(zoom) + _CELLS_PER_TILE)
    found = _cut(box, depth)
    while found.cells > MOST_CELLS:
        depth -= 1
        found = _cut(box, depth)
    return found


def _cut(box: Box, depth: int) -> Window:
    west, east = column_of(box.west, depth), column_of(box.east, depth)
    last = (1 << depth) - 1
    if box.west <= box.east:
        columns: tuple[tuple[int, int], ...] = ((west, east),)
    elif west <= east:  # around the whole earth, back into the cell where it began
        columns = ((0, last),)
    else:
        columns = ((west, last), (0, east))
    return Window(depth, row_of(box.south, depth), row_of(box.north, depth), columns)


def counted_depth(depth: int) -> int:
    """The depth whose counts serve cells of `depth`: a finer one, so that the middle of a cell's photos is known."""
    return next((counted for counted in DEPTHS if counted > depth), FINEST)

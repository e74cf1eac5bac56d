"""Areas on the ground: is a point inside, how large are they, are they areas at all.

Longitudes are unrolled from the first point on, so that an area may lie across the 180th meridian; the two poles must
lie outside. Between neighbours lines are straight in longitude and latitude, which on the scale of sites is the ground.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

Point = tuple[float, float]
"""Longitude and latitude, in degrees."""

MAX_POINTS: Final = 500
_EARTH_M: Final = 6_371_008.8  # mean radius


class NotAnAreaError(ValueError):
    """The points do not enclose anything, or not in one piece."""


def unrolled(points: Sequence[Point]) -> list[Point]:
    """Let each longitude go on from the one before; the last point may repeat the first."""
    corners = [(points[0][0], points[0][1])] if points else []
    for longitude, latitude in points[1:]:
        before = corners[-1][0]
        corners.append((before + _nearest(longitude - before), latitude))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return corners


def ring(points: Sequence[Point]) -> list[Point]:
    """Unroll a polygon and check that it is one; raise `NotAnAreaError`."""
    corners = unrolled(points)
    if len(corners) < 3:
        raise NotAnAreaError("A polygon has at least three corners.")
    if len(set(corners)) < len(corners):
        raise NotAnAreaError("The polygon visits a corner twice.")
    if _crosses_itself(corners):
        raise NotAnAreaError("The sides of the polygon cross each other.")
    if area_m2(corners) < 1e-6:
        raise NotAnAreaError("The polygon encloses nothing.")
    return corners


def _nearest(difference: float) -> float:
    """The way to a longitude that is at most half around the world."""
    return (difference + 180) % 360 - 180


def contains(corners: Sequence[Point], point: Point) -> bool:
    """Tell whether a point lies inside an unrolled polygon: a line to the east leaves it an odd number of times."""
    longitude = corners[0][0] + _nearest(point[0] - corners[0][0])
    return any(_is_inside(corners, (longitude + turn, point[1])) for turn in (0, 360, -360))


def _is_inside(corners: Sequence[Point], point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in _sides(corners):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def centre(corners: Sequence[Point]) -> Point:
    """The middle of a polygon's corners."""
    longitude = sum(x for x, _ in corners) / len(corners)
    return _nearest(longitude), sum(y for _, y in corners) / len(corners)


def area_m2(corners: Sequence[Point]) -> float:
    """The area of an unrolled polygon on a sphere, by the lune between each side and the equator."""
    total = sum(
        math.radians(x2 - x1) * (math.sin(math.radians(y1)) + math.sin(math.radians(y2)))
        for (x1, y1), (x2, y2) in _sides(corners)
    )
    return abs(total) * _EARTH_M**2 / 2


def distance_m(one: Point, other: Point) -> float:
    """The way between two points over a sphere (haversine)."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half)))


def _sides(corners: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(corners, [*corners[1:], corners[0]], strict=True)


def _crosses_itself(corners: Sequence[Point]) -> bool:
    sides = list(_sides(corners))
    last = len(sides) - 1
    for first, one in enumerate(sides):
        for second in range(first + 1, len(sides)):
            neighbours = second == first + 1 or (first == 0 and second == last)
            if _meet(one, sides[second], neighbours=neighbours):
                return True
    return False


def _meet(one: tuple[Point, Point], other: tuple[Point, Point], *, neighbours: bool) -> bool:
    """Whether two sides touch; neighbours share a corner, and may share no more than that."""
    (a, b), (c, d) = one, other
    if neighbours:
        shared, end, far = (b, a, d) if b == c else (a, b, c)
        return _turn(end, shared, far) == 0 and _ahead(shared, end, far)
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    on = ((turns[0], a, b, c), (turns[1], a, b, d), (turns[2], c, d, a), (turns[3], c, d, b))
    return any(turn == 0 and _between(p, q, r) for turn, p, q, r in on)


def _turn(a: Point, b: Point, c: Point) -> int:
    """1 when the way from a over b to c turns left, -1 when right, 0 when it goes on."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _ahead(origin: Point, one: Point, other: Point) -> bool:
    """Whether two points in line with `origin` lie on the same side of it."""
    return (one[0] - origin[0]) * (other[0] - origin[0]) + (one[1] - origin[1]) * (other[1] - origin[1]) > 0


def _between(a: Point, b: Point, c: Point) -> bool:
    """Whether c, which is in line with a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])

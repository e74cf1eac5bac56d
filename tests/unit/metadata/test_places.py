"""Places: what is an area, what lies in it, what they are called."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata_service.places.geometry import (
    NotAnAreaError,
    Point,
    area_m2,
    contains,
    distance_m,
    ring,
)
from metadata_service.places.matching import best
from metadata_service.tables import Place
from tests.support.metadata import Person

SQUARE = [(10.0, 50.0), (11.0, 50.0), (11.0, 51.0), (10.0, 51.0)]
BOW_TIE = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]


def test_inside_is_inside() -> None:
    corners = ring(SQUARE)
    assert contains(corners, (10.5, 50.5))
    for outside in ((9.9, 50.5), (11.1, 50.5), (10.5, 49.9), (10.5, 51.1), (-169.5, 50.5)):
        assert not contains(corners, outside)
    horseshoe = ring([(0, 0), (5, 0), (5, 5), (4, 5), (4, 1), (1, 1), (1, 5), (0, 5)])
    assert contains(horseshoe, (0.5, 4))
    assert not contains(horseshoe, (2.5, 4))


def test_an_area_may_lie_across_the_180th_meridian() -> None:
    corners = ring([(179.0, -17.0), (-179.0, -17.0), (-179.0, -16.0), (179.0, -16.0)])
    assert contains(corners, (179.5, -16.5))
    assert contains(corners, (-179.5, -16.5))
    assert not contains(corners, (0.0, -16.5))
    assert area_m2(corners) == pytest.approx(213e3 * 111e3, rel=0.01)


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([(0, 0), (1, 1)], "three corners"),
        ([(0, 0), (1, 1), (0, 0)], "three corners"),
        (BOW_TIE, "cross"),
        ([(0, 0), (1, 1), (2, 2)], "cross|nothing"),
        ([(0, 0), (2, 0), (1, 0), (1, 1)], "cross"),
        ([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2)], "cross"),
        ([(0, 0), (1, 0), (0, 0), (0, 1)], "twice"),
    ],
)
def test_what_is_no_area_is_refused(points: list[Point], why: str) -> None:
    with pytest.raises(NotAnAreaError, match=why):
        ring(points)


def test_a_closed_ring_and_an_open_one_are_the_same() -> None:
    assert ring([*SQUARE, SQUARE[0]]) == ring(SQUARE)


def test_areas_and_distances_are_those_of_the_earth() -> None:
    assert distance_m((10.75, 59.91), (5.32, 60.39)) == pytest.approx(304_500, rel=0.01)  # Oslo to Bergen
    assert distance_m((179.9, 0), (-179.9, 0)) == pytest.approx(22_239, rel=0.001)
    assert area_m2(ring(SQUARE)) == pytest.approx(111_195 * 111_195 * math.cos(math.radians(50.5)), rel=0.001)


_coordinate = st.floats(-60, 60)


@settings(max_examples=300, deadline=None)
@given(
    centre=st.tuples(st.floats(-180, 180), _coordinate),
    corners=st.integers(3, 12),
    turn=st.floats(0, 6),
    point=st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)),
)
def test_a_convex_area_holds_what_lies_on_one_side_of_all_its_sides(
    centre: Point, corners: int, turn: float, point: Point
) -> None:
    angles = [turn + 2 * math.pi * corner / corners for corner in range(corners)]
    offsets = [(math.cos(angle), math.sin(angle)) for angle in angles]
    sides = list(zip(offsets, [*offsets[1:], offsets[0]], strict=True))
    cross = [(x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1) for (x1, y1), (x2, y2) in sides]
    if min(map(abs, cross)) < 1e-6:
        return  # on the line, where both answers are good
    around = [((centre[0] + x + 180) % 360 - 180, centre[1] + y) for x, y in offsets]
    where = ((centre[0] + point[0] + 180) % 360 - 180, centre[1] + point[1])
    assert contains(ring(around), where) == all(side > 0 for side in cross)


def _place(number: int, kind: str, radius: float) -> Place:
    size = math.pi * radius**2
    return Place(id=number, kind=kind, radius_m=radius, latitude=60.0, longitude=10.0, area_m2=size)


def test_the_most_particular_place_is_meant() -> None:
    site, area, spot, small = (
        _place(1, "site", 900),
        _place(2, "area", 300),
        _place(3, "spot", 50),
        _place(4, "spot", 9),
    )
    assert best([site, area, spot, small], 60.0, 10.0) is small
    assert best([site, area, spot], 60.0, 10.0) is spot
    assert best([site, area, spot], 60.002, 10.0) is area
    assert best([site, area, spot], 60.005, 10.0) is site
    assert best([site, area, spot], 61.0, 10.0) is None


def _circle(**more: Any) -> dict[str, Any]:
    return {"latitude": 60, "longitude": 10, "radius_m": 100, **more}


async def test_places_lie_in_each_other(kari: Person, ola: Person) -> None:
    site = (await kari.post("places", json={"name": "Farm", "kind": "site", "polygon": SQUARE})).json()
    area = (await kari.post("places", json=_circle(name="North", kind="area", parent_id=site["id"]))).json()
    spot = (await kari.post("places", json=_circle(name="Table 2", kind="spot", parent_id=area["id"]))).json()
    assert spot["path"] == "Farm - North - Table 2"
    assert (site["latitude"], site["longitude"], site["polygon"]) == (50.5, 10.5, [list(point) for point in SQUARE])
    assert [place["path"] for place in (await kari.get("places")).json()["data"]] == [
        "Farm",
        "Farm - North",
        "Farm - North - Table 2",
    ]
    for wrong in (
        _circle(name="x", kind="spot", parent_id=site["id"]),
        _circle(name="x", kind="spot"),
        _circle(name="x", kind="site", parent_id=site["id"]),
        _circle(name="x", kind="area", parent_id=99999),
    ):
        answer = await kari.post("places", json=wrong)
        assert (answer.status_code, answer.json()["type"]) == (422, "place-refused"), wrong
    foreign = await ola.post("places", json=_circle(name="x", kind="area", parent_id=site["id"]))
    assert foreign.json()["type"] == "place-refused"
    held = await kari.delete(f"places/{site['id']}")
    assert (held.status_code, held.json()["type"]) == (409, "place-has-parts")
    moved = await kari.put(f"places/{area['id']}", json=_circle(name="North", kind="site"))
    assert moved.json()["type"] == "place-has-parts"
    renamed = await kari.put(f"places/{area['id']}", json=_circle(name="South", kind="area", parent_id=site["id"]))
    assert renamed.json()["path"] == "Farm - South"
    for place in (spot, area, site):
        assert (await kari.delete(f"places/{place['id']}")).status_code == 200
    assert (await kari.get("places")).json()["data"] == []


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ({"polygon": BOW_TIE}, "cross"),
        ({"polygon": SQUARE, "radius_m": 3}, "not both"),
        ({"latitude": 1}, "give a polygon"),
        ({"latitude": 91, "longitude": 1, "radius_m": 1}, "90"),
        ({"latitude": 1, "longitude": 1, "radius_m": 0}, "greater"),
        ({"polygon": [[0, 0], [1, 0], [1, 1]] * 200}, "500"),
    ],
)
async def test_a_shape_that_is_none_is_refused_in_words(kari: Person, shape: dict[str, Any], says: str) -> None:
    answer = await kari.post("places", json={"name": "x", "kind": "site", **shape})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert says in answer.text

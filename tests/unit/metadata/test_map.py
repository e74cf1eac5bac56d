"""The map: every photo is counted once, where it is, for those who see it; others' places are never told exactly."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from metadata_service.db.types import utc_now
from metadata_service.derived import cells
from metadata_service.map.grid import MOST_CELLS, column_of, row_of, window
from metadata_service.photos.criteria import Box
from metadata_service.tables import DEPTHS, Photo, PhotoCell, SpaceMember, User
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person

_WORLD = "-180,-90,180,90"
_OSLO = {"gps_latitude": 59.9139, "gps_longitude": 10.7522}


async def _clusters(person: Person, bbox: str = _WORLD, zoom: float = 0, **params: Any) -> dict[str, Any]:
    answer = await person.get("photos/map/clusters", params={"bbox": bbox, "zoom": zoom, **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def _put(service: MetadataService, person: Person, *places: tuple[float, float], **changes: Any) -> list[int]:
    rows = list(photos(person.user["id"], len(places), seed=random.randrange(10**6)))
    for row, (latitude, longitude) in zip(rows, places, strict=True):
        row.update({"gps_latitude": latitude, "gps_longitude": longitude, "visibility": 0} | changes)
    async with service.database.writing() as session:
        return await fill(session, rows)


async def test_photos_that_lie_together_are_one_cluster_from_far_and_several_from_near(
    service: MetadataService, kari: Person
) -> None:
    ids = await _put(service, kari, (59.9139, 10.7522), (59.9140, 10.7530), (60.3929, 5.3241))
    far = await _clusters(kari, zoom=0)
    assert [cluster["count"] for cluster in far["data"]] == [3]
    assert far["meta"]["total_photos"] == 3
    assert far["data"][0]["photo"]["id"] == ids[-1]
    nearer = await _clusters(kari, "4,58,12,62", 6)
    assert sorted(cluster["count"] for cluster in nearer["data"]) == [1, 2]
    nearest = await _clusters(kari, "10.7,59.9,10.8,59.95", 22)
    assert [cluster["count"] for cluster in nearest["data"]] == [1, 1]
    places = {(cluster["latitude"], cluster["longitude"]) for cluster in nearest["data"]}
    assert places == {(59.9139, 10.7522), (59.9140, 10.7530)}, "of a single photo, its very place"


async def test_a_cluster_leads_to_its_photos(service: MetadataService, kari: Person) -> None:
    chance = random.Random(3)
    places = [(chance.uniform(-90, 90), chance.uniform(-180, 180)) for _ in range(60)]
    await _put(service, kari, *places, (90, 180), (-90, -180), (0, 0))
    for zoom in (0, 2, 5):
        for cluster in (await _clusters(kari, zoom=zoom))["data"]:
            box = ",".join(map(repr, cluster["bounds"]))
            found = await kari.ids(bbox=box, limit=100)
            assert len(found) == cluster["count"]
            assert cluster["photo"]["id"] in found
            west, south, east, north = cluster["bounds"]
            assert south <= cluster["latitude"] <= north
            assert west <= cluster["longitude"] <= east


async def test_a_box_across_the_antimeridian_shows_both_sides_and_nothing_else(
    service: MetadataService, kari: Person
) -> None:
    await _put(service, kari, (-17, 179.9), (-17, -179.9), (-17, 180), (-17, -180), (-17, 0))
    across = await _clusters(kari, "175,-20,-175,-10", 4)
    assert across["meta"]["total_photos"] == 4
    assert {cluster["longitude"] > 0 for cluster in across["data"]} == {True, False}
    assert (await _clusters(kari, "-20,-20,20,-10", 4))["meta"]["total_photos"] == 1


async def test_poles_are_places_like_any_other(service: MetadataService, kari: Person) -> None:
    await _put(service, kari, (90, 0), (89.99, 170), (-90, -50), (-89.99, 10))
    assert (await _clusters(kari, "-180,85,180,90", 3))["meta"]["total_photos"] == 2
    assert (await _clusters(kari, "-180,-90,180,-85", 3))["meta"]["total_photos"] == 2


async def test_everybody_counts_what_they_see_and_nothing_more(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    for level in range(4):
        await _put(service, kari, *[(59.9139, 10.7522)] * (10**level), visibility=level)
    counts = [(await _clusters(person))["meta"]["total_photos"] for person in (kari, ola, anyone)]
    assert counts == [1111, 1100, 1000]
    assert (await _clusters(ola, owner="me"))["data"] == []
    assert (await _clusters(kari, visibility="space"))["meta"]["total_photos"] == 10
    assert (await _clusters(ola, visibility="space"))["data"] == []
    assert (await _clusters(anyone, visibility="authenticated"))["data"] == []


@pytest.mark.parametrize("zoom", [0, 5, 9, 12, 17, 22])
async def test_where_others_took_their_photos_is_told_to_ten_kilometres_at_best(
    service: MetadataService, kari: Person, ola: Person, zoom: int
) -> None:
    await _put(service, kari, (59.9139, 10.7522), visibility=3)
    (cluster,) = (await _clusters(ola, "10.75,59.91,10.76,59.92", zoom))["data"]
    west, south, east, north = cluster["bounds"]
    assert cluster["is_blurred"]
    assert east - west > 0.08
    assert north - south > 0.04
    assert abs(cluster["latitude"] - 59.9139) > 0.001, "the middle of a cell"
    await _put(service, kari, (59.9100, 10.7300), visibility=3)  # elsewhere in the same cell
    (after,) = (await _clusters(ola, "10.75,59.91,10.76,59.92", zoom))["data"]
    assert after["count"] == 2
    assert after["bounds"] == cluster["bounds"]
    assert after["latitude"] == cluster["latitude"]


async def test_own_and_others_photos_of_one_place_are_one_cluster_from_far(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    await _put(service, kari, (59.9139, 10.7522), visibility=3)
    (mine,) = await _put(service, ola, (59.9, 10.7))
    (cluster,) = (await _clusters(ola, zoom=1))["data"]
    assert (cluster["count"], cluster["is_blurred"], cluster["photo"]["id"]) == (2, True, mine)


async def _counted(service: MetadataService) -> dict[Any, int]:
    """Count in Python what the triggers should have."""
    counts: dict[Any, int] = {}
    async with service.database.reading() as session:
        live = list(await session.scalars(select(Photo).where(Photo.deleted_at.is_(None))))
    for photo in live:
        if photo.gps_latitude is None or photo.gps_longitude is None:
            continue
        for depth in DEPTHS:
            cell = row_of(photo.gps_latitude, depth), column_of(photo.gps_longitude, depth)
            key = (photo.owner_id, depth, *cell, photo.visibility)
            counts[key] = counts.get(key, 0) + 1
    return counts


async def _check(service: MetadataService) -> None:
    async with service.database.reading() as session:
        kept = list(await session.scalars(select(PhotoCell)))
        ids = [cell.photo_id for cell in kept]
        named = {photo.id: photo for photo in await session.scalars(select(Photo).where(Photo.id.in_(ids)))}
    keys = {(cell.owner_id, cell.depth, cell.y, cell.x, cell.visibility): cell.count for cell in kept}
    assert keys == await _counted(service)
    for cell in kept:
        photo = named[cell.photo_id or 0]
        place = row_of(photo.gps_latitude or 0, cell.depth), column_of(photo.gps_longitude or 0, cell.depth)
        assert (photo.owner_id, photo.visibility, *place) == (cell.owner_id, cell.visibility, cell.y, cell.x)
        assert photo.deleted_at is None


async def _change(  # noqa: C901  # one way each
    session: Any, chance: random.Random, owners: list[int], step: int
) -> None:
    ids = list(await session.scalars(select(Photo.id).order_by(Photo.id)))
    some = Photo.id.in_(chance.sample(ids, min(len(ids), chance.choice([1, 3, 20]))))
    match chance.choice(["insert", "insert", "delete", "move", "unplace", "share", "trash", "restore", "rate"]):
        case "insert":
            rows = list(photos(chance.choice(owners), chance.choice([1, 40]), seed=step))
            for row in rows:
                if row["gps_latitude"] is not None and chance.random() < 0.7:
                    row["gps_latitude"] = 59.9 + chance.choice([0.0, 0.00001, 0.3])
                    row["gps_longitude"] = 10.7
            await fill(session, rows)
        case "delete":
            await session.execute(delete(Photo).where(some))
        case "move":
            place = {
                "gps_latitude": chance.choice([59.9, -90.0, 90.0, 0.0]),
                "gps_longitude": chance.choice([10.7, 180]),
            }
            await session.execute(update(Photo).where(some).values(place))
        case "unplace":
            await session.execute(update(Photo).where(some).values(gps_latitude=None, gps_longitude=None))
        case "share":
            await session.execute(update(Photo).where(some).values(visibility=chance.randrange(4)))
        case "trash":
            await session.execute(update(Photo).where(some).values(deleted_at=utc_now()))
        case "restore":
            await session.execute(update(Photo).where(some).values(deleted_at=None))
        case "rate":
            await session.execute(update(Photo).where(some).values(rating=chance.randrange(6)))


@pytest.mark.parametrize("seed", [1, 2])
async def test_cells_are_counted_right_after_every_kind_of_change(
    service: MetadataService, kari: Person, ola: Person, seed: int
) -> None:
    chance = random.Random(seed)
    owners = [kari.user["id"], ola.user["id"]]
    for step in range(40):
        async with service.database.writing() as session:
            for part in range(chance.choice([1, 1, 3])):
                await _change(session, chance, owners, seed * 10_000 + step * 10 + part)
        await _check(service)
    async with service.database.writing() as session:
        await session.execute(delete(User).where(User.id == owners[0]))
    await _check(service)


_LATITUDE = st.floats(-90, 90)
_LONGITUDE = st.floats(-180, 180)


@given(
    west=_LONGITUDE,
    east=_LONGITUDE,
    one=_LATITUDE,
    other=_LATITUDE,
    zoom=st.floats(0, 24),
    latitude=_LATITUDE,
    longitude=_LONGITUDE,
)
def test_a_window_holds_every_place_of_its_box_and_is_never_too_large(
    west: float, east: float, one: float, other: float, *, zoom: float, latitude: float, longitude: float
) -> None:
    south, north = sorted((one, other))
    found = window(Box(west, south, east, north), zoom)
    assert 1 <= found.cells <= MOST_CELLS
    is_inside = west <= longitude <= east if west <= east else longitude >= west or longitude <= east
    if is_inside and south <= latitude <= north:
        assert found.south <= row_of(latitude, found.depth) <= found.north
        assert any(first <= column_of(longitude, found.depth) <= last for first, last in found.columns)


@pytest.mark.parametrize("query", ["bbox=1,2,3&zoom=1", "bbox=nan,0,1,1&zoom=1", "bbox=0,9,1,1&zoom=1", "bbox=0,0,1,1"])
async def test_what_is_no_part_of_the_earth_is_refused(kari: Person, query: str) -> None:
    assert (await kari.get(f"photos/map/clusters?{query}")).status_code == 422


async def test_a_map_costs_few_statements_however_much_is_on_it(
    service: MetadataService, kari: Person, ola: Person, statements: list[str]
) -> None:
    for person in (kari, ola):
        async with service.database.writing() as session:
            await fill(session, list(photos(person.user["id"], 300)))
    for bbox, zoom in ((_WORLD, 0), (_WORLD, 3), ("0,0,10,10", 12), ("10,50,10.1,50.1", 20)):
        await kari.get("photos/map/clusters", params={"bbox": bbox, "zoom": zoom})
        statements.clear()
        await _clusters(kari, bbox, zoom)
        assert len(statements) <= 4, statements


async def test_the_doctor_finds_cells_that_are_wrong_and_mends_them(service: MetadataService, kari: Person) -> None:
    await _put(service, kari, (59.9139, 10.7522), (90, 180), (-90, -180), (0, 0))
    async with service.database.writing() as session:
        assert await cells.check(session) == []
        await session.execute(update(PhotoCell).where(PhotoCell.depth == 4).values(count=PhotoCell.count + 1))
        await session.execute(delete(PhotoCell).where(PhotoCell.depth == 8))
        await session.execute(update(PhotoCell).where(PhotoCell.depth == 12).values(photo_id=999))
        found = " ".join(await cells.check(session))
        assert all(said in found for said in ("photo_cells has", "photo_cells lacks", "photo_cells names no photo"))
        await cells.rebuild(session)
        assert await cells.check(session) == []
    await _check(service)


async def test_what_an_owner_tells_of_places_decides_what_others_find_on_the_map(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    one, other, third = await _put(service, kari, *[(59.9139, 10.7522)] * 3, visibility=3)

    async def counts() -> list[int]:
        return [(await _clusters(person, zoom=8))["meta"]["total_photos"] for person in (kari, ola, anyone)]

    assert await counts() == [3, 3, 3]
    assert (await kari.put(f"photos/{third}/disclosure", json={"place": "none"})).status_code == 200
    assert await counts() == [3, 2, 2]
    (cluster,) = (await _clusters(ola, zoom=8))["data"]
    assert cluster["photo"] is None, "the picture of what is hidden shows no place"
    for photo_id in (one, other):
        await kari.put(f"photos/{photo_id}/disclosure", json={"place": "country"})
    assert await counts() == [3, 0, 0]
    assert (await _clusters(ola, zoom=8))["data"] == []
    await kari.put(f"photos/{one}/disclosure", json={"place": None})
    assert await counts() == [3, 1, 1]
    policy = {"place": "none", "time": "exact", "camera": True, "filename": False, "exif": False}
    assert (await kari.put("disclosure/public", json=policy)).status_code == 200
    assert await counts() == [3, 0, 0]
    await kari.put(f"photos/{other}/disclosure", json={"place": "exact"})
    assert await counts() == [3, 1, 1]
    (cluster,) = (await _clusters(ola, zoom=22))["data"]
    assert (cluster["photo"]["id"], cluster["is_blurred"]) == (other, True)
    assert abs(cluster["latitude"] - 59.9139) > 0.001


async def test_members_of_a_space_find_its_photos_on_the_map(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    (photo,) = await _put(service, kari, (59.9139, 10.7522), visibility=1)
    space = (await kari.post("spaces", json={"name": "family"})).json()
    put = await kari.post(f"spaces/{space['id']}/photos", json={"ids": [photo]})
    assert put.status_code < 300, put.text
    assert (await _clusters(ola))["data"] == []
    async with service.database.writing() as session:
        session.add(SpaceMember(space_id=space["id"], user_id=ola.user["id"], role=0))
    (cluster,) = (await _clusters(ola))["data"]
    assert (cluster["count"], cluster["is_blurred"], cluster["photo"]["id"]) == (1, True, photo)
    assert (await _clusters(ola, visibility="public"))["data"] == []
    for named, count in ((f"space:{space['id']}", 1), ("user:ola", 1), ("anonymous", 0)):
        path = f"photos/map/clusters?bbox={_WORLD}&zoom=3"
        seen = (await kari.get(path, headers={"X-View-As": named})).json()
        assert seen["meta"]["total_photos"] == count, named
    assert (await _clusters(anyone))["data"] == []
    assert (await _clusters(kari))["meta"]["total_photos"] == 1

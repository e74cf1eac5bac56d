"""What others are told of a photo: as much as its owner allows, in every answer, and not by asking cleverly either."""

from typing import Any

import pytest

from tests.support.metadata import Person
from tests.unit.metadata.test_sharing import link_of, opened
from tests.unit.metadata.test_spaces import put, space_of

_EXACT = (59.9139, 10.7522)
_CAMERA = {"camera_make": "Canon", "camera_model": "EOS R5", "iso": 400, "exposure_time": "1/250"}


async def _allow(owner: Person, audience: str, **changes: Any) -> None:
    wanted = (await owner.get("disclosure")).json()[audience] | changes
    assert (await owner.put(f"disclosure/{audience}", json=wanted)).status_code == 200


async def _told(viewer: Person, photo: dict[str, Any]) -> dict[str, Any]:
    """What a viewer is told, which must be the same alone, in a list and in a search."""
    alone: dict[str, Any] = (await viewer.get(f"photos/{photo['id']}")).json()
    listed = (await viewer.get("photos")).json()["data"]
    found = (await viewer.post("photos/search", json={})).json()["data"]
    for shown in (*listed, *found):
        assert {name: alone[name] for name in shown} == shown
    return alone


@pytest.mark.parametrize(
    ("place", "where"),
    [("none", (None, None)), ("country", (None, None)), ("near", (59.9, 10.8)), ("exact", _EXACT)],
)
async def test_a_place_is_told_as_exactly_as_its_owner_allows(
    kari: Person, ola: Person, anyone: Person, place: str, where: tuple[float | None, float | None]
) -> None:
    photo = await kari.keep(1, visibility="public")
    await _allow(kari, "public", place=place)
    for viewer, expected in ((kari, _EXACT), (ola, where), (anyone, where)):
        told = await _told(viewer, photo)
        assert (told["gps_latitude"], told["gps_longitude"]) == expected
        assert told["has_gps"] is (expected[0] is not None)
    for viewer in (ola, anyone):
        total = (await viewer.get("photos/map/clusters?bbox=0,50,20,70&zoom=3")).json()["meta"]["total_photos"]
        assert total == (place in {"near", "exact"}), "the map tells nobody more"
        assert await viewer.ids(bbox="10,59,11,60") == [], "a box of the map finds one's own alone"
        assert await viewer.ids(has_gps=True) == await viewer.ids(has_gps=False) == []


async def test_by_default_strangers_learn_the_region_and_no_name_of_a_file(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="authenticated", exif_dict={"EXIF": {"BodySerialNumber": "4711"}})
    told = await _told(ola, photo)
    assert (told["gps_latitude"], told["gps_longitude"], told["gps_altitude"]) == (59.9, 10.8, None)
    assert (told["primary_filename"], told["exif_dict"], told["files"]) == (None, None, [])
    assert told["camera_model"] == "EOS R5"
    assert "4711" not in (await ola.get(f"photos/{photo['id']}")).text
    assert await ola.ids(query="IMG_0001") == []
    assert await kari.ids(query="IMG_0001") == [photo["id"]]


async def test_what_is_said_of_one_photo_goes_before_what_is_said_of_its_level(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    said = {"place": "none", "time": None, "camera": False, "filename": True, "exif": None}
    assert (await kari.put(f"photos/{photo['id']}/disclosure", json=said)).json() == said
    assert (await kari.get(f"photos/{photo['id']}/disclosure")).json() == said
    told = await _told(ola, photo)
    assert (told["gps_latitude"], told["camera_model"], told["primary_filename"]) == (None, None, "IMG_0001.JPG")
    assert (await ola.get("photos/map/clusters?bbox=0,50,20,70&zoom=3")).json()["meta"]["total_photos"] == 0
    nothing = dict.fromkeys(said)
    assert (await kari.put(f"photos/{photo['id']}/disclosure", json=nothing)).json() == nothing
    assert (await _told(ola, photo))["camera_model"] == "EOS R5"
    refused = await ola.put(f"photos/{photo['id']}/disclosure", json=said)
    assert refused.json()["type"] == "not-your-photo"


async def test_a_camera_that_is_not_told_finds_nothing(kari: Person, ola: Person, anyone: Person) -> None:
    photo = await kari.keep(1, visibility="public", title="Fjord")
    ways: list[dict[str, Any]] = [{"camera_make": "Canon"}, {"camera_model": "EOS R5"}, {"query": "eos"}]
    for viewer in (ola, anyone):
        for way in ways:
            assert await viewer.ids(**way) == [photo["id"]], way
    await _allow(kari, "public", camera=False)
    for viewer in (ola, anyone):
        told = await _told(viewer, photo)
        assert {name: told[name] for name in _CAMERA} == dict.fromkeys(_CAMERA)
        for way in ways:
            assert await viewer.ids(**way) == [], way
            assert (await viewer.get("timeline", params=way)).json()["data"] == []
            assert (await viewer.get("timeline/segments", params=way)).json()["data"]["count"] == []
        assert await viewer.ids() == [photo["id"]]
    for way in ways:
        assert await kari.ids(**way) == [photo["id"]], way


async def test_exif_is_told_without_what_names_a_place_a_person_or_a_device(kari: Person, ola: Person) -> None:
    exif = {"EXIF": {"Make": "Canon", "SerialNumber": "4711", "Artist": "Kari"}, "GPS": {"GPSLatitude": 59.9}}
    photo = await kari.keep(1, visibility="public", exif_dict=exif)
    await _allow(kari, "public", exif=True)
    assert (await _told(ola, photo))["exif_dict"] is None, "the file's words would tell its name and more"
    await _allow(kari, "public", filename=True)
    assert (await _told(ola, photo))["exif_dict"] == {"EXIF": {"Make": "Canon"}}


async def test_members_and_visitors_of_links_have_policies_of_their_own(
    kari: Person, ola: Person, anyone: Person
) -> None:
    photo = await kari.keep(1)
    await put(kari, await space_of(kari, ola), photo)
    await _allow(kari, "space", place="exact", filename=True)
    told = await _told(ola, photo)
    assert ((told["gps_latitude"], told["gps_longitude"]), told["primary_filename"]) == (_EXACT, "IMG_0001.JPG")
    link = await link_of(kari, photo_ids=[photo["id"]])
    headers = await opened(anyone, link)
    path = f"shared/{link['token']}/photos/{photo['id']}"
    shown = (await anyone.get(path, headers=headers)).json()
    assert (shown["gps_latitude"], shown["country"], shown["primary_filename"]) == (None, None, None)
    await _allow(kari, "link", place="near")
    assert (await anyone.get(path, headers=headers)).json()["gps_latitude"] == 59.9

"""Many photos corrected at once: shown first, done all or none, undone as one, by several people at a time."""

import asyncio
from typing import Any

import pytest

from metadata_service.doctor import examine
from tests.support.metadata import MetadataService, Person

_SHIFT = {"op": "shift", "seconds": 3600}


async def _apply(person: Person, **body: Any) -> dict[str, Any]:
    answer = await person.post("corrections", json=body)
    assert answer.status_code == 201, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def _times(person: Person, photos: list[dict[str, Any]]) -> list[str | None]:
    return [(await person.get(f"photos/{photo['id']}")).json()["taken_at"] for photo in photos]


async def test_a_shift_is_shown_then_done_as_shown_then_undone(service: MetadataService, kari: Person) -> None:
    photos = [await kari.keep(seed) for seed in (1, 2, 3)]
    undated = await kari.keep(4, metadata={"taken_at": None, "camera_make": "Canon"})
    before = await _times(kari, photos)
    body = {
        "criteria": {"camera_make": "Canon"},
        "change": {"op": "shift", "seconds": -86_400.5},
        "reason": "no travel",
    }
    shown = (await kari.post("corrections/preview", json=body)).json()
    assert (shown["matched"], shown["changed"], shown["skipped"]) == (4, 3, {"undated": 1})
    assert (shown["first_before"], shown["first_after"]) == ("2024-04-02T14:55:20", "2024-04-01T14:55:19.500000")
    assert [row["photo_id"] for row in shown["data"]] == [photo["id"] for photo in photos]
    assert await _times(kari, photos) == before, "nothing was done yet"
    done = await _apply(kari, **body)
    assert (done["changed"], done["skipped"], done["batch"]["photo_count"]) == (3, {"undated": 1}, 3)
    assert await _times(kari, photos) == [row["after"]["taken_at"] for row in shown["data"]]
    assert await examine(service.database, repair=False) == []
    batch = done["batch"]["id"]
    (listed,) = (await kari.get("corrections/batches")).json()["data"]
    assert (listed["id"], listed["reason"], listed["undone_at"]) == (batch, "no travel", None)
    undone = (await kari.post(f"corrections/batches/{batch}/undo")).json()
    assert undone["changed"] == 3
    assert undone["batch"]["undone_at"] is not None
    assert await _times(kari, photos) == before
    assert (await kari.post(f"corrections/batches/{batch}/undo")).json()["changed"] == 0
    assert (await kari.post(f"corrections/batches/{batch}/redo")).json()["changed"] == 3
    assert (await kari.get(f"corrections/batches/{batch}")).json()["undone_at"] is None
    assert (await kari.get(f"photos/{undated['id']}")).json()["timeloc_correction"] is None
    assert await examine(service.database, repair=False) == []


async def test_undoing_a_shift_leaves_the_shifts_after_it(kari: Person) -> None:
    photo = await kari.keep(1)
    one = await _apply(kari, ids=[photo["id"]], change=_SHIFT)
    await _apply(kari, ids=[photo["id"]], change={"op": "shift", "seconds": 60})
    assert await _times(kari, [photo]) == ["2024-04-02T15:56:20"]
    await kari.post(f"corrections/batches/{one['batch']['id']}/undo")
    assert await _times(kari, [photo]) == ["2024-04-02T14:56:20"]


async def test_two_shifts_at_once_both_count(service: MetadataService, kari: Person) -> None:
    photos = [await kari.keep(seed) for seed in range(1, 7)]
    ids = [photo["id"] for photo in photos]
    seconds = (60, 120, 240, -30)
    await asyncio.gather(*(_apply(kari, ids=ids, change={"op": "shift", "seconds": some}) for some in seconds))
    assert {time[-5:] for time in await _times(kari, photos) if time} == {"01:50"}
    assert await examine(service.database, repair=False) == []


async def test_photos_of_others_are_left_out_and_said(kari: Person, ola: Person) -> None:
    mine, theirs = await kari.keep(1), await ola.keep(2, visibility="public")
    ids = [mine["id"], theirs["id"], 999_999]
    shown = (await kari.post("corrections/preview", json={"ids": ids, "change": _SHIFT})).json()
    assert (shown["matched"], shown["skipped"]) == (1, {"not_yours": 2})
    done = await _apply(kari, ids=ids, hothashes=["f" * 64], change=_SHIFT)
    assert (done["changed"], done["skipped"]) == (1, {"not_yours": 3})
    assert await _times(ola, [theirs]) == ["2024-04-03T14:55:20"]
    done = await _apply(kari, ids=[theirs["id"]], change=_SHIFT)
    assert (done["changed"], done["batch"]) == (0, None), "nothing to change, no batch"
    for path in ("undo", "redo"):
        batch = (await _apply(ola, ids=[theirs["id"]], change=_SHIFT))["batch"]["id"]
        answer = await kari.post(f"corrections/batches/{batch}/{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "correction-batch-not-found")
    assert (await kari.get(f"corrections/batches/{batch}")).status_code == 404


async def test_a_shift_out_of_time_is_refused_whole(kari: Person) -> None:
    old, new = await kari.keep(1, metadata={"taken_at": "1801-01-01T00:00:00"}), await kari.keep(2)
    body = {"ids": [old["id"], new["id"]], "change": {"op": "shift", "seconds": -2 * 366 * 86_400}}
    shown = (await kari.post("corrections/preview", json=body)).json()
    assert (shown["changed"], shown["out_of_range"]) == (1, 1)
    answer = await kari.post("corrections", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "time-out-of-range")
    assert await _times(kari, [old, new]) == ["1801-01-01T00:00:00", "2024-04-03T14:55:20"]


async def test_an_offset_is_offered_from_the_zone_of_the_place_and_applied_only_when_asked(kari: Person) -> None:
    nobody_knows = {"taken_at_offset": None}
    summer = await kari.keep(1, metadata=nobody_knows)
    winter = await kari.keep(2, metadata=nobody_knows | {"taken_at": "2024-01-02T12:00:00"})
    tokyo = await kari.keep(3, metadata=nobody_knows | {"gps_latitude": 35.68, "gps_longitude": 139.76})
    sea = await kari.keep(4, metadata=nobody_knows | {"gps_latitude": -40.0, "gps_longitude": -120.0})
    nowhere = await kari.keep(5, metadata=nobody_knows | {"gps_latitude": None, "gps_longitude": None})
    known = await kari.keep(6)
    one = (await kari.get(f"photos/{summer['id']}/offset-suggestion")).json()
    assert (one["data"][0]["after"]["taken_at_offset"], one["data"][0]["zone"]) == ("+02:00", "Europe/Oslo")
    assert (await kari.get(f"photos/{summer['id']}")).json()["taken_at_offset"] is None
    everyone = [photo["id"] for photo in (summer, winter, tokyo, sea, nowhere, known)]
    done = await _apply(kari, ids=everyone, change={"op": "offset_from_place"})
    assert done["skipped"] == {"unknown_zone": 1, "no_place": 1, "unchanged": 1}
    assert done["batch"]["source"] == "time-zone"
    offsets = [(await kari.get(f"photos/{some}")).json()["taken_at_offset"] for some in everyone]
    assert offsets == ["+02:00", "+01:00", "+09:00", None, None, "+02:00"]
    (row,) = (await kari.get(f"photos/{tokyo['id']}/corrections")).json()["data"]
    assert row["value"] == {"op": "offset", "offset": "+09:00", "zone": "Asia/Tokyo"}


async def test_a_place_is_copied_set_and_cleared(kari: Person, ola: Person) -> None:
    source = await kari.keep(1)
    bare = [await kari.keep(seed, metadata={"gps_latitude": None, "gps_longitude": None}) for seed in (2, 3)]
    ids = [photo["id"] for photo in bare]
    await _apply(kari, ids=ids, change={"op": "place_of", "hothash": source["hothash"]})
    shown = (await kari.get(f"photos/{ids[0]}")).json()
    assert (shown["gps_latitude"], shown["city"], shown["has_gps"]) == (59.9139, "Oslo", True)
    await _apply(kari, ids=ids, change={"op": "place", "latitude": -33.86, "longitude": 151.2, "altitude": 5})
    shown = (await kari.get(f"photos/{ids[0]}")).json()
    assert (shown["gps_altitude"], shown["city"], shown["country_code"]) == (5, "Sydney", "AU")
    await _apply(kari, ids=ids, change={"op": "no_place"})
    shown = (await kari.get(f"photos/{ids[0]}")).json()
    assert [shown[name] for name in ("gps_latitude", "gps_altitude", "city", "country")] == [None] * 4
    assert shown["timeloc_correction"]["gps_latitude"] is None
    assert await kari.ids(has_gps=True) == [source["id"]]
    answer = await kari.post("corrections", json={"ids": ids, "change": {"op": "place_of", "photo_id": ids[0]}})
    assert (answer.status_code, answer.json()["type"]) == (422, "photo-has-no-place")
    theirs = await ola.keep(7)
    for change in ({"op": "place_of", "photo_id": theirs["id"]}, {"op": "place_of", "photo_id": 999_999}):
        answer = await kari.post("corrections", json={"ids": ids, "change": change})
        assert (answer.status_code, answer.json()["type"]) == (404, "photo-not-found")


async def test_what_lies_in_the_trash_is_not_corrected_but_undone(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1)
    batch = (await _apply(kari, ids=[photo["id"]], change=_SHIFT))["batch"]["id"]
    (row,) = (await kari.get(f"photos/{photo['id']}/corrections")).json()["data"]
    await kari.delete(f"photos/{photo['id']}")
    done = await _apply(kari, ids=[photo["id"]], change=_SHIFT)
    assert done["skipped"] == {"not_yours": 1}
    assert (await kari.post(f"corrections/{row['id']}/undo")).status_code == 404
    assert (await kari.post(f"corrections/batches/{batch}/undo")).json()["changed"] == 1
    restored = (await kari.post(f"photos/{photo['id']}/restore")).json()
    assert (restored["taken_at"], restored["timeloc_correction"]) == ("2024-04-02T14:55:20", None)
    await kari.delete(f"photos/{photo['id']}", params={"purge": True})
    assert await examine(service.database, repair=False) == []


@pytest.mark.parametrize(
    "body",
    [
        {"ids": [1], "change": {"op": "shift", "seconds": 0}},
        {"ids": [1], "change": {"op": "shift", "seconds": 0.0001}},
        {"ids": [1], "change": {"op": "shift", "seconds": 1e12}},
        {"ids": [1], "change": {"op": "shift", "seconds": "NaN"}},
        {"ids": [1], "change": {"op": "offset", "offset": "+14:01"}},
        {"ids": [1], "change": {"op": "offset", "offset": "+02:60"}},
        {"ids": [1], "change": {"op": "offset", "offset": "2"}},
        {"ids": [1], "change": {"op": "offset"}},
        {"ids": [1], "change": {"op": "place", "latitude": 91, "longitude": 0}},
        {"ids": [1], "change": {"op": "place_of"}},
        {"ids": [1], "change": {"op": "set_time", "taken_at": "0000-00-00T00:00:00"}},
        {"ids": [1], "change": {"op": "set_time"}},
        {"ids": [1], "change": {"op": "explode"}},
        {"ids": [1], "change": {"op": "shift", "seconds": 1, "more": 1}},
        {"ids": [], "change": _SHIFT},
        {"change": _SHIFT},
        {"ids": [1], "criteria": {}, "change": _SHIFT},
        {"ids": [0], "change": _SHIFT},
        {"hothashes": ["x"], "change": _SHIFT},
        {"criteria": {"rating_min": 9}, "change": _SHIFT},
        {"ids": [1]},
    ],
)
async def test_what_makes_no_sense_is_refused(kari: Person, body: dict[str, Any]) -> None:
    for path in ("corrections", "corrections/preview"):
        answer = await kari.post(path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request"), answer.text


async def test_offsets_at_the_edge_of_the_world_are_taken(kari: Person) -> None:
    photo = await kari.keep(1)
    for offset in ("+14:00", "-14:00", "-09:30", None):
        await _apply(kari, ids=[photo["id"]], change={"op": "offset", "offset": offset})
        assert (await kari.get(f"photos/{photo['id']}")).json()["taken_at_offset"] == offset


async def test_of_many_photos_each_gets_its_own_time_in_few_statements(kari: Person, statements: list[str]) -> None:
    ids = [(await kari.keep(seed))["id"] for seed in range(1, 9)]
    statements.clear()
    await _apply(kari, ids=ids[:1], change=_SHIFT)
    few = len(statements)
    statements.clear()
    await _apply(kari, ids=ids, change=_SHIFT)
    assert len(statements) == few, "however many photos"

"""Corrections: what a person says counts everywhere, what the camera said is never lost, and all can be undone."""

from typing import Any

import pytest
from sqlalchemy import update

from metadata_service.doctor import examine
from metadata_service.tables import Photo
from tests.support.metadata import MetadataService, Person

_NOON = "2024-04-02T12:00:00"


async def _correct(person: Person, photo: dict[str, Any], body: Any, kind: str = "timeloc") -> dict[str, Any]:
    answer = await person.patch(f"photos/{photo['hothash']}/{kind}-correction", json=body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def _history(person: Person, photo: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await person.get(f"photos/{photo['id']}/corrections")).json()["data"]
    return rows


async def _days(person: Person) -> list[tuple[int, int, int, int]]:
    answer = await person.get("timeline", params={"granularity": "day"})
    return [(day["year"], day["month"], day["day"], day["count"]) for day in answer.json()["data"]]


async def test_a_corrected_time_counts_in_every_list_and_null_gives_the_cameras_back(kari: Person) -> None:
    photo, other = await kari.keep(1, tags=["sea"]), await kari.keep(2, tags=["sea"])
    before = (await kari.get(f"photos/{photo['id']}")).json()
    assert await kari.ids() == [other["id"], photo["id"]]
    shown = await _correct(kari, photo, {"taken_at": "2024-05-20T08:00:00", "correction_reason": "wrong year"})
    assert (shown["taken_at"], shown["taken_at_offset"]) == ("2024-05-20T08:00:00", "+02:00")
    assert shown["taken_at_source"] == "correction"
    told = shown["timeloc_correction"]
    assert (told["taken_at"], told["correction_reason"]) == ("2024-05-20T08:00:00", "wrong year")
    assert told["corrected_by"] == kari.user["id"]
    assert told["corrected_at"].endswith("Z")
    assert "gps_latitude" not in told, "only what was corrected"
    assert shown["updated_at"] > before["updated_at"]
    for params in ({}, {"tags": "sea"}, {"camera_make": "Canon"}):
        assert await kari.ids(**params) == [photo["id"], other["id"]]
    assert await kari.ids(taken_after="2024-05-01") == [photo["id"]]
    assert await _days(kari) == [(2024, 5, 20, 1), (2024, 4, 3, 1)]
    slashed = await kari.patch(f"photos/{photo['hothash']}/timeloc-correction/", json={"taken_at": _NOON})
    assert (slashed.status_code, slashed.json()["taken_at"]) == (200, _NOON), "as existing clients spell the path"
    back = await _correct(kari, photo, None)
    assert back | {"updated_at": 0} == before | {"updated_at": 0}
    assert await kari.ids(tags="sea") == [other["id"], photo["id"]]
    assert await _days(kari) == [(2024, 4, 3, 1), (2024, 4, 2, 1)]


async def test_corrections_add_up_and_each_can_be_undone_and_redone(kari: Person) -> None:
    photo = await kari.keep(1)
    await _correct(kari, photo, {"taken_at": _NOON})
    await _correct(kari, photo, {"gps_latitude": 69.65, "gps_longitude": 18.96, "correction_reason": "no signal"})
    shown = await _correct(kari, photo, {"taken_at": "2024-04-02T13:00:00"})
    assert shown["timeloc_correction"]["gps_latitude"] == 69.65
    first, place, second = await _history(kari, photo)
    assert [row["kind"] for row in (first, place, second)] == ["time", "place", "time"]
    undone = (await kari.post(f"corrections/{second['id']}/undo")).json()
    assert undone["taken_at"] == _NOON
    assert (await kari.post(f"corrections/{second['id']}/undo")).json()["taken_at"] == _NOON, "twice is once"
    undone = (await kari.post(f"corrections/{first['id']}/undo")).json()
    assert undone["taken_at"] == "2024-04-02T14:55:20"
    assert undone["gps_latitude"] == 69.65
    undone = (await kari.post(f"corrections/{place['id']}/undo")).json()
    assert (undone["gps_latitude"], undone["gps_longitude"]) == (59.9139, 10.7522)
    assert undone["timeloc_correction"] is None
    redone = (await kari.post(f"corrections/{second['id']}/redo")).json()
    assert redone["taken_at"] == "2024-04-02T13:00:00"
    assert [row["undone_at"] is None for row in await _history(kari, photo)] == [False, False, True]


async def test_an_undated_photo_gets_its_place_in_the_timeline_and_loses_it_again(kari: Person) -> None:
    photo = await kari.keep(1, metadata={"taken_at": None, "taken_at_offset": None, "taken_at_source": None})
    undated = await kari.ids(undated=True)
    shown = await _correct(kari, photo, {"taken_at": "1931-07-01T00:00:00+01:00"})
    assert (shown["taken_at"], shown["taken_at_offset"]) == ("1931-07-01T00:00:00", "+01:00")
    assert await kari.ids(undated=True) == []
    assert (await _days(kari)) == [(1931, 7, 1, 1)]
    await _correct(kari, photo, None)
    assert await kari.ids(undated=True) == undated == [photo["id"]]


async def test_a_place_is_told_in_words_and_its_owner_alone_finds_it_by_them(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    shown = (await kari.get(f"photos/{photo['id']}")).json()
    assert (shown["city"], shown["country"], shown["country_code"]) == ("Oslo", "Norway", "NO")
    shown = await _correct(kari, photo, {"gps_latitude": 69.65, "gps_longitude": 18.96})
    assert (shown["city"], shown["region"], shown["country"]) == ("Tromsø", "Troms", "Norway")
    for question, finds in (("tromsø", True), ("tromso", True), ("norway", True), ("oslo", False)):
        assert await kari.ids(query=question) == ([photo["id"]] if finds else []), question
    assert await ola.ids(query="tromsø") == []
    theirs = (await ola.get(f"photos/{photo['id']}")).json()
    assert (theirs["city"], theirs["timeloc_correction"]) == (None, None)
    assert theirs["gps_latitude"] != 69.65, "others are told as much as their owner allows"
    for params, finds in (({"city": "Tromsø"}, True), ({"country": "Norway"}, True), ({"city": "Oslo"}, False)):
        assert await kari.ids(**params) == ([photo["id"]] if finds else [])
        assert await ola.ids(**params) == []
    assert await kari.ids(bbox="18,69,20,70") == [photo["id"]]
    assert await kari.ids(country="no") == [photo["id"]], "a country's two letters will do"


async def test_a_view_is_corrected_field_by_field_and_told_to_all_who_see_the_photo(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    await _correct(kari, photo, {"rotation": 90}, "view")
    crop = {"x": 0.1, "y": 0.1, "width": 0.9, "height": 0.8}
    shown = await _correct(kari, photo, {"relative_crop": crop, "exposure_adjust": -0.5}, "view")
    view = shown["view_correction"]
    assert (view["rotation"], view["relative_crop"], view["exposure_adjust"]) == (90, crop, -0.5)
    assert (shown["width"], shown["height"]) == (6000, 4000), "the picture itself is as it was"
    assert shown["timeloc_correction"] is None
    theirs = (await ola.get(f"photos/{photo['id']}")).json()["view_correction"]
    assert theirs == {"rotation": 90, "relative_crop": crop, "exposure_adjust": -0.5}
    listed = (await ola.get("photos")).json()["data"][0]["view_correction"]
    assert listed == theirs
    shown = await _correct(kari, photo, {"rotation": None}, "view")
    assert "rotation" not in shown["view_correction"]
    assert (await _correct(kari, photo, None, "view"))["view_correction"] is None
    assert len(await _history(kari, photo)) == 3


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("timeloc", {"taken_at": "0000-01-01T00:00:00"}),
        ("timeloc", {"taken_at": "1799-12-31T23:59:59"}),
        ("timeloc", {"taken_at": "9999-12-31T23:59:59"}),
        ("timeloc", {"taken_at": "2016-12-31T23:59:60"}),
        ("timeloc", {"taken_at": "2024-02-30T10:00:00"}),
        ("timeloc", {"taken_at": "2024-04-02T10:00:00+15:00"}),
        ("timeloc", {"taken_at": 1_712_000_000}),
        ("timeloc", {"taken_at": "yesterday"}),
        ("timeloc", {"gps_latitude": 91, "gps_longitude": 0}),
        ("timeloc", {"gps_latitude": 0, "gps_longitude": -180.01}),
        ("timeloc", {"correction_reason": "x" * 256}),
        ("timeloc", {"correction_reason": "a\0b"}),
        ("timeloc", {"rotation": 90}),
        ("timeloc", []),
        ("view", {"rotation": 45}),
        ("view", {"exposure_adjust": 2.5}),
        ("view", {"relative_crop": {"x": 0, "y": 0, "width": 0, "height": 1}}),
        ("view", {"relative_crop": {"x": 0.5, "y": 0, "width": 0.6, "height": 1}}),
        ("view", {"relative_crop": {"x": -0.1, "y": 0, "width": 0.5, "height": 1}}),
        ("view", {"relative_crop": {"x": 0, "y": 0, "width": 0.5}}),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(kari: Person, kind: str, body: Any) -> None:
    photo = await kari.keep(1)
    before = (await kari.get(f"photos/{photo['id']}")).json()
    answer = await kari.patch(f"photos/{photo['id']}/{kind}-correction", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request"), answer.text
    assert (await kari.get(f"photos/{photo['id']}")).json() == before


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
async def test_no_number_that_is_none_comes_in(kari: Person, number: str) -> None:
    photo = await kari.keep(1)
    for kind, body in (
        ("timeloc", f'{{"gps_latitude": {number}, "gps_longitude": 0}}'),
        ("view", f'{{"exposure_adjust": {number}}}'),
    ):
        headers = {"Content-Type": "application/json"}
        answer = await kari.patch(f"photos/{photo['id']}/{kind}-correction", content=body, headers=headers)
        assert answer.status_code in {400, 422}, answer.text


async def test_half_a_place_is_completed_by_the_photos_own_or_refused(kari: Person) -> None:
    photo = await kari.keep(1)
    shown = await _correct(kari, photo, {"gps_latitude": 60.39})
    assert (shown["gps_latitude"], shown["gps_longitude"]) == (60.39, 10.7522)
    nowhere = await kari.keep(2, metadata={"gps_latitude": None, "gps_longitude": None})
    answer = await kari.patch(f"photos/{nowhere['id']}/timeloc-correction", json={"gps_latitude": 60.39})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][-1] == "gps_longitude"


async def test_only_the_owner_corrects_and_reads_the_history(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    await _correct(kari, photo, {"taken_at": _NOON})
    (row,) = await _history(kari, photo)
    path = f"photos/{photo['id']}"
    assert (await ola.patch(f"{path}/timeloc-correction", json=None)).status_code == 403
    assert (await ola.patch(f"{path}/view-correction", json={"rotation": 90})).status_code == 403
    assert (await ola.get(f"{path}/corrections")).status_code == 403
    answer = await ola.post(f"corrections/{row['id']}/undo")
    assert (answer.status_code, answer.json()["type"]) == (404, "correction-not-found")
    assert (await kari.get(path)).json()["taken_at"] == _NOON


async def test_a_duplicate_egg_overwrites_neither_a_correction_nor_what_was_typed(kari: Person) -> None:
    photo = await kari.keep(1, title="typed")
    await _correct(kari, photo, {"taken_at": _NOON, "gps_latitude": 69.65, "gps_longitude": 18.96})
    await _correct(kari, photo, {"rotation": 180}, "view")
    before = (await kari.get(f"photos/{photo['id']}")).json()
    again = await kari.keep(1, title="other", metadata={"taken_at": "2020-01-01T00:00:00", "gps_latitude": 1.0})
    assert again["is_duplicate"]
    after = (await kari.get(f"photos/{photo['id']}")).json()
    same = set(before) - {"updated_at", "last_imported"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


async def test_the_doctor_finds_a_photo_that_says_something_else_and_puts_it_right(
    service: MetadataService, kari: Person
) -> None:
    photo = await kari.keep(1)
    await _correct(kari, photo, {"taken_at": _NOON, "gps_latitude": 69.65, "gps_longitude": 18.96})
    await _correct(kari, photo, {"rotation": 90}, "view")
    before = (await kari.get(f"photos/{photo['id']}")).json()
    assert await examine(service.database, repair=False) == []
    async with service.database.writing() as session:
        await session.execute(update(Photo).values(taken_at=None, gps_latitude=1.0, view_correction=None))
    found = await examine(service.database, repair=True)
    for name in ("taken_at", "gps_latitude", "view_correction"):
        assert f"photo {photo['id']} has another {name} than its camera and its corrections say" in found
    assert await examine(service.database, repair=False) == []
    after = (await kari.get(f"photos/{photo['id']}")).json()
    assert after | {"updated_at": 0} == before | {"updated_at": 0}

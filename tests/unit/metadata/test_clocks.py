"""Clocks that were wrong are found by GPS time or by a photo of the same moment, and put right only when asked."""

from typing import Any

import pytest

from tests.support.metadata import Person

_NO_OFFSET = {"taken_at_offset": None}


def _gps(day: str, hours: int, minutes: int, seconds: float = 0) -> dict[str, Any]:
    return {"EXIF": {"Make": "Canon"}, "GPS": {"GPSDateStamp": day, "GPSTimeStamp": [hours, minutes, seconds]}}


async def _keep(person: Person, seed: int, wall: str, exif: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return await person.keep(seed, metadata=_NO_OFFSET | {"taken_at": wall} | metadata, exif_dict=exif)


async def test_a_clock_that_was_wrong_is_found_with_evidence_and_put_right_by_one_batch(kari: Person) -> None:
    # Oslo in June is two hours ahead of UTC; the clock was an hour and five minutes ahead of that.
    wrong = [
        await _keep(kari, day, f"2024-06-{day:02}T13:05:00", _gps(f"2024:06:{day:02}", 10, 0)) for day in (1, 2, 3)
    ]
    bare = await _keep(kari, 4, "2024-06-02T20:05:00", {}, gps_latitude=None, gps_longitude=None)
    right = await _keep(kari, 5, "2024-06-02T12:00:10", _gps("2024:06:02", 10, 0), camera_model="EOS R6")
    report = (await kari.get("corrections/clock-errors")).json()
    assert (report["examined"], report["compared"], report["is_all"]) == (4, 4, True)
    finding, fine = report["data"]
    assert (finding["camera_model"], finding["error_seconds"], finding["photos"]) == ("EOS R5", 3900, 3)
    assert (fine["camera_model"], fine["is_wrong"], fine["offer"]) == ("EOS R6", False, None)
    assert finding["evidence"][0]["offset_from"] == "Europe/Oslo"
    assert finding["evidence"][0]["true_time"] == "2024-06-01T10:00:00Z"
    assert (await kari.get(f"photos/{bare['id']}")).json()["taken_at"] == "2024-06-02T20:05:00", "offered, not applied"
    shown = (await kari.post("corrections/preview", json=finding["offer"])).json()
    assert shown["changed"] == 4
    done = await kari.post("corrections", json=finding["offer"])
    assert done.status_code == 201, done.text
    times = [(await kari.get(f"photos/{photo['id']}")).json()["taken_at"] for photo in (*wrong, bare, right)]
    assert times == [*(f"2024-06-{day:02}T12:00:00" for day in (1, 2, 3)), "2024-06-02T19:00:00", "2024-06-02T12:00:10"]
    again = (await kari.get("corrections/clock-errors")).json()["data"]
    assert [item["is_wrong"] for item in again] == [False, False]


async def test_a_clock_that_was_set_in_between_is_put_right_for_each_time_by_itself(kari: Person) -> None:
    for day in (1, 2):
        await _keep(kari, day, f"2024-06-{day:02}T13:00:00", _gps(f"2024:06:{day:02}", 10, 0))
    for day in (10, 11):
        await _keep(kari, day, f"2024-06-{day:02}T11:30:00", _gps(f"2024:06:{day:02}", 10, 0))
    found = (await kari.get("corrections/clock-errors")).json()["data"]
    assert sorted(item["error_seconds"] for item in found) == [-1800, 3600]
    for item in found:
        assert (await kari.post("corrections", json=item["offer"])).json()["changed"] == 2
    assert all(not item["is_wrong"] for item in (await kari.get("corrections/clock-errors")).json()["data"])


@pytest.mark.parametrize(
    "gps",
    [
        None,
        "text",
        {"GPSDateStamp": "2024:13:01", "GPSTimeStamp": [1, 2, 3]},
        {"GPSDateStamp": "2024:06:01", "GPSTimeStamp": [25, 0, 0]},
        {"GPSDateStamp": "2024:06:01", "GPSTimeStamp": [23, 59, 60]},
        {"GPSDateStamp": "2024:06:01", "GPSTimeStamp": [None, None, None]},
        {"GPSDateStamp": "2024:06:01", "GPSTimeStamp": "noon"},
        {"GPSDateStamp": 20240601, "GPSTimeStamp": [1]},
        {"GPSTimeStamp": [1, 2, 3]},
    ],
)
async def test_gps_time_that_makes_no_sense_is_no_evidence(kari: Person, gps: Any) -> None:
    for seed in (1, 2):
        await _keep(kari, seed, "2024-06-01T09:00:00", {"GPS": gps})
    report = (await kari.get("corrections/clock-errors")).json()
    assert (report["examined"], report["compared"], report["data"]) == (2, 0, [])


async def test_an_offset_that_was_derived_from_gps_time_is_no_evidence_against_it(kari: Person) -> None:
    derived = [{"code": "offset-derived-from-gps", "message": "derived"}]
    for seed in (1, 2):  # an hour ahead in Oslo: core_service derives +03:00 from it
        metadata = {"taken_at": f"2024-06-0{seed}T13:00:00", "taken_at_offset": "+03:00"}
        await kari.keep(seed, metadata=metadata, exif_dict=_gps(f"2024:06:0{seed}", 10, 0), warnings=derived)
    (finding,) = (await kari.get("corrections/clock-errors")).json()["data"]
    assert (finding["error_seconds"], finding["evidence"][0]["offset"]) == (3600, "+02:00")


async def test_a_photo_of_the_same_moment_tells_how_wrong_a_clock_was(kari: Person, ola: Person) -> None:
    camera = await _keep(kari, 1, "2024-06-01T09:00:00", {})
    phone = await kari.keep(2, metadata={"taken_at": "2024-06-01T12:00:30", "camera_model": "iPhone 15"})
    asked = {"photo_id": camera["id"], "reference_hothash": phone["hothash"]}
    finding = (await kari.post("corrections/clock-errors/from-reference", json=asked)).json()
    assert (finding["error_seconds"], finding["offer"]["change"]) == (-10_830, {"op": "shift", "seconds": 10_830})
    assert (await kari.post("corrections", json=finding["offer"])).json()["changed"] == 1
    assert (await kari.get(f"photos/{camera['id']}")).json()["taken_at"] == "2024-06-01T12:00:30"
    said = {"photo_id": camera["id"], "true_time": "2024-06-01T12:00:30"}
    finding = (await kari.post("corrections/clock-errors/from-reference", json=said)).json()
    assert (finding["is_wrong"], finding["offer"]) == (False, None)
    theirs = await ola.keep(3)
    for body, status in (
        ({"photo_id": camera["id"], "reference_photo_id": theirs["id"]}, 404),
        ({"photo_id": camera["id"]}, 422),
        ({"photo_id": camera["id"], **said, "reference_photo_id": phone["id"]}, 422),
    ):
        assert (await kari.post("corrections/clock-errors/from-reference", json=body)).status_code == status
    assert (await ola.get("corrections/clock-errors")).json()["data"] == []


@pytest.mark.parametrize("make", [None, "Canon"])
async def test_photos_that_name_no_model_are_told_of_and_offered_nothing(kari: Person, make: str | None) -> None:
    nameless = {"camera_make": make, "camera_model": None}
    ids = [
        (await _keep(kari, day, f"2024-06-{day:02}T13:05:00", _gps(f"2024:06:{day:02}", 10, 0), **nameless))["id"]
        for day in (1, 2)
    ]
    (finding,) = (await kari.get("corrections/clock-errors")).json()["data"]
    assert (finding["is_wrong"], finding["offer"]) == (True, None), "criteria without a model would mean others too"
    asked = {"photo_id": ids[0], "true_time": "2024-06-01T12:00:00"}
    assert (await kari.post("corrections/clock-errors/from-reference", json=asked)).json()["offer"] is None

"""Why a photo says what it says, told of photographs that core_service read itself."""

from collections.abc import AsyncIterator
from typing import Any

import piexif
import pytest

from tests.support.core import CoreClient as RunningCore
from tests.support.core import running_core
from tests.support.metadata import Person
from tests.support.photos import camera_exif, camera_jpeg


@pytest.fixture
async def core() -> AsyncIterator[RunningCore]:
    async with running_core(processes=1) as running:
        yield running


async def _keep(core: RunningCore, person: Person, exif: bytes, **changes: Any) -> dict[str, Any]:
    laid = await core.egg(camera_jpeg(exif=exif, width=400, height=300), "IMG_0001.JPG")
    answer = await person.post("photos/photoegg", json=laid | changes)
    assert answer.status_code in {200, 201}, answer.text
    shown: dict[str, Any] = (await person.get(f"photos/{answer.json()['id']}")).json()
    return shown


async def _why(person: Person, photo: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    answer = await person.get(f"photos/{photo['hothash']}/provenance")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _used(evidence: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(item["source"], item["value"]) for item in evidence if item["used"]]


def _with_dates(**dates: bytes) -> bytes:
    """EXIF with the dates that are named."""
    names = {
        "original": ("Exif", piexif.ExifIFD.DateTimeOriginal),
        "digitized": ("Exif", piexif.ExifIFD.DateTimeDigitized),
        "modified": ("0th", piexif.ImageIFD.DateTime),
    }
    exif: dict[str, dict[int, Any]] = {"0th": {piexif.ImageIFD.Make: b"Canon"}, "Exif": {}}
    for name, text in dates.items():
        group, tag = names[name]
        exif[group][tag] = text
    written: bytes = piexif.dump(exif)
    return written


async def test_a_cameras_photo_tells_which_tags_were_believed(core: RunningCore, kari: Person) -> None:
    photo = await _keep(core, kari, camera_exif(orientation=6))
    why = await _why(kari, photo)
    assert _used(why["time"]) == [("EXIF:DateTimeOriginal", "2024-04-27T14:55:20.420000")]
    modified = next(item for item in why["time"] if item["source"] == "EXIF:ModifyDate")
    assert (modified["raw"], modified["used"]) == ("2025:01:01 00:00:00", False)
    assert "last wrote the file" in modified["why"]
    assert _used(why["offset"]) == [("EXIF:OffsetTimeOriginal", "+02:00")]
    position, atlas = why["place"]
    assert (position["source"], position["used"], position["value"]) == ("GPS:GPSLatitude", True, [59.9139, 10.7522])
    assert position["raw"]["GPSLatitudeRef"] == "N"
    assert (atlas["source"], atlas["value"]) == ("atlas", "Oslo, Oslo, Norway")
    assert _used(why["camera"]) == [
        ("EXIF:Make", "Canon"),
        ("EXIF:Model", "Canon EOS R5"),
        ("EXIF:LensModel", "RF24-70mm F2.8 L IS USM"),
    ]
    assert _used(why["size"])[0] == ("picture", [300, 400])
    assert ("EXIF:Orientation", 6) in _used(why["size"])


@pytest.mark.parametrize(
    ("dates", "believed", "senseless"),
    [
        ({"original": b"2024:05:17 10:00:00", "digitized": b"2024:06:01 10:00:00"}, "EXIF:DateTimeOriginal", ()),
        (
            {"original": b"0000:00:00 00:00:00", "digitized": b"2024:06:01 10:00:00"},
            "EXIF:CreateDate",
            ("EXIF:DateTimeOriginal",),
        ),
        ({"original": b"2024:02:30 10:00:00", "modified": b"2025:01:01 00:00:00"}, "EXIF:ModifyDate", ()),
        ({"modified": b"2025:01:01 00:00:00"}, "EXIF:ModifyDate", ()),
    ],
)
async def test_the_tag_that_is_said_to_be_believed_is_the_one_that_core_service_believed(
    core: RunningCore, kari: Person, dates: dict[str, bytes], believed: str, senseless: tuple[str, ...]
) -> None:
    photo = await _keep(core, kari, _with_dates(**dates))
    assert photo["taken_at_source"] == believed
    why = await _why(kari, photo)
    assert _used(why["time"]) == [(believed, photo["taken_at"])]
    said = {item["source"]: item for item in why["time"]}
    for source in senseless:
        assert (said[source]["value"], said[source]["why"]) == (None, "No date that makes sense.")


async def test_a_photo_without_a_date_says_that_it_is_sorted_by_when_it_came(core: RunningCore, kari: Person) -> None:
    why = await _why(kari, await _keep(core, kari, b""))
    assert [(item["source"], item["used"]) for item in why["time"]] == [("arrival", True)]
    assert why["place"] == why["camera"] == why["offset"] == []


async def test_corrections_stand_before_the_tags_that_they_overrule(core: RunningCore, kari: Person) -> None:
    photo = await _keep(core, kari, camera_exif())
    path = f"photos/{photo['id']}"
    body = {"taken_at": "2024-05-01T12:00:00", "gps_latitude": 69.65, "gps_longitude": 18.96}
    await kari.patch(f"{path}/timeloc-correction", json=body | {"correction_reason": "wrong trip"})
    await kari.post("corrections", json={"ids": [photo["id"]], "change": {"op": "shift", "seconds": 60}})
    why = await _why(kari, photo)
    shift, said, tag, _ = why["time"]
    assert [(item["source"], item["used"]) for item in (shift, said, tag)] == [
        ("correction", True),
        ("correction", True),
        ("EXIF:DateTimeOriginal", False),
    ]
    assert (said["why"], said["value"]) == ("wrong trip.", "2024-05-01T12:00:00")
    assert (tag["value"], tag["why"]) == ("2024-04-27T14:55:20.420000", "You corrected it.")
    assert [(item["source"], item["used"]) for item in why["place"]] == [
        ("correction", True),
        ("GPS:GPSLatitude", False),
        ("atlas", True),
    ]
    assert why["place"][0]["value"] == [69.65, 18.96]
    await kari.patch(f"{path}/timeloc-correction", json=None)
    why = await _why(kari, photo)
    assert _used(why["time"]) == [("EXIF:DateTimeOriginal", "2024-04-27T14:55:20.420000")]
    assert [item["why"][:6] for item in why["time"] if item["source"] == "correction"] == ["Undone"] * 2


async def test_only_the_owner_is_told(core: RunningCore, kari: Person, ola: Person) -> None:
    photo = await _keep(core, kari, camera_exif(), visibility="public")
    answer = await ola.get(f"photos/{photo['id']}/provenance")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-your-photo")

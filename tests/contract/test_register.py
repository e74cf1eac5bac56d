"""The ways in of existing clients: a flat egg in an envelope, and a file that the server has an egg laid of."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from metadata_service.core_client import CoreClient
from tests.support.core import CoreClient as RunningCore
from tests.support.core import running_core
from tests.support.eggs import egg
from tests.support.metadata import MetadataService, Person
from tests.support.photos import camera_jpeg


@pytest.fixture
async def core(service: MetadataService) -> AsyncIterator[RunningCore]:
    async with running_core(processes=1) as running:
        transport = running._transport
        service.app.state.core = CoreClient("http://localhost", timeout_seconds=20, transport=transport)
        yield running


def _flat(seed: int, **more: Any) -> dict[str, Any]:
    laid = egg(seed)
    flat = {name: laid[name] for name in ("hothash", "hotpreview_base64", "width", "height", "exif_dict")}
    taken = {"taken_at": "2024-05-01T10:00:00", "gps_latitude": 60.0, "gps_longitude": 5.0}
    return flat | taken | {"image_file_list": [{"filename": "A.JPG", "file_size": 5, "other": 1}]} | more


async def test_a_flat_egg_in_its_envelope_is_kept(kari: Person) -> None:
    channel = (await kari.post("import-sessions", json={})).json()["id"]
    flat = _flat(1, rating=4, category="trip", input_channel_id=channel, coldpreview_path=None)
    answer = await kari.post("photos/create/", json={"photo_create_schema": flat, "tags": ["sea"]})
    created = answer.json()
    assert (answer.status_code, created["rating"], created["is_duplicate"]) == (201, 4, False)
    photo = (await kari.get(f"photos/{created['hothash']}")).json()
    assert (photo["taken_at"], photo["gps_latitude"], photo["category"]) == ("2024-05-01T10:00:00", 60.0, "trip")
    assert photo["input_channel_id"] == channel
    assert [file["filename"] for file in photo["files"]] == ["A.JPG"]
    assert await kari.ids(tags="sea") == [created["id"]]
    assert (await kari.post("photos/create", json={"photo_create_schema": flat})).status_code == 200


@pytest.mark.parametrize("where", ["address", "form"])
async def test_a_file_is_registered_with_its_owners_wishes(core: RunningCore, kari: Person, where: str) -> None:
    wishes = {"rating": "3", "visibility": "public", "coldpreview_size": "400"}
    file = {"file": ("fjord Æ.jpg", camera_jpeg(width=900, height=600), "image/jpeg")}
    answer = await kari.post(
        "photos/register-image", files=file, **{"params" if where == "address" else "data": wishes}
    )
    assert answer.status_code == 201, answer.text
    photo = (await kari.get(f"photos/{answer.json()['id']}")).json()
    assert (photo["rating"], photo["visibility"], photo["coldpreview_width"]) == (3, "public", 400)
    assert (photo["primary_filename"], photo["camera_make"]) == ("fjord Æ.jpg", "Canon")


@pytest.mark.parametrize("where", ["params", "data"])
async def test_a_wish_that_cannot_be_is_refused_before_the_file_is_read(
    core: RunningCore, kari: Person, where: str
) -> None:
    file = {"file": ("a.jpg", camera_jpeg(width=300, height=200), "image/jpeg")}
    answer = await kari.post("photos/register-image", files=file, **{where: {"rating": "9"}})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_a_file_that_is_no_photo_is_refused_in_cores_own_words(core: RunningCore, kari: Person) -> None:
    answer = await kari.post("photos/register-image", files={"file": ("a.jpg", b"just text")})
    assert (answer.status_code, answer.json()["type"]) == (422, "image-refused")
    assert "text" in answer.json()["detail"].lower()
    assert await kari.ids() == []


async def test_without_core_no_file_becomes_a_photo(kari: Person) -> None:
    answer = await kari.post("photos/register-image", files={"file": ("a.jpg", camera_jpeg(width=300, height=200))})
    assert (answer.status_code, answer.json()["type"]) == (503, "core-away")
    assert answer.headers["retry-after"]

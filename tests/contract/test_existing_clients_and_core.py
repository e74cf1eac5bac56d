"""Calls of existing clients that need core_service: both real applications in one process."""

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from PIL import Image

from metadata_service.core_client import CoreClient
from tests.support.core import CoreClient as RunningCore
from tests.support.core import running_core
from tests.support.eggs import egg, jpeg
from tests.support.existing_shapes import CREATED, FILE, PHOTO, fits
from tests.support.metadata import MetadataService, Person
from tests.support.photos import camera_exif, camera_jpeg, encode, scene

FLAT = "taken_at* gps_latitude* gps_longitude* camera_make* camera_model* iso* focal_length* image_file_list*"
PLAIN_EXIF = (
    "camera_make* camera_model* iso* aperture* f_number* shutter_speed* exposure_time* focal_length* lens_model*"
)


@pytest.fixture
async def core(service: MetadataService) -> AsyncIterator[RunningCore]:
    async with running_core(processes=1) as running:
        transport = running._transport
        service.app.state.core = CoreClient("http://localhost", timeout_seconds=20, transport=transport)
        yield running


@pytest.mark.parametrize("path", ["/v1/process", "/v1/process/", "/api/v1/process"])
async def test_core_answers_in_the_flat_spellings_too(core: RunningCore, kari: Person, path: str) -> None:
    file = camera_jpeg(width=900, height=600, exif=camera_exif())
    answer = await core.post(path, files={"file": ("IMG_1.JPG", file)}, data={"coldpreview_size": "400"})
    assert answer.status_code == 200, answer.text
    laid = answer.json()
    fits(laid, FLAT)
    fits(laid["image_file_list"][0], "filename* file_size*")
    assert laid["image_file_list"][0]["file_size"] == len(file)
    fits(laid["exif_dict"], PLAIN_EXIF)
    assert laid["exif_dict"]["aperture"] == laid["exif_dict"]["f_number"]
    assert laid["exif_dict"]["shutter_speed"] == laid["exif_dict"]["exposure_time"]
    created = await kari.post("photos/create/", json={"photo_create_schema": laid, "tags": []})
    assert created.status_code == 201, created.text
    fits(created.json(), CREATED)


@pytest.mark.parametrize(("size", "side"), [(149, 300), (0, 300), (None, 3)])
async def test_core_refuses_with_400_what_is_too_small(core: RunningCore, size: int | None, side: int) -> None:
    fields = {} if size is None else {"coldpreview_size": str(size)}
    answer = await core.process(encode(scene(side, side), "PNG"), "a.png", **fields)
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("slash", ["", "/"])
async def test_register_image(core: RunningCore, kari: Person, slash: str) -> None:
    file = {"file": ("fjord.jpg", camera_jpeg(width=900, height=600), "image/jpeg")}
    channel = (await kari.post("input-channels", json={})).json()["id"]
    wishes = {"rating": 3, "visibility": "public", "input_channel_id": channel, "coldpreview_size": 400}
    answer = await kari.post(f"photos/register-image{slash}", files=file, params=wishes)
    assert answer.status_code == 201, answer.text
    fits(answer.json(), CREATED)
    photo = (await kari.get(f"photos/{answer.json()['hothash']}{slash}")).json()
    fits(photo, PHOTO)
    fits(photo["files"][0], FILE)
    assert (photo["input_channel_id"], photo["coldpreview_width"]) == (channel, 400)


async def _picture(person: Person, address: str, **headers: str) -> tuple[httpx.Response, Any]:
    answer = await person.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer, Image.open(io.BytesIO(answer.content)).size


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ("width=450", (450, 300)),
        ("height=300", (450, 300)),
        ("width=450&height=100", (150, 100)),
        ("width=5000&height=5000", (900, 600)),
        ("width=900", (900, 600)),
        ("", (900, 600)),
    ],
)
async def test_a_coldpreview_is_made_to_fit_and_never_enlarged(
    core: RunningCore, kari: Person, asked: str, size: tuple[int, int]
) -> None:
    photo = await kari.keep(1, coldpreview=jpeg(2, size=(900, 600)))
    address = f"photos/{photo['hothash']}/coldpreview?{asked}"
    answer, shown = await _picture(kari, address)
    assert shown == size
    assert "exif" not in Image.open(io.BytesIO(answer.content)).info
    again = await kari.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    other = await kari.get(
        f"photos/{photo['hothash']}/coldpreview?width=77", headers={"If-None-Match": again.headers["etag"]}
    )
    assert other.status_code == 200, "another size is another picture"


async def test_without_core_the_whole_coldpreview_is_answered(kari: Person) -> None:
    """The service of the fixture asks a port where nobody listens."""
    photo = await kari.keep(1, coldpreview=jpeg(2, size=(900, 600)))
    whole, _ = await _picture(kari, f"photos/{photo['id']}/coldpreview")
    answer, size = await _picture(kari, f"photos/{photo['id']}/coldpreview?width=450")
    assert (size, answer.headers["etag"]) == ((900, 600), whole.headers["etag"]), "no cache takes it for the small one"


@pytest.mark.parametrize("asked", ["width=0", "height=-1", "width=x", "width=99999"])
async def test_a_size_that_cannot_be_is_refused(kari: Person, asked: str) -> None:
    photo = await kari.keep(1, coldpreview=jpeg(2, size=(900, 600)))
    answer = await kari.get(f"photos/{photo['id']}/coldpreview?{asked}")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


@pytest.mark.parametrize("slash", ["", "/"])
async def test_corrections(kari: Person, slash: str) -> None:
    photo = (await kari.post("photos/photoegg", json=egg(1))).json()
    at = f"photos/{photo['hothash']}"
    camera = (await kari.get(at)).json()
    wanted = {
        "taken_at": "2024-05-02T10:00:00",
        "gps_latitude": 1.5,
        "gps_longitude": 2.5,
        "correction_reason": "clock",
    }
    answer = await kari.patch(f"{at}/timeloc-correction{slash}", json=wanted)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    fits(told, PHOTO)
    assert {name: told[name] for name in wanted if name in told} == {
        name: value for name, value in wanted.items() if name in told
    }
    assert told["timeloc_correction"]["correction_reason"] == "clock"
    view = {
        "rotation": 90,
        "relative_crop": {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5},
        "exposure_adjust": -1.5,
    }
    turned = (await kari.patch(f"{at}/view-correction{slash}", json=view)).json()
    fits(turned, PHOTO)
    assert {name: turned["view_correction"][name] for name in view} == view
    for name in ("timeloc", "view"):
        answer = await kari.patch(
            f"{at}/{name}-correction{slash}", content="null", headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 200, answer.text
    back = answer.json()
    assert (back["timeloc_correction"], back["view_correction"]) == (None, None)
    for name in ("taken_at", "gps_latitude", "gps_longitude"):
        assert back[name] == camera[name]

"""The pair at work, both real applications in one process: a camera's JPEG becomes an egg, is kept, and is seen."""

import hashlib
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from tests.support.core import CoreClient, running_core
from tests.support.metadata import Person
from tests.support.photos import camera_exif, camera_jpeg, encode, scene


@pytest.fixture
async def core() -> AsyncIterator[CoreClient]:
    async with running_core(processes=1) as running:
        yield running


async def _keep(person: Person, egg: dict[str, Any], **wishes: Any) -> dict[str, Any]:
    answer = await person.post("photos/photoegg", json=egg | wishes)
    assert answer.status_code in {200, 201}, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_camera_jpeg_goes_all_the_way_and_shows_what_the_camera_saw(core: CoreClient, kari: Person) -> None:
    file = camera_jpeg(width=1600, height=1200, exif=camera_exif(orientation=6))
    created = await _keep(kari, await core.egg(file, "IMG_1234.JPG", coldpreview_size=800), rating=4)
    photo = (await kari.get(f"photos/{created['id']}")).json()
    assert (photo["width"], photo["height"]) == (1200, 1600), "as displayed"
    assert photo["taken_at"].startswith("2024-04-27T14:55:20")
    assert (photo["taken_at_offset"], photo["taken_at_source"]) == ("+02:00", "EXIF:DateTimeOriginal")
    assert (photo["camera_make"], photo["iso"], photo["exposure_time"]) == ("Canon", 200, "1/250")
    assert photo["gps_latitude"] == pytest.approx(59.9139, abs=1e-6)
    assert photo["files"][0]["sha256"] == hashlib.sha256(file).hexdigest()
    for name, longest in (("hotpreview", 150), ("coldpreview", 800)):
        picture = Image.open(io.BytesIO((await kari.get(f"photos/{created['id']}/{name}")).content))
        assert (picture.format, max(picture.size)) == ("JPEG", longest)
        assert picture.width < picture.height, "upright"
        assert "exif" not in picture.info


async def test_the_egg_of_core_is_taken_as_it_is_flat_and_nested(core: CoreClient, kari: Person) -> None:
    egg = await core.egg(camera_jpeg())
    first = await _keep(kari, egg)
    again = await kari.post("photos/photoegg", json={"photo_egg": egg})
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


async def test_another_coldpreview_of_the_same_file_is_the_same_photo(core: CoreClient, kari: Person) -> None:
    file = camera_jpeg()
    ids = {(await _keep(kari, await core.egg(file, **wish)))["id"] for wish in ({}, {"coldpreview_size": 500})}
    assert len(ids) == 1


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
async def test_every_format_goes_all_the_way(core: CoreClient, kari: Person, image_format: str) -> None:
    egg = await core.egg(encode(scene(400, 300), image_format), f"x.{image_format.lower()}", coldpreview_size=200)
    created = await _keep(kari, egg)
    assert (created["width"], created["height"]) == (400, 300)
    assert (await kari.get(f"photos/{created['id']}/coldpreview")).status_code == 200

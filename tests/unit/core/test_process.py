"""One image in, one PhotoEgg out."""

import base64
import hashlib
import io

import pytest
from PIL import Image

from shared_schemas.photoegg import PhotoEgg, hatch
from tests.support.core import CoreClient, problem_of
from tests.support.photos import OSLO, camera_exif, camera_jpeg, encode, scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _decoded(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


async def test_the_egg_of_a_camera_jpeg_proves_itself_and_tells_everything(core: CoreClient) -> None:
    photo = camera_jpeg(width=1600, height=1200, orientation=6)
    egg = await core.egg(photo, "IMG_0001.JPG", coldpreview_size=640)
    hatched = hatch(PhotoEgg.model_validate(egg))
    assert hashlib.sha256(hatched.hotpreview.jpeg).hexdigest() == egg["hothash"]
    assert (egg["width"], egg["height"]) == (1200, 1600)
    assert _decoded(egg["hotpreview_base64"]).size == (egg["hotpreview_width"], egg["hotpreview_height"]) == (113, 150)
    assert (
        _decoded(egg["coldpreview_base64"]).size == (egg["coldpreview_width"], egg["coldpreview_height"]) == (480, 640)
    )
    assert egg["file_sha256"] == hashlib.sha256(photo).hexdigest()
    assert (egg["image_format"], egg["file_size_bytes"], egg["recipe"]) == ("JPEG", len(photo), "hothash-1")
    assert (egg["is_valid_image"], egg["primary_filename"], egg["warnings"]) == (True, "IMG_0001.JPG", [])
    metadata = egg["metadata"]
    assert metadata["taken_at"].startswith("2024-04-27T14:55:20")
    assert (metadata["taken_at_offset"], metadata["camera_make"]) == ("+02:00", "Canon")
    assert metadata["gps_latitude"] == pytest.approx(OSLO.latitude, abs=1e-6)


async def test_existing_clients_find_their_flat_spellings(core: CoreClient) -> None:
    egg = await core.egg(camera_jpeg(), "IMG_0001.JPG")
    for name in ("taken_at", "camera_make", "camera_model", "lens_model", "iso", "gps_latitude", "gps_altitude"):
        assert egg[name] == egg["metadata"][name] == egg["exif_dict"][name]
    assert egg["exif_dict"]["aperture"] == egg["exif_dict"]["f_number"] == 2.8
    assert egg["exif_dict"]["shutter_speed"] == egg["exif_dict"]["exposure_time"] == "1/250"
    assert egg["image_file_list"] == [{"filename": "IMG_0001.JPG", "file_size": egg["file_size_bytes"]}]


async def test_no_coldpreview_is_made_unless_one_is_asked_for(core: CoreClient) -> None:
    egg = await core.egg(camera_jpeg())
    assert egg["coldpreview_base64"] is egg["coldpreview_width"] is egg["coldpreview_height"] is None


@pytest.mark.parametrize(
    ("fields", "side"),
    [
        ({"generate_coldpreview": "true"}, 1920),
        ({"coldpreview_size": "150"}, 150),
        ({"coldpreview_size": "8192"}, 2400),
    ],
)
async def test_the_coldpreview_is_as_large_as_asked_for_and_never_larger_than_the_photo(
    core: CoreClient, fields: dict[str, str], side: int
) -> None:
    photo = camera_jpeg(width=2400, height=1600)
    egg = await core.egg(photo, **fields)
    assert max(_decoded(egg["coldpreview_base64"]).size) == side


async def test_the_hothash_does_not_depend_on_name_coldpreview_or_metadata(core: CoreClient) -> None:
    for width, height in ((700, 500), (4000, 3000)):
        plain = camera_jpeg(width=width, height=height, exif=b"")
        tagged = camera_jpeg(width=width, height=height, exif=camera_exif(make="Nikon"))
        eggs = [
            await core.egg(plain),
            await core.egg(tagged, "other name.png"),
            await core.egg(plain, coldpreview_size=3500),
        ]
        eggs.append(await core.egg(plain, coldpreview_size=150))
        assert len({egg["hothash"] for egg in eggs}) == 1, (width, height)


async def test_the_old_address_answers_the_same(core: CoreClient) -> None:
    files = {"file": ("a.jpg", camera_jpeg())}
    new = await core.post("/v1/process", files=files)
    old = await core.post("/api/v1/process/", files=files)
    assert (old.status_code, old.json()) == (200, new.json())


async def test_the_image_may_be_the_body_itself(core: CoreClient) -> None:
    photo = camera_jpeg()
    headers = {"Content-Type": "image/jpeg", "X-Filename": "Sk%C3%A6r.JPG"}
    answer = await core.post("/v1/process", params={"coldpreview_size": 300}, content=photo, headers=headers)
    assert answer.status_code == 200
    assert answer.json() == await core.egg(photo, "Skær.JPG", coldpreview_size=300)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\kari\\IMG 1.jpg", "IMG 1.jpg"),
        ("../../etc/passwd", "passwd"),
        ("日本の写真.jpg", "日本の写真.jpg"),
        ("x" * 300 + ".jpg", "x" * 255),
        ("a\x07b.jpg", "ab.jpg"),
    ],
)
async def test_the_filename_is_the_last_part_of_a_path_and_printable(core: CoreClient, sent: str, kept: str) -> None:
    boundary = "frontier"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{sent}"\r\n\r\n'.encode()
    body += encode(scene(40, 30), "JPEG") + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = await core.post("/v1/process", content=body, headers=headers)
    assert answer.json()["primary_filename"] == kept


async def test_previews_are_plain_srgb_jpegs_without_metadata(core: CoreClient) -> None:
    egg = await core.egg(camera_jpeg(), coldpreview_size=300)
    for name in ("hotpreview_base64", "coldpreview_base64"):
        preview = _decoded(egg[name])
        assert (preview.format, preview.mode) == ("JPEG", "RGB")
        assert set(preview.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}, preview.info


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"coldpreview_size": "149"}, (400, "coldpreview-size-out-of-range")),
        ({"coldpreview_size": "8193"}, (400, "coldpreview-size-out-of-range")),
        ({"coldpreview_size": "large"}, (422, "invalid-request")),
        ({"generate_coldpreview": "perhaps"}, (422, "invalid-request")),
        ({"coldpreview": "500"}, (422, "invalid-request")),
    ],
)
async def test_a_wish_that_cannot_be_met_is_refused(
    core: CoreClient, fields: dict[str, str], problem: tuple[int, str]
) -> None:
    assert problem_of(await core.process(camera_jpeg(width=50, height=40), **fields)) == problem


async def test_service_formats_and_recipe_are_told(core: CoreClient) -> None:
    assert (await core.get("/")).json() == {"service": "core_service", "version": "0.1.0"}
    names = [known["name"] for known in (await core.get("/v1/formats")).json()["formats"]]
    assert {"JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"} <= set(names)
    recipe = (await core.get("/v1/recipe")).json()
    assert (recipe["recipe"], recipe["libraries"]["pillow"]) == ("hothash-1", "13.0.0")
    assert {"pillow-heif", "rawpy", "libjpeg_turbo", "littlecms2"} <= set(recipe["libraries"])


async def test_metrics_tell_formats_outcomes_and_stages(core: CoreClient) -> None:
    await core.egg(camera_jpeg())
    await core.process(b"no image")
    metrics = (await core.get("/metrics")).text
    assert 'core_images_total{format="JPEG",outcome="ok"}' in metrics
    assert 'core_images_total{format="unknown",outcome="found-text"}' in metrics
    assert 'core_stage_seconds_count{stage="decode"}' in metrics
    assert "core_images_at_work 0.0" in metrics

"""Whatever is sent, the answer says in words what is wrong with it, and nothing breaks."""

import io
import struct

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.support import png
from tests.support.core import CoreClient, problem_of, running_core
from tests.support.dng import dng
from tests.support.photos import camera_jpeg, encode, scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


_HEIF_OF_TILES = encode(scene(320, 240), "HEIF", quality=50, tile_size=64)  # libheif alone would show what is there
_PNG_OF_60000 = png.header(60_000, 60_000) + png.chunk(b"IDAT", b"x")


def _many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated, as a bomb does."""
    photo = encode(scene(64, 64), "JPEG", progressive=True)
    last = photo.rindex(b"\xff\xda")
    return photo[:-2] + photo[last:-2] * count + photo[-2:]


def _one_component_a_scan(count: int) -> bytes:
    """The same without being progressive: the first scan holds one component of three."""
    photo = bytearray(encode(scene(64, 64), "JPEG"))
    scan = photo.index(b"\xff\xda")
    header = bytes.fromhex("ffda 0008 01 01 00 00 3f 00".replace(" ", ""))
    return bytes(photo[:scan]) + (header + b"\x55\x55") * count + b"\xff\xd9"


def _many_strips(count: int) -> bytes:
    """A TIFF whose directory claims `count` strips."""
    entries = [(256, 4, 1, 5000), (257, 4, 1, 5000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(273, 4, count, 200), (278, 4, 1, 1), (279, 4, count, 200)]
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + bytes(4 * count + 200)


def _laden(jpeg: bytes, segment: bytes, count: int) -> bytes:
    """A JPEG with `count` application segments before its own."""
    return jpeg[:2] + (b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment) * count + jpeg[2:]


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        pytest.param(b"", (400, "empty-upload"), id="nothing"),
        pytest.param(b"just some words\n", (415, "found-text"), id="text as .jpg"),
        pytest.param(b"BMW drivers like photos too, and write about them.", (415, "found-text"), id="text like a BMP"),
        pytest.param(b"\0\0\0\x08wide\0\0\0\0mdat", (415, "found-video"), id="an old QuickTime film"),
        pytest.param("æøå".encode() * 400, (415, "found-text"), id="text cut within a character"),
        pytest.param(b"<!DOCTYPE html><html>", (415, "found-text"), id="a web page"),
        pytest.param(b"<?xml version='1.0'?><svg/>", (415, "found-vector-drawing"), id="SVG"),
        pytest.param(b"%PDF-1.7 ...", (415, "found-vector-drawing"), id="PDF"),
        pytest.param(b"8BPS\0\1", (415, "found-layered-document"), id="Photoshop"),
        pytest.param(b"PK\x03\x04\x14\0", (415, "found-archive"), id="zip"),
        pytest.param(b"\0\0\0\x18ftypisom\0\0\2\0", (415, "found-video"), id="mp4"),
        pytest.param(bytes(range(200)), (415, "unknown-format"), id="noise"),
        pytest.param(camera_jpeg()[:-20_000], (422, "undecodable-image"), id="truncated JPEG"),
        pytest.param(camera_jpeg()[:300], (422, "undecodable-image"), id="JPEG cut in its EXIF"),
        pytest.param(b"II*\0\x08", (422, "undecodable-image"), id="five bytes of TIFF"),
        pytest.param(_HEIF_OF_TILES[:-900], (422, "undecodable-image"), id="truncated HEIF"),
        pytest.param(encode(scene(300, 200), "JXL")[:-900], (422, "undecodable-image"), id="truncated JPEG XL"),
        pytest.param(encode(scene(300, 200), "JPEG2000")[:-9000], (422, "undecodable-image"), id="truncated JPEG 2000"),
        pytest.param(dng(scene(300, 200))[:-9000], (422, "undecodable-image"), id="truncated RAW"),
        pytest.param(b"\xff\xd8\xff", (422, "undecodable-image"), id="three bytes of JPEG"),
        pytest.param(encode(scene(300, 200), "PNG")[:-3000], (422, "undecodable-image"), id="truncated PNG"),
        pytest.param(encode(scene(300, 200), "WEBP")[:-900], (422, "undecodable-image"), id="truncated WebP"),
        pytest.param(encode(scene(300, 200), "TIFF")[:-9000], (422, "undecodable-image"), id="truncated TIFF"),
        pytest.param(encode(scene(300, 200), "GIF")[:-9000], (422, "undecodable-image"), id="truncated GIF"),
        pytest.param(encode(scene(300, 200), "BMP")[:-9000], (422, "undecodable-image"), id="truncated BMP"),
        pytest.param(encode(scene(300, 200), "AVIF")[:-900], (422, "undecodable-image"), id="truncated AVIF"),
        pytest.param(encode(scene(1, 1), "JPEG"), (400, "image-too-small"), id="1×1"),
        pytest.param(encode(scene(3, 400), "PNG"), (400, "image-too-small"), id="3 pixels wide"),
        pytest.param(
            png.header(60_000, 60_000) + png.chunk(b"IDAT", b"x"), (422, "too-many-pixels"), id="60000×60000 PNG header"
        ),
        pytest.param(_many_scans(150), (422, "too-many-scans"), id="progressive JPEG of 150 scans"),
        pytest.param(_many_strips(300_000), (422, "undecodable-image"), id="TIFF of 300,000 strips"),
        pytest.param(_one_component_a_scan(150), (422, "too-many-scans"), id="sequential JPEG of 150 scans"),
    ],
)
async def test_a_bad_image_is_refused_by_name(core: CoreClient, image: bytes, problem: tuple[int, str]) -> None:
    assert problem_of(await core.process(image)) == problem


async def test_four_by_four_is_the_smallest_image(core: CoreClient) -> None:
    assert (await core.egg(encode(scene(4, 4), "PNG")))["width"] == 4


async def test_the_content_decides_and_not_the_name(core: CoreClient) -> None:
    assert (await core.egg(encode(scene(40, 30), "PNG"), "liar.jpg"))["image_format"] == "PNG"


async def test_garbage_after_the_picture_is_no_fault(core: CoreClient) -> None:
    photo = camera_jpeg(exif=b"")
    assert (await core.egg(photo + b"\xff\xda film" * 50_000))["hothash"] == (await core.egg(photo))["hothash"]


@pytest.mark.parametrize(("segment", "count"), [(bytes(60_000), 200), (b"", 100_000)])
async def test_a_photo_laden_with_metadata_is_still_the_photo(core: CoreClient, segment: bytes, count: int) -> None:
    photo = camera_jpeg(exif=b"")
    assert (await core.egg(_laden(photo, segment, count)))["hothash"] == (await core.egg(photo))["hothash"]


async def test_a_png_may_hold_an_editors_history(core: CoreClient) -> None:
    history = PngInfo()
    history.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>" + "history " * 500_000 + "</x:xmpmeta>", zip=True)
    assert (await core.process(encode(scene(60, 40), "PNG", pnginfo=history))).status_code == 200


async def test_a_wrong_field_name_is_told_with_the_right_one(core: CoreClient) -> None:
    answer = await core.post("/v1/process", files={"image": ("a.jpg", camera_jpeg())})
    assert problem_of(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["loc"] == ["body", "image"]
    assert "file" in answer.json()["detail"]


async def test_a_form_without_a_file_is_refused(core: CoreClient) -> None:
    answer = await core.post("/v1/process", files={"coldpreview_size": (None, "300")})
    assert problem_of(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["loc"] == ["body", "file"]


async def test_two_files_in_one_form_are_refused(core: CoreClient) -> None:
    photo = camera_jpeg(width=40, height=30)
    answer = await core.post("/v1/process", files=[("file", ("a.jpg", photo)), ("file", ("b.jpg", photo))])
    assert problem_of(answer) == (422, "invalid-request")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no boundary here"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b""),
    ],
)
async def test_a_form_that_is_not_whole_is_refused(core: CoreClient, content_type: str, body: bytes) -> None:
    answer = await core.post("/v1/process", content=body, headers={"Content-Type": content_type})
    assert problem_of(answer) == (400, "malformed-request")


async def test_limits_are_the_settings() -> None:
    async with running_core(processes=1, max_pixels=1000, max_file_mb=1, max_scans=3) as core:
        assert problem_of(await core.process(encode(scene(40, 30), "PNG"))) == (422, "too-many-pixels")
        assert problem_of(await core.process(encode(scene(20, 20), "JPEG", progressive=True))) == (
            422,
            "too-many-scans",
        )
        assert problem_of(await core.process(b"\xff\xd8\xff" + bytes(1024 * 1024))) == (413, "file-too-large")
        assert (await core.egg(encode(scene(40, 25), "PNG")))["width"] == 40


async def test_an_image_that_needs_too_much_memory_fails_alone() -> None:
    bomb = png.bomb(9000, 9000)
    async with running_core(processes=1, decode_memory_mb=320) as core:
        assert problem_of(await core.process(bomb)) == (422, "decoding-needs-too-much-memory")
        assert (await core.egg(camera_jpeg()))["width"] == 1600


@pytest.mark.asyncio(loop_scope="module")
async def test_the_hostile_samples_are_what_they_claim() -> None:
    """A sample that any reader refuses would prove nothing."""
    for sample in (_many_scans(50), png.bomb(300, 300)):
        Image.open(io.BytesIO(sample)).load()


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (camera_jpeg()[:-20_000], "The JPEG cannot be decoded: it is cut off."),
        (b"\xff\xd8\xff\xe0", "The JPEG cannot be decoded: it is cut off."),
        (encode(scene(300, 200), "PNG")[:60] + b"\0" * 400, "The PNG cannot be decoded: it is damaged."),
    ],
    ids=["cut off", "hardly begun", "overwritten"],
)
async def test_a_refusal_is_said_in_words_for_people(core: CoreClient, image: bytes, said: str) -> None:
    assert (await core.process(image)).json()["detail"] == said

"""The doors beside /v1/process: many images, metadata alone, a smaller JPEG, the binary form, the recipe."""

import asyncio
import io
import json
import os
import signal

import httpx
import pytest
from PIL import Image

from shared_schemas.eggwire import EGG_MEDIA_TYPE, NotAnEggError, unpack_egg
from shared_schemas.photoegg import hatch
from tests.support.core import CoreClient, problem_of, running_core
from tests.support.photos import camera_exif, camera_jpeg, encode, scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHOTOS = [camera_jpeg(width=width, height=300, exif=b"") for width in (400, 500, 600)]


async def _batch(core: CoreClient, images: list[bytes], **fields: str) -> list[dict[str, object]]:
    files = [("files", (f"{index}.jpg", image)) for index, image in enumerate(images)]
    answer = await core.post("/v1/process/batch", files=files, params=fields)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_batch_answers_a_line_for_each_image(core: CoreClient) -> None:
    lines = await _batch(core, PHOTOS, coldpreview_size="200")
    assert sorted(line["index"] for line in lines) == [0, 1, 2]
    for line in lines:
        index = line["index"]
        assert line["filename"] == f"{index}.jpg"
        assert line["egg"] == await core.egg(PHOTOS[index], f"{index}.jpg", coldpreview_size=200)


async def test_a_bad_file_of_a_batch_harms_only_itself(core: CoreClient) -> None:
    lines = {line["index"]: line for line in await _batch(core, [PHOTOS[0], b"no image", b"", PHOTOS[1]])}
    assert lines[1]["problem"]["type"] == "found-text"
    assert lines[2]["problem"]["type"] == "empty-upload"
    assert {index for index, line in lines.items() if "egg" in line} == {0, 3}


async def test_the_wishes_of_a_batch_may_be_in_its_form(core: CoreClient) -> None:
    form = [("coldpreview_size", (None, "200")), ("files", ("a.jpg", PHOTOS[0])), ("files", ("b.jpg", PHOTOS[1]))]
    answer = await core.post("/v1/process/batch", files=form)
    assert [json.loads(line)["egg"]["coldpreview_width"] for line in answer.text.splitlines()] == [200, 200]


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ([("files", ("a.jpg", PHOTOS[0])), ("coldpreview_size", (None, "200"))], "invalid-request"),
        ([("files", ("a.jpg", PHOTOS[0])), ("photo", ("b.jpg", PHOTOS[0]))], "invalid-request"),
    ],
)
async def test_what_is_wrong_with_the_request_is_the_last_line(
    core: CoreClient, form: list[tuple[str, tuple[str | None, object]]], problem: str
) -> None:
    lines = [json.loads(line) for line in (await core.post("/v1/process/batch", files=form)).text.splitlines()]
    assert "egg" in lines[0]
    assert (lines[-1]["index"], lines[-1]["problem"]["type"]) == (None, problem)


async def test_a_batch_without_files_or_form_is_refused(core: CoreClient) -> None:
    assert problem_of(await core.post("/v1/process/batch", files={"coldpreview_size": (None, "200")})) == (
        422,
        "invalid-request",
    )
    assert problem_of(await core.post("/v1/process/batch", content=PHOTOS[0])) == (400, "malformed-request")


async def test_a_batch_has_its_limits() -> None:
    async with running_core(processes=1, max_batch_files=2, max_file_mb=1, max_batch_mb=8) as core:
        lines = {line["index"]: line for line in await _batch(core, [PHOTOS[0], bytes(1100_000), PHOTOS[1]])}
        assert "egg" in lines[0]
        assert lines[1]["problem"]["type"] == "file-too-large"
        assert lines[None]["problem"]["type"] == "too-many-files"
        too_large = await core.post("/v1/process/batch", files={"files": ("a.jpg", bytes(9 * 1024 * 1024))})
        assert problem_of(too_large) == (413, "request-too-large")


async def test_a_batch_does_not_shut_out_others() -> None:
    async with running_core(processes=1, queue_length=2) as core:
        (pid,) = core.freeze_decoders()
        batch = asyncio.create_task(_batch(core, PHOTOS * 4))
        await asyncio.sleep(0.2)
        single = asyncio.create_task(core.process(PHOTOS[0]))
        await asyncio.sleep(0.1)
        os.kill(pid, signal.SIGCONT)
        assert (await single).status_code == 200
        assert len(await batch) == 12


async def test_a_batch_gives_every_slot_back_when_its_client_goes() -> None:
    def part(photo: bytes) -> bytes:
        head = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        return head + photo + b"\r\n"

    async with running_core(processes=2, queue_length=3) as core:
        # Two images whole and a third begun in one piece, then nobody: the two have not begun to be decoded.
        body = b"".join(part(photo) for photo in PHOTOS)[:-1000]
        await core.call_and_go("/v1/process/batch", body, "multipart/form-data; boundary=edge")
        assert core.slots_in_use == 0
        assert (await core.process(PHOTOS[0])).status_code == 200


async def test_metadata_is_read_without_pixels(core: CoreClient) -> None:
    photo = camera_jpeg()
    egg = await core.egg(photo)
    answer = await core.post("/v1/exif", files={"file": ("a.jpg", photo)})
    assert answer.status_code == 200
    assert answer.json() == {name: egg[name] for name in ("metadata", "exif_dict", "warnings")}
    torn = await core.post("/v1/exif", content=photo[:2000], headers={"Content-Type": "image/jpeg"})
    assert torn.json()["metadata"]["camera_make"] == "Canon"


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_bare_exif_blob_is_read(core: CoreClient, wrapped: bool) -> None:
    blob = camera_exif() if wrapped else camera_exif().removeprefix(b"Exif\0\0")
    answer = await core.post("/v1/exif", content=blob, headers={"Content-Type": "application/octet-stream"})
    assert answer.json()["metadata"]["camera_model"] == "Canon EOS R5"


async def test_metadata_of_what_is_no_image_is_refused(core: CoreClient) -> None:
    assert problem_of(await core.post("/v1/exif", content=b"words")) == (415, "found-text")
    assert problem_of(await core.post("/v1/exif", content=b"")) == (400, "empty-upload")


def _size(answer: httpx.Response) -> tuple[int, int]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.mode, image.info.get("exif")) == ("JPEG", "RGB", None)
        return image.size


@pytest.mark.parametrize(
    ("box", "size"),
    [({"width": 400}, (400, 300)), ({"height": 150}, (200, 150)), ({"width": 400, "height": 150}, (200, 150)),
     ({"width": 5000, "height": 5000}, (1600, 1200)), ({}, (1600, 1200)), ({"width": 1, "height": 1}, (1, 1))],
)  # fmt: skip
async def test_an_image_is_made_to_fit_and_never_enlarged(
    core: CoreClient, box: dict[str, int], size: tuple[int, int]
) -> None:
    assert _size(await core.post("/v1/resize", params=box, content=camera_jpeg())) == size


async def test_a_resized_image_is_upright(core: CoreClient) -> None:
    held = camera_jpeg(width=1600, height=1200, orientation=6)
    assert _size(await core.post("/v1/resize", params={"width": 300}, files={"file": ("a", held)})) == (300, 400)


@pytest.mark.parametrize("box", [{"width": 0}, {"height": 8193}, {"width": "wide"}])
async def test_a_size_that_makes_no_sense_is_refused(core: CoreClient, box: dict[str, object]) -> None:
    assert problem_of(await core.post("/v1/resize", params=box, content=PHOTOS[0])) == (422, "invalid-request")
    assert problem_of(await core.post("/v1/resize", content=b"no image")) == (415, "found-text")


async def test_the_binary_form_is_the_same_egg_in_fewer_bytes(core: CoreClient) -> None:
    files = {"file": ("a.jpg", PHOTOS[0])}
    for fields in ({}, {"coldpreview_size": "300"}):
        plain = await core.post("/v1/process", files=files, params=fields)
        packed = await core.post("/v1/process", files=files, params=fields, headers={"Accept": EGG_MEDIA_TYPE})
        assert packed.headers["content-type"] == EGG_MEDIA_TYPE
        assert unpack_egg(packed.content).model_dump(mode="json") == plain.json()
        assert len(packed.content) < len(plain.content)
        hatch(unpack_egg(packed.content))
        for damaged in (packed.content[:-1], packed.content + b"x", b"EGG\x02" + packed.content[4:], b"EGG"):
            with pytest.raises(NotAnEggError):
                unpack_egg(damaged)


async def test_the_running_service_proves_its_recipe(core: CoreClient) -> None:
    recipe = (await core.get("/v1/recipe")).json()
    assert (recipe["reproduces"], recipe["failures"]) == (True, [])


async def test_every_door_reads_every_format(core: CoreClient) -> None:
    image = encode(scene(60, 40), "PNG")
    assert (await core.post("/v1/exif", content=image)).status_code == 200
    assert _size(await core.post("/v1/resize", content=image)) == (60, 40)

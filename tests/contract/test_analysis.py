"""A model looks at photos of a place: a real one, if a tiny one, on what core_service decodes."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from metadata_service.analysis.onnx import bmp_of, pixels_of
from metadata_service.analysis.port import Detection, ModelMissingError, Models
from metadata_service.analysis.tiles import merged, tiles_of
from metadata_service.settings import Settings
from metadata_service.tables import AnalysisTile
from metadata_service.upload_jobs import leases
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.pipeline import process
from tests.support.metadata import Person
from tests.support.models import write_model
from tests.support.uploads import Uploading, ended, made, send, uploading

# Squares of red on grey: where they are, in blocks of 16 pixels. One lies where four tiles overlap.
_BLOCKS = [(1, 1), (6, 6), (20, 3), (30, 20)]
_PLACE = {"kind": "site", "name": "Field", "latitude": 0, "longitude": 0, "radius_m": 10}


def _field() -> bytes:
    picture = Image.new("RGB", (640, 480), (120, 120, 120))
    draw = ImageDraw.Draw(picture)
    for column, row in _BLOCKS:
        draw.rectangle((column * 16, row * 16, column * 16 + 15, row * 16 + 15), fill=(250, 10, 10))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=98, subsampling=0)
    return file.getvalue()


@pytest.fixture
async def up(settings: Settings, core_url: str, tmp_path: Path) -> AsyncIterator[Uploading]:
    write_model(tmp_path / "models")
    (tmp_path / "models" / "broken.onnx").write_bytes(b"no model")
    (tmp_path / "models" / "broken.json").write_text('{"labels": ["x"]}')
    async with uploading(settings.model_copy(update={"analysis_dir": tmp_path / "models"}), core_url) as running:
        running.bench = Bench(**{**_fields(running.bench), "models": Models(tmp_path / "models")})
        yield running


def _fields(bench: Bench) -> dict[str, Any]:
    return {name: getattr(bench, name) for name in ("database", "blobs", "core", "core_seconds")}


@pytest.fixture
async def lise(up: Uploading) -> Person:
    return await up.service.user("lise")


async def _place(person: Person, **analysis: Any) -> int:
    answer = await person.post("places", json={**_PLACE, "analysis": analysis or None})
    assert answer.status_code == 201, answer.text
    place_id: int = answer.json()["id"]
    return place_id


async def test_what_is_in_a_photo_is_found_counted_and_shown(up: Uploading, lise: Person) -> None:
    place_id = await _place(lise, model="red", min_confidence=0.6)
    (job,) = await made(lise, ("field.jpg", _field()), place_id=place_id)
    assert (job["status"], job["error"], job["result"]["total_detected"]) == ("completed", None, len(_BLOCKS))
    detail = (await lise.get(f"photos/{job['image_id']}")).json()
    found = sorted(tuple(round(edge / 16) for edge in one["box"][:2]) for one in detail["detections"])
    assert found == sorted(_BLOCKS)
    session = detail["processing_session"]
    assert session["category_counts"] == {"red thing": len(_BLOCKS)}
    assert session["avg_confidence"] > 0.8
    assert (session["validated"], detail["status"]) == (False, "ready")
    served = await lise.get(f"http://testserver{detail['annotated_url']}")
    with Image.open(io.BytesIO(served.content)) as annotated:
        red, green, _ = annotated.convert("RGB").getpixel((1 * 16 + 1, 1 * 16 + 1))
        assert red > 180
        assert green < 120
        assert annotated.size == (640, 480)

    verdict = {"validated": True, "manual_adjustments": {"added": {"red thing": 2}}}
    told = (await lise.patch(f"photos/uploads/{job['image_id']}/analysis", json=verdict)).json()
    assert told["processing_session"]["validated"] is True
    assert told["processing_session"]["manual_adjustments"] == {"added": {"red thing": 2}}
    assert told["processing_session"]["validation_date"] is not None

    await lise.post(f"photos/{job['image_id']}/reprocess")
    await ended(lise, job["upload_session_id"])
    again = (await lise.get(f"photos/{job['image_id']}")).json()
    assert again["processing_session"]["session_id"] != session["session_id"], "another look"
    assert again["processing_session"]["total_detected"] == len(_BLOCKS)
    assert len(up.objects("annotated")) == 2
    await lise.delete(f"photos/uploads/{job['image_id']}")
    await up.sweep()
    assert up.objects() == []


async def test_a_spot_is_looked_at_with_the_model_of_its_site(lise: Person) -> None:
    site = await _place(lise, model="red")
    area = {**_PLACE, "kind": "area", "name": "North", "parent_id": site}
    area_id = (await lise.post("places", json=area)).json()["id"]
    (job,) = await made(lise, ("field.jpg", _field()), place_id=area_id)
    assert job["result"]["total_detected"] == len(_BLOCKS)


@pytest.mark.parametrize("model", ["missing", "broken"])
async def test_a_model_that_cannot_be_used_is_said_and_harms_nothing(lise: Person, model: str) -> None:
    place_id = await _place(lise, model=model)
    (job,) = await made(lise, ("field.jpg", _field()), place_id=place_id)
    assert job["status"] == "completed"
    assert [warning["code"] for warning in job["result"]["warnings"]] == ["needs_config"]
    assert model in job["result"]["warnings"][0]["message"]
    assert len(await lise.ids()) == 1
    answer = await lise.patch(f"photos/uploads/{job['image_id']}/analysis", json={"validated": True})
    assert (answer.status_code, answer.json()["type"]) == (404, "analysis-not-found")


async def test_without_a_model_nothing_is_looked_for(lise: Person) -> None:
    place_id = await _place(lise)
    (job,) = await made(lise, ("field.jpg", _field()), place_id=place_id)
    assert "total_detected" not in job["result"]
    assert (await lise.get(f"photos/{job['image_id']}")).json()["annotated_url"] is None


async def test_parts_that_were_looked_at_are_not_looked_at_again(
    settings: Settings, core_url: str, tmp_path: Path
) -> None:
    write_model(tmp_path / "models")
    async with uploading(settings, core_url, at_once=0) as idle:
        per = await idle.service.user("per")
        place_id = await _place(per, model="red")
        accepted = await send(per, ("field.jpg", _field()), place_id=place_id)
        seen = _Forgetful(tmp_path / "models", dies_after=7)
        bench = Bench(**_fields(idle.bench), models=seen)
        async with idle.service.database.writing() as session:
            (lease,) = await leases.take(session, "one", 1, -1)
        working = asyncio.create_task(process(bench, lease))
        loop = asyncio.get_running_loop()
        seen.end = lambda: loop.call_soon_threadsafe(working.cancel)
        with pytest.raises(asyncio.CancelledError):
            await working
        async with idle.service.database.reading() as session:
            tiles = list(await session.scalars(select(AnalysisTile)))
        done = sum(tile.detections is not None for tile in tiles)
        assert 0 < done < len(tiles)
        async with idle.service.database.writing() as session:
            (lease,) = await leases.take(session, "two", 1, 60)
        seen.asked, seen.dies_after = 0, 10_000
        await process(bench, lease)
        assert seen.asked == len(tiles) - done
        (job,) = await ended(per, accepted["upload_session_id"])
        assert job["result"]["total_detected"] == len(_BLOCKS)


class _Forgetful(Models):
    """Real models, in a worker that is ended after some questions."""

    def __init__(self, folder: Path, dies_after: int) -> None:
        super().__init__(folder)
        self.asked, self.dies_after = 0, dies_after
        self.end: Callable[[], object] = lambda: None

    def load(self, name: str) -> Any:
        detector, card = super().load(name)
        outer = self

        class Counting:
            def detect(self, pixels: Any) -> list[Detection]:
                outer.asked += 1
                if outer.asked == outer.dies_after:
                    outer.end()
                return detector.detect(pixels)

        return Counting(), card


# Pure parts


@pytest.mark.parametrize(("width", "height"), [(640, 480), (128, 128), (100, 50), (129, 640), (1000, 127)])
def test_tiles_cover_every_pixel(width: int, height: int) -> None:
    covered = np.zeros((height, width), bool)
    for left, top, wide, high in tiles_of(width, height, 128, 32):
        assert left + wide <= width
        assert top + high <= height
        covered[top : top + high, left : left + wide] = True
    assert covered.all()


def test_of_overlapping_boxes_of_one_kind_the_surest_stays() -> None:
    sure = Detection("plant", 0.9, (0, 0, 10, 10))
    doubt = Detection("plant", 0.5, (1, 1, 11, 11))
    cut = Detection("plant", 0.7, (8, 0, 10, 10))  # what a tile's edge left of it
    other = Detection("empty", 0.4, (0, 0, 10, 10))
    far = Detection("plant", 0.3, (50, 50, 60, 60))
    assert merged([doubt, far, other, sure, cut], 0.5) == [sure, other, far]


@pytest.mark.parametrize("width", [1, 2, 3, 4, 61])
def test_pixels_go_there_and_back(width: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (5, width, 3), np.uint8)
    with Image.open(io.BytesIO(bmp_of(pixels))) as seen:
        assert (np.asarray(seen.convert("RGB")) == pixels).all()
    assert (pixels_of(bmp_of(pixels)) == pixels).all()
    with pytest.raises(ValueError, match="plain pixels"):
        pixels_of(b"BM" + bytes(60))


def test_a_name_leads_to_no_other_folder(tmp_path: Path) -> None:
    write_model(tmp_path / "models")
    models = Models(tmp_path / "models")
    assert models.names() == ["red"]
    for name in ("../models/red", "", "RED", "red.onnx"):
        with pytest.raises(ModelMissingError):
            models.load(name)
    with pytest.raises(ModelMissingError):
        Models(None).load("red")

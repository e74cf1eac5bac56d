"""A model looks at photos of a place: a real one, if a tiny one, on what core_service decodes."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import func, select

from metadata_service.analysis.onnx import bmp_of, pixels_of
from metadata_service.analysis.port import Detection, ModelMissingError, Models
from metadata_service.analysis.tiles import merged, tiles_of
from metadata_service.core_client import CoreClient
from metadata_service.settings import Settings
from metadata_service.storage.local import LocalFolder
from metadata_service.tables import AnalysisTile
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.leases import MAX_ATTEMPTS, Lease, LeaseLostError
from metadata_service.upload_jobs.pipeline import process
from metadata_service.upload_jobs.runner import Runner
from metadata_service.upload_jobs.stages import Queue
from service_kit.errors import StorageFullError
from tests.support.metadata import Person
from tests.support.models import write_model
from tests.support.photos import camera_jpeg
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


# Tiles are parts of a job


class _Watched(Models):
    """Real models; `before` is told of each question, numbered from 1, and may refuse or hold it up."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked = 0
        self.before: Callable[[int], object] = lambda _: None

    def load(self, name: str) -> Any:
        detector, card = super().load(name)
        outer = self

        class Asked:
            def detect(self, pixels: Any) -> list[Detection]:
                outer.asked += 1
                outer.before(outer.asked)
                return detector.detect(pixels)

        return Asked(), card


@dataclass
class Cut:
    """A picture of which nothing is left to do but the analysis: its tiles wait."""

    up: Uploading
    per: Person
    models: _Watched
    accepted: dict[str, Any]

    async def tiles(self, **asked: Any) -> list[Lease]:
        """Take some."""
        return [lease for lease in await self.up.take(**asked) if lease.stage == "tile"]

    async def pending(self) -> int:
        """How many have not been looked at."""
        async with self.up.service.database.reading() as session:
            query = select(func.count()).select_from(AnalysisTile).where(AnalysisTile.detections.is_(None))
            return await session.scalar(query) or 0

    async def job(self) -> dict[str, Any]:
        """What is told of the photo's job."""
        job: dict[str, Any] = (await self.per.get(f"photos/jobs/{self.accepted['jobs'][0]['job_id']}")).json()
        return job


@pytest.fixture
async def cut(settings: Settings, core_url: str, tmp_path: Path) -> AsyncIterator[Cut]:
    write_model(tmp_path / "models")
    async with uploading(settings, core_url, at_once=0) as idle:
        per = await idle.service.user("per")
        place_id = await _place(per, model="red")
        models = _Watched(tmp_path / "models")
        idle.bench = Bench(**_fields(idle.bench), models=models)
        accepted = await send(per, ("field.jpg", _field()), place_id=place_id)
        for _ in range(3):  # egg, thumbnail, tiles
            (lease,) = await idle.take()
            await process(idle.bench, lease)
        yield Cut(idle, per, models, accepted)


async def test_the_tiles_of_one_picture_are_taken_by_several_and_looked_at_once_each(cut: Cut) -> None:
    job = await cut.job()
    assert (job["status"], job["stage"], job["progress_percent"]) == ("processing", "analysis", 50)
    count = await cut.pending()
    assert len(cut.up.objects("tiles")) == count > 4
    one, other = await cut.tiles(count=2), await cut.tiles(count=2)
    assert len({lease.job_id for lease in one + other}) == 4, "two workers, two tiles each"
    await asyncio.gather(*(process(cut.up.bench, lease) for lease in one + other))
    assert (await cut.pending(), (await cut.job())["status"]) == (count - 4, "processing")
    await cut.up.work()
    assert cut.models.asked == count
    job = await cut.job()
    assert (job["status"], job["attempts"], job["result"]["total_detected"]) == ("completed", 1, len(_BLOCKS))
    assert [done["stage"] for done in job["stages"]] == ["library", "thumbnail", "analysis", "summary"]
    await cut.up.sweep()
    assert cut.up.objects("tiles") == [], "they are for the analysis alone"
    assert (await cut.up.reconcile()).strays == {}


async def test_the_last_tile_wakes_the_job_though_all_end_at_once(cut: Cut) -> None:
    leases = await cut.tiles(count=100)
    assert len(leases) == await cut.pending()
    await asyncio.gather(*(process(cut.up.bench, lease) for lease in leases))
    assert (await cut.pending(), await cut.up.take(queues=[Queue.CORE, Queue.IO])) == (0, [])
    (again,) = await cut.up.take()
    assert (again.parent_id, again.stage, again.attempts) == (None, "analysis", 1)


async def test_a_tile_whose_worker_dies_is_looked_at_by_another_and_only_that_one(cut: Cut) -> None:
    count = await cut.pending()
    dead = await cut.tiles(count=3, seconds=-1)
    await process(cut.up.bench, dead[0])  # this one was done just in time
    await cut.up.work()
    assert cut.models.asked == count
    with pytest.raises(LeaseLostError):
        await process(cut.up.bench, dead[1])
    assert (await cut.job())["result"]["total_detected"] == len(_BLOCKS)


async def test_a_tile_on_which_the_model_fails_is_tried_again_by_itself(cut: Cut) -> None:
    def fail(number: int) -> None:
        if number <= 2:
            raise RuntimeError("out of memory\nand much more")

    count = await cut.pending()
    cut.models.before = fail
    await cut.up.work()
    assert (await cut.pending(), (await cut.job())["status"]) == (2, "processing")
    await cut.up.make_due()
    await cut.up.work()
    assert cut.models.asked == count + 2
    job = await cut.job()
    assert (job["status"], job["result"]["warnings"]) == ("completed", [])
    assert job["result"]["total_detected"] == len(_BLOCKS)


async def test_tiles_on_which_the_model_always_fails_are_said_and_the_photo_is_there(cut: Cut) -> None:
    def fail(_: int) -> None:
        raise RuntimeError("out of memory\nand much more")

    count = await cut.pending()
    await process(cut.up.bench, (await cut.tiles(count=1))[0])
    cut.models.before = fail
    for _ in range(MAX_ATTEMPTS):
        await cut.up.work()
        await cut.up.make_due()
    await cut.up.work()
    assert cut.models.asked == 1 + MAX_ATTEMPTS * (count - 1)
    job = await cut.job()
    (warning,) = job["result"]["warnings"]
    assert (job["status"], warning["code"]) == ("completed", "analysis_failed")
    assert warning["message"] == f"The model failed on {count - 1} of {count} parts of the picture: out of memory"
    detail = (await cut.per.get(f"photos/{job['image_id']}")).json()
    assert (detail["status"], detail["annotated_url"], len(await cut.per.ids())) == ("warning", None, 1)
    await cut.up.sweep()
    assert cut.up.objects("tiles") == []


async def test_a_tile_that_kills_who_looks_at_it_is_parked_by_itself(cut: Cut) -> None:
    (deadly,) = await cut.tiles(count=1, seconds=-3600)  # due again before all others
    for _ in range(MAX_ATTEMPTS):
        (again,) = await cut.tiles(count=1, seconds=-3600)
        assert again.job_id == deadly.job_id
    async with _working(cut):
        jobs = await ended(cut.per, cut.accepted["upload_session_id"])
    assert [job["status"] for job in jobs] == ["completed"]
    assert "without a word" in jobs[0]["result"]["warnings"][0]["message"]
    assert cut.models.asked > 4, "the others were looked at"


@asynccontextmanager
async def _working(cut: Cut, **at_once: int) -> AsyncIterator[None]:
    places = {queue: at_once.get(queue.value, 2) for queue in Queue}
    runner = Runner(cut.up.bench, at_once=places, lease_seconds=60)
    work = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_tiles_need_no_core_and_what_needs_it_waits(cut: Cut) -> None:
    core = cut.up.bench.core
    away = CoreClient("http://127.0.0.1:1", timeout_seconds=1)
    cut.up.bench = replace(cut.up.bench, core=away)
    await cut.up.work()
    assert await cut.pending() == 0
    job = await cut.job()
    assert (job["status"], job["stage"], job["attempts"]) == ("pending", "analysis", 0)
    assert "core_service" in job["waiting_for"]
    cut.up.bench = replace(cut.up.bench, core=core)
    await away.close()
    await cut.up.make_due()
    await cut.up.work()
    assert (await cut.job())["result"]["total_detected"] == len(_BLOCKS)


async def test_an_analysis_that_takes_its_time_stands_in_nobodys_way(cut: Cut) -> None:
    """Both places of the analysis are taken by tiles that do not end; a photo goes all the way meanwhile."""
    go_on = threading.Event()
    cut.models.before = lambda _: go_on.wait()
    try:
        async with _working(cut):
            async with asyncio.timeout(30):
                while cut.models.asked < 2:  # noqa: ASYNC110  # a model knows no events
                    await asyncio.sleep(0.02)
            (job,) = await made(cut.per, ("other.jpg", camera_jpeg(width=320, height=240)))
            assert job["status"] == "completed"
            assert (cut.models.asked, (await cut.job())["status"]) == (2, "processing"), "no more than two at a time"
            go_on.set()
            jobs = await ended(cut.per, cut.accepted["upload_session_id"])
            assert jobs[0]["result"]["total_detected"] == len(_BLOCKS)
    finally:
        go_on.set()


async def test_what_is_begun_is_brought_to_its_end_before_the_next_picture_is_cut(cut: Cut) -> None:
    place_id = (await cut.per.get("places")).json()["data"][0]["id"]
    for name in ("second.jpg", "third.jpg"):
        await send(cut.per, (name, _field()), place_id=place_id)
        for _ in range(2):
            (lease,) = await cut.up.take(queues=[Queue.CORE, Queue.IO])
            await process(cut.up.bench, lease)
    count = await cut.pending()
    order = [lease for _ in range(count + 1) for lease in await cut.up.take(count=1)]
    assert [lease.stage for lease in order] == ["tile"] * count + ["analysis"]
    await process(cut.up.bench, order[-1])  # the second picture is cut while the third has long been waiting
    order = [lease for _ in range(count + 1) for lease in await cut.up.take(count=1)]
    assert [lease.stage for lease in order] == ["tile"] * count + ["analysis"]


async def test_a_cancelled_analysis_leaves_no_tiles_and_begins_anew_when_it_is_retried(cut: Cut) -> None:
    count = await cut.pending()
    (under_way, *_) = await cut.tiles(count=1)
    path = f"photos/jobs/{cut.accepted['jobs'][0]['job_id']}"
    assert (await cut.per.post(f"{path}/cancel")).json()["status"] == "cancelled"
    with pytest.raises(LeaseLostError):
        await process(cut.up.bench, under_way)
    assert await cut.up.take() == []
    await cut.up.sweep()
    assert cut.up.objects("tiles") == []
    assert (await cut.per.post(f"{path}/retry")).status_code == 200
    cut.models.asked = 0
    await cut.up.work()
    job = await cut.job()
    assert (job["status"], job["result"]["total_detected"], cut.models.asked) == ("completed", len(_BLOCKS), count)


@pytest.mark.parametrize("how", ["upload", "account"])
async def test_what_goes_in_the_midst_of_it_takes_its_tiles_along(cut: Cut, how: str) -> None:
    (under_way, *_) = await cut.tiles(count=1)
    if how == "upload":
        answer = await cut.per.delete(f"photos/uploads/{cut.accepted['jobs'][0]['image_id']}")
    else:
        answer = await cut.per.request("DELETE", "users/me", json={"password": "correct horse battery"})
    assert answer.status_code == 200, answer.text
    with pytest.raises(LeaseLostError):
        await process(cut.up.bench, under_way)
    assert await cut.up.take() == []
    await cut.up.sweep()
    assert cut.up.objects() == []


class _Full(LocalFolder):
    """A folder that has no room for the third tile."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.tiles = 0

    async def put(self, key: str, data: bytes) -> None:
        self.tiles += key.startswith("tiles/")
        if self.tiles == 3:
            raise StorageFullError
        await super().put(key, data)


async def test_a_picture_that_was_half_cut_is_cut_anew_and_nothing_stays_of_it(
    settings: Settings, core_url: str, tmp_path: Path
) -> None:
    write_model(tmp_path / "models")
    async with uploading(settings, core_url, at_once=0) as idle:
        per = await idle.service.user("per")
        accepted = await send(per, ("field.jpg", _field()), place_id=await _place(per, model="red"))
        idle.bench = Bench(**_fields(idle.bench) | {"blobs": _Full(idle.folder)}, models=Models(tmp_path / "models"))
        await idle.work()
        (job,) = (await per.get("photos/jobs/status", params=_session(accepted))).json()["jobs"]
        assert (job["status"], job["stage"], job["attempts"]) == ("pending", "analysis", 0), "it waits for room"
        await idle.make_due()
        await idle.work()
        (job,) = await ended(per, accepted["upload_session_id"])
        assert job["result"]["total_detected"] == len(_BLOCKS)
        await idle.sweep()
        assert idle.objects("tiles") == []


def _session(accepted: dict[str, Any]) -> dict[str, str]:
    return {"upload_session_id": accepted["upload_session_id"]}


async def test_a_place_that_wants_no_analysis_any_more_gets_none(cut: Cut) -> None:
    await cut.per.put(f"photos/uploads/{cut.accepted['jobs'][0]['image_id']}/place", json={"place_id": None})
    await cut.up.work()
    job = await cut.job()
    assert (job["status"], "total_detected" in job["result"]) == ("completed", False)
    await cut.up.sweep()
    assert cut.up.objects("tiles") == []


async def test_parts_are_not_told_of_as_jobs(cut: Cut) -> None:
    assert await cut.pending() > 1
    where = {"upload_session_id": cut.accepted["upload_session_id"]}
    state = (await cut.per.get("photos/jobs/status", params=where)).json()
    assert (state["summary"]["total_jobs"], len(state["jobs"])) == (1, 1)
    (part, *_) = await cut.tiles()
    for path in (f"photos/jobs/{part.job_id}", f"photos/jobs/{part.job_id}/cancel"):
        answer = await (cut.per.post(path) if path.endswith("cancel") else cut.per.get(path))
        assert (answer.status_code, answer.json()["type"]) == (404, "job-not-found")
    detail = (await cut.per.get(f"photos/{cut.accepted['jobs'][0]['image_id']}")).json()
    assert len(detail["history"]) == 1


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

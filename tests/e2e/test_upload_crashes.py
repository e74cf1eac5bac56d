"""Whoever works on uploads is killed, frozen and thawed at random moments: nothing is lost, nothing is there twice."""

import asyncio
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from metadata_service.core_client import CoreClient
from metadata_service.db.engine import Database
from metadata_service.doctor import examine
from metadata_service.storage.local import LocalFolder
from metadata_service.storage.sweep import sweep
from metadata_service.tables import Photo, Upload, UploadJob
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.reconcile import reconcile
from tests.support.photos import camera_jpeg
from tests.support.processes import Pair, new_pair
from tests.support.workers import WorkerProcess

pytestmark = pytest.mark.e2e

_UPLOADS, _PER_REQUEST, _KILLS = 100, 20, 8
_LEASE = "2"


@dataclass
class Uploader:
    """A person who sends everything, and again what was not acknowledged."""

    client: httpx.Client
    sessions: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def send(self, files: list[tuple[str, bytes]]) -> None:
        """Upload until it is acknowledged."""
        while True:
            try:
                answer = self.client.post("/photos/upload", files=[("files", file) for file in files])
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            assert answer.status_code == 202, answer.text
            self.sessions.append(answer.json()["upload_session_id"])
            self.acknowledged += len(answer.json()["jobs"])
            return

    def states(self) -> dict[str, int]:
        """How many jobs of all sessions are in each state; nothing while the service is away."""
        counted: dict[str, int] = {}
        for session_id in self.sessions:
            try:
                answer = self.client.get("/photos/jobs/status", params={"upload_session_id": session_id, "limit": 1})
            except httpx.TransportError:
                return {}
            for name, count in answer.json()["summary"].items():
                counted[name] = counted.get(name, 0) + (count or 0)
        return counted

    def wait_for(self, completed: int, seconds: float = 240) -> None:
        """Return when so many jobs are completed."""
        deadline = time.monotonic() + seconds
        while (state := self.states()).get("completed", 0) < completed:
            assert not state.get("failed"), state
            assert time.monotonic() < deadline, state
            time.sleep(0.05)


def _files() -> list[tuple[str, bytes]]:
    return [(f"IMG_{seed:04}.JPG", camera_jpeg(width=240, height=180, seed=seed)) for seed in range(1, _UPLOADS + 1)]


@pytest.fixture
def pair(database_url: str, tmp_path: Path) -> Iterator[Pair]:
    pair = new_pair(
        tmp_path,
        METADATA_DATABASE_URL=database_url,
        METADATA_UPLOAD_LEASE_SECONDS=_LEASE,
        METADATA_LOG_LEVEL="warning",
        # On SQLite the service does the work itself, on PostgreSQL three workers do it.
        METADATA_UPLOAD_JOBS_AT_ONCE="2" if database_url.startswith("sqlite") else "0",
    )
    pair.core.launch()
    pair.metadata.launch()
    pair.core.wait()
    pair.metadata.wait()
    yield pair
    for service in (pair.metadata, pair.core):
        if service.is_running:
            service.kill()


def test_nothing_is_lost_or_doubled_when_workers_die(pair: Pair, database_url: str, tmp_path: Path) -> None:
    dice = random.Random(11)
    is_sqlite = database_url.startswith("sqlite")
    environment = {**pair.metadata.environment, "METADATA_UPLOAD_JOBS_AT_ONCE": "2"}
    workers = [WorkerProcess(environment, tmp_path / f"worker{number}.log") for number in range(0 if is_sqlite else 3)]
    for worker in workers:
        worker.start()
    uploader = Uploader(_signed_in(pair.metadata.url))
    try:
        files = _files()
        for first in range(0, _UPLOADS, _PER_REQUEST):
            uploader.send(files[first : first + _PER_REQUEST])
        for number in range(1, _KILLS + 1):
            uploader.wait_for(number * _UPLOADS // (_KILLS + 3))
            time.sleep(dice.uniform(0, 0.3))
            if is_sqlite:
                pair.metadata.kill()
                pair.metadata.start()
            else:
                _hurt(dice.choice(workers), freeze=number % 4 == 0)
        uploader.wait_for(uploader.acknowledged)
        told = uploader.client.get("/photos/gallery", params={"per_page": 200}).json()
        assert {photo["status"] for photo in told["photos"]} == {"ready"}
    finally:
        for worker in workers:
            worker.kill()
        uploader.client.close()
    asyncio.run(_check(database_url, tmp_path / "data" / "blobs", uploader.acknowledged))


def test_a_worker_that_is_asked_to_end_leaves_its_work_to_others(pair: Pair, tmp_path: Path) -> None:
    environment = {**pair.metadata.environment, "METADATA_UPLOAD_JOBS_AT_ONCE": "2"}
    worker = WorkerProcess(environment, tmp_path / "worker.log")
    worker.start()
    uploader = Uploader(_signed_in(pair.metadata.url))
    uploader.send(_files()[:10])
    uploader.wait_for(2)
    assert worker.stop() == 0
    # The others share the work by its kind: neither could do it alone, and each hands over to the other.
    others = [WorkerProcess(environment, tmp_path / f"{queue}.log", (queue,)) for queue in ("core", "io")]
    for other in others:
        other.start()
    try:
        uploader.wait_for(10)
    finally:
        for other in others:
            other.kill()
        uploader.client.close()


def _hurt(worker: WorkerProcess, *, freeze: bool) -> None:
    if not freeze:
        worker.kill()
        worker.start()
        return
    worker.signal(signal.SIGSTOP)
    time.sleep(float(_LEASE) * 1.5)  # others have taken its work over by now
    worker.signal(signal.SIGCONT)


def _signed_in(url: str) -> httpx.Client:
    client = httpx.Client(base_url=f"{url}/api/v1", timeout=60, trust_env=False)
    person: dict[str, Any] = {"username": "kari", "email": "kari@example.org", "password": "correct horse battery"}
    client.post("/auth/register", json=person).raise_for_status()
    token = client.post("/auth/login", json=person).raise_for_status().json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    client.cookies.clear()
    return client


async def _check(url: str, folder: Path, acknowledged: int) -> None:
    database = Database(url, busy_seconds=10)
    core = CoreClient("http://127.0.0.1:1", timeout_seconds=1)
    bench = Bench(database, LocalFolder(folder), core, 1)
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Photo)) == _UPLOADS, "each once"
        ready = select(func.count()).select_from(Upload).where(Upload.status == "ready", Upload.photo_id.is_not(None))
        assert await session.scalar(ready) == acknowledged
        attempts = list(await session.scalars(select(UploadJob.attempts)))
        first_times = select(func.count()).select_from(Upload).where(Upload.is_duplicate.is_(False))
        assert await session.scalar(first_times) == _UPLOADS, "whoever did it again found that it was done"
    assert max(attempts) > 1, "no kill hit anybody"
    assert await examine(database, repair=False) == []
    # What the dead had stored and not written down is found, and nothing else.
    await sweep(database, bench.blobs)
    found = await reconcile(bench, timedelta(0))
    assert set(found.strays.values()) <= {"row"}
    assert all(key.startswith("coldpreviews/") for key in found.strays), found.strays
    left = (await reconcile(bench, timedelta(0))).counted()
    assert left == {"objects": 2 * acknowledged + _UPLOADS, "without_row": 0, "without_object": 0, "deleted": 0}
    await core.close()
    await database.close()

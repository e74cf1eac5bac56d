"""Originals kept on the server: how fast they come in, are worked on, polled for and shown.

`python -m benchmarks.uploads`: real processes for what takes processes (core_service, metadata_service, workers), the
application in this process for what is asked of the database alone. Prints tables for docs/benchmarks.md.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from metadata_service import migrations
from metadata_service.settings import Settings
from metadata_service.tables import JobStatus
from metadata_service.upload_jobs import leases
from metadata_service.upload_jobs.stages import Queue, Stage
from metadata_service.upload_jobs.taking import Rota, take, waiting
from service_kit.logging import configure_logging
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.photos import camera_jpeg
from tests.support.postgres import create_database, postgres_server
from tests.support.processes import Pair, new_pair
from tests.support.uploads import fill_uploads
from tests.support.workers import WorkerProcess

_PER_REQUEST = 20
_KEPT = 200
_STAGES = [{"stage": "library", "seconds": 0.1}]


def main(asked: argparse.Namespace) -> None:
    """Measure everything on both databases."""
    configure_logging("benchmark", "error", "human")
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        print(f"Load of the machine before it began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
        for kind in asked.databases if asked.uploads else ():
            url = _new_database(kind, server, Path(folder), "asking")
            asyncio.run(_ask(kind, url, Path(folder), asked.uploads))
        pictures = [(f"{seed}.jpg", camera_jpeg(seed=seed)) for seed in range(asked.files)]
        size = statistics.mean(len(data) for _, data in pictures) / 1e6
        print(f"\n{asked.files} pictures of 1600×1200, {size:.2f} MB each, from the request to the gallery:")
        ways = [("sqlite", 0), *(("postgresql", count) for count in (1, 2))]
        for kind, workers in (way for way in ways if way[0] in asked.databases):
            place = Path(folder) / f"{kind}{workers}"
            place.mkdir()
            _end_to_end(kind, _new_database(kind, server, place, f"e2e{workers}"), place, workers, pictures)


def _new_database(kind: str, server: str, folder: Path, name: str) -> str:
    url = f"sqlite:///{folder}/{name}.db" if kind == "sqlite" else asyncio.run(create_database(server, name))
    asyncio.run(migrations.upgrade(url))
    return url


async def _ask(kind: str, url: str, folder: Path, uploads: int) -> None:
    settings = Settings(
        _env_file=None, database_url=url, data_dir=folder / kind, upload_jobs_at_once=0, rate_limits=False
    )
    async with running_metadata(settings) as service:
        person = await service.user("kari")
        owner = person.user["id"]
        print(f"\n{kind}")
        for places in (1, 2, 8):
            await _jobs_a_second(service, owner, places)
        (large,) = await fill_uploads(service.database, owner, 1, 10_000)
        usual = await fill_uploads(service.database, owner, 100, 10_000)
        await _poll("a session of 10,000, 100 jobs shown", person, large)
        await _poll("a session of 100 among 20,000 jobs", person, usual[50])
        await fill_uploads(service.database, owner, 1000, uploads)
        for label, params in (
            ("newest 50, counted", {"page": 1}),
            ("newest 50, by cursor", {"cursor": "ffffffff-ffff-7fff-bfff-ffffffffffff"}),
            ("page 1,000, counted", {"page": 1000}),
            ("failed ones, counted", {"status": "failed"}),
        ):
            await _time(f"gallery of {uploads + 20_200:,}: {label}", person, "photos/gallery", params)


async def _jobs_a_second(service: MetadataService, owner: int, places: int) -> None:
    """What the keeping of jobs costs by itself: taken twice, handed over, a step noted, the end noted."""
    await fill_uploads(service.database, owner, 1, 3 * _KEPT)  # a third of them wait
    await _make_due(service)
    rota, done = Rota(), 0
    began, cpu = time.perf_counter(), time.process_time()
    while leases_taken := await _take(service, rota, places):
        for lease in leases_taken:
            async with service.database.writing() as session:
                if lease.queue is Queue.CORE:
                    await leases.hand_over(session, lease, Stage.THUMBNAIL, stages=_STAGES)
                    continue
                await leases.write(session, lease, stage=Stage.SUMMARY, stages=_STAGES)
            async with service.database.writing() as session:
                await leases.write(session, lease, status=JobStatus.COMPLETED, due_at=None)
            done += 1
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    kept = f"{done / seconds:.0f} a second, {cpu / done * 1000:.1f} ms of this process each"
    print(f"  jobs, one worker with {places} places in each queue: {kept}")


async def _take(service: MetadataService, rota: Rota, places: int) -> list[leases.Lease]:
    async with service.database.reading() as session:
        owners = await waiting(session, Queue)
    if not owners:
        return []
    shares = {queue: rota.deal(queue, ids, places) for queue, ids in owners.items()}
    async with service.database.writing() as session:
        return await take(session, "benchmark", shares, 60)


async def _make_due(service: MetadataService) -> None:
    async with service.database.writing() as session:
        await session.execute(text("UPDATE upload_jobs SET due_at = created_at WHERE due_at IS NOT NULL"))


async def _poll(label: str, person: Person, session_id: UUID) -> None:
    await _time(f"status: {label}", person, "photos/jobs/status", {"upload_session_id": str(session_id)})


async def _time(label: str, person: Person, path: str, params: dict[str, Any]) -> None:
    taken = []
    for number in range(60):
        began = time.perf_counter()
        answer = await person.get(path, params=params)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
        if number > 5 and sum(taken) > 10_000:
            break
    taken.sort()
    print(f"  {label}: best {taken[0]:.1f} ms, p50 {taken[len(taken) // 2]:.1f} ms, p95 {taken[-3]:.1f} ms")


def _end_to_end(kind: str, url: str, folder: Path, workers: int, pictures: list[tuple[str, bytes]]) -> None:
    environment = {
        "METADATA_DATABASE_URL": url,
        "METADATA_UPLOAD_JOBS_AT_ONCE": "0" if workers else "2",
        "METADATA_LOG_LEVEL": "error",
        "METADATA_RATE_LIMITS": "false",
    }
    with _running(folder, environment, workers) as pair:
        client = _signed_in(pair.metadata.url)
        began = time.perf_counter()
        sessions = []
        for first in range(0, len(pictures), _PER_REQUEST):
            some = [("files", picture) for picture in pictures[first : first + _PER_REQUEST]]
            sessions.append(client.post("/photos/upload", files=some).raise_for_status().json()["upload_session_id"])
        accepted = time.perf_counter() - began
        while sum(_completed(client, one) for one in sessions) < len(pictures):
            time.sleep(0.1)
        ended = time.perf_counter() - began
        who = f"{workers} workers" if workers else "inside the service"
        rates = f"accepted {len(pictures) / accepted:.1f} a second, ready {len(pictures) / ended:.1f} a second"
        print(f"  {kind}, {who}: {rates}")


@contextmanager
def _running(folder: Path, environment: dict[str, str], workers: int) -> Iterator[Pair]:
    pair = new_pair(folder, **environment)
    at_work = [WorkerProcess({**pair.metadata.environment}, folder / f"{number}.log") for number in range(workers)]
    try:
        pair.core.launch()
        pair.metadata.launch()
        pair.core.wait()
        pair.metadata.wait()
        for worker in at_work:
            worker.start()
        yield pair
    finally:
        for worker in at_work:
            worker.kill()
        for service in (pair.metadata, pair.core):
            if service.is_running:
                service.kill()


def _signed_in(url: str) -> httpx.Client:
    client = httpx.Client(base_url=f"{url}/api/v1", timeout=120, trust_env=False)
    person = {"username": "kari", "email": "kari@example.org", "password": "correct horse battery"}
    client.post("/auth/register", json=person).raise_for_status()
    token = client.post("/auth/login", json=person).raise_for_status().json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    client.cookies.clear()
    return client


def _completed(client: httpx.Client, session_id: str) -> int:
    asked = {"upload_session_id": session_id, "limit": 1}
    completed: int = client.get("/photos/jobs/status", params=asked).raise_for_status().json()["summary"]["completed"]
    return completed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uploads", type=int, default=100_000, help="how many the gallery holds; 0 asks nothing")
    parser.add_argument("--files", type=int, default=40, help="how many pictures are sent")
    parser.add_argument("--databases", nargs="*", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    main(parser.parse_args())

"""Uploads in tests: send files, wait for what becomes of them, look behind the API."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update

from metadata_service.db.engine import Database
from metadata_service.db.ids import new_id
from metadata_service.db.types import utc_now
from metadata_service.settings import Settings
from metadata_service.storage.local import LocalFolder
from metadata_service.storage.sweep import sweep
from metadata_service.tables import Upload, UploadJob, UploadSession
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.keys import original_key, thumbnail_key
from metadata_service.upload_jobs.leases import Lease, LeaseLostError
from metadata_service.upload_jobs.outcomes import settle
from metadata_service.upload_jobs.pipeline import process
from metadata_service.upload_jobs.reconcile import Findings, reconcile
from metadata_service.upload_jobs.stages import Queue
from metadata_service.upload_jobs.taking import Rota, take, waiting
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess

NOBODY = "00000000-0000-7000-8000-000000000000"


@contextmanager
def core_process(folder: Path, port: int | None = None) -> Iterator[ServiceProcess]:
    """core_service on a port of its own."""
    port = port or free_port()
    core = ServiceProcess("core_service", f"http://127.0.0.1:{port}", {"CORE_PORT": str(port)}, folder / "core.log")
    try:
        core.start()
        yield core
    finally:
        if core.is_running:
            core.kill()


class Uploading:
    """metadata_service with somebody who works on uploads."""

    def __init__(self, service: MetadataService) -> None:
        self.service = service
        state = service.app.state
        self.bench = Bench(service.database, state.blobs, state.core, 60)

    @property
    def folder(self) -> Path:
        """Where the objects are."""
        store = self.bench.blobs
        assert isinstance(store, LocalFolder)
        return store.root

    def objects(self, below: str = "") -> list[str]:
        """The names of all objects, without the coldpreviews of the library."""
        found = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(name for name in found if name.startswith(below) and not name.startswith("coldpreviews"))

    async def sweep(self) -> None:
        """Do at once what is done every minute."""
        await sweep(self.service.database, self.bench.blobs)

    async def reconcile(self, **grace: float) -> Findings:
        """Do at once what is done every hour."""
        return await reconcile(self.bench, timedelta(**grace))

    async def job(self, job_id: str) -> UploadJob:
        """The job's row."""
        async with self.service.database.reading() as session:
            return (await session.scalars(select(UploadJob).where(UploadJob.id == UUID(job_id)))).one()

    async def upload_row(self, image_id: str) -> Upload:
        """The upload's row."""
        async with self.service.database.reading() as session:
            return (await session.scalars(select(Upload).where(Upload.id == UUID(image_id)))).one()

    async def take(self, seconds: float = 60, count: int = 10, queues: Collection[Queue] = tuple(Queue)) -> list[Lease]:
        """Take what a worker with so many places in each queue would take."""
        async with self.service.database.reading() as session:
            owners = await waiting(session, queues)
        shares = {queue: Rota().deal(queue, ids, count) for queue, ids in owners.items()}
        async with self.service.database.writing() as session:
            return await take(session, "a test", shares, seconds)

    async def work(self) -> None:
        """Do everything that is due, until nothing is; what fails is settled as a worker would."""
        while leases := await self.take():
            for lease in leases:
                try:
                    await process(self.bench, lease)
                except LeaseLostError:
                    continue
                except Exception as error:  # noqa: BLE001  # as whoever works does
                    await settle(self.service.database, lease, error)

    async def make_due(self) -> None:
        """Let no job wait any longer, and every lease end."""
        async with self.service.database.writing() as session:
            query = update(UploadJob).where(UploadJob.due_at.is_not(None))
            await session.execute(query.values(due_at=utc_now() - timedelta(seconds=1)))


@asynccontextmanager
async def uploading(settings: Settings, core_url: str, at_once: int = 2) -> AsyncIterator[Uploading]:
    """Start the service, with core_service at `core_url`."""
    changed = {"core_url": core_url, "upload_jobs_at_once": at_once, "core_timeout_seconds": 30}
    async with running_metadata(settings.model_copy(update=changed)) as service:
        yield Uploading(service)


async def send(person: Person, *files: tuple[str, bytes], **params: Any) -> dict[str, Any]:
    """Upload files that are accepted; give the answer."""
    answer = await person.post("photos/upload", files=[("files", file) for file in files], params=params)
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def ended(person: Person, session_id: str, seconds: float = 90) -> list[dict[str, Any]]:
    """Wait until all jobs of a session have ended; give them."""
    async with asyncio.timeout(seconds):
        while True:
            answer = await person.get("photos/jobs/status", params={"upload_session_id": session_id})
            assert answer.status_code == 200, answer.text
            state = answer.json()
            if state["summary"]["pending"] + state["summary"]["processing"] == 0:
                jobs: list[dict[str, Any]] = state["jobs"]
                return jobs
            await asyncio.sleep(0.05)


async def made(person: Person, *files: tuple[str, bytes], **params: Any) -> list[dict[str, Any]]:
    """Upload files and wait; give their jobs."""
    return await ended(person, (await send(person, *files, **params))["upload_session_id"])


def upload_rows(owner_id: int, sessions: list[UUID], count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of uploads that are ready and of their jobs, dealt out to the sessions, to insert in bulk."""
    now = utc_now()
    uploads, jobs = [], []
    for number in range(count):
        upload_id, session_id = new_id(), sessions[number % len(sessions)]
        common = {"owner_id": owner_id, "session_id": session_id, "updated_at": now, "created_at": now}
        uploads.append(
            {
                **common,
                "id": upload_id,
                "filename": f"IMG_{number:07}.JPG",
                "content_type": "image/jpeg",
                "file_size": 5_000_000,
                "sha256": f"{number:064x}",
                "original_key": original_key(upload_id, "a.jpg"),
                "thumbnail_key": thumbnail_key(upload_id),
                "status": "failed" if number % 50 == 0 else "ready",
                "is_duplicate": False,
                "visibility": "private",
                "warnings": [],
            }
        )
        stages = [{"stage": "library", "seconds": 0.2}, {"stage": "thumbnail", "seconds": 0.1}]
        is_waiting = number % 3 == 0
        jobs.append(
            {
                **common,
                "id": new_id(),
                "upload_id": upload_id,
                "kind": "process",
                "queue": "core",
                "status": "pending" if is_waiting else "completed",
                "stages": [] if is_waiting else stages,
                "due_at": now + timedelta(days=1) if is_waiting else None,
                "finished_at": None if is_waiting else now,
                "result": None if is_waiting else {"photo_id": number},
            }
        )
    return uploads, jobs


async def fill_uploads(database: Database, owner_id: int, sessions: int, count: int) -> list[UUID]:
    """Insert that many uploads and jobs; give their sessions."""
    ids = [new_id() for _ in range(sessions)]
    rows = [{"id": one, "owner_id": owner_id, "created_at": utc_now()} for one in ids]
    async with database.writing() as session:
        await session.execute(insert(UploadSession), rows)
        for done in range(0, count, 10_000):
            uploads, jobs = upload_rows(owner_id, ids, min(10_000, count - done))
            await session.execute(insert(Upload).execution_options(render_nulls=True), uploads)
            await session.execute(insert(UploadJob).execution_options(render_nulls=True), jobs)
    async with database.writing() as session:
        await session.execute(text("ANALYZE"))
    return ids

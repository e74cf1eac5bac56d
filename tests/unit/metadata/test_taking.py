"""Who is next: every owner in turn, each queue by itself, by the index made for it, whoever takes at the same time."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.tables import UploadJob
from metadata_service.upload_jobs import leases, taking
from metadata_service.upload_jobs.leases import Lease, LeaseLostError
from metadata_service.upload_jobs.stages import QUEUES, STAGES, Queue, Stage
from metadata_service.upload_jobs.taking import Rota
from tests.support.metadata import MetadataService, Person
from tests.support.uploads import fill_uploads


async def _waiting_jobs(service: MetadataService, person: Person, count: int) -> None:
    """Give somebody so many jobs that are due, in the order of their ids."""
    (session_id,) = await fill_uploads(service.database, person.user["id"], 1, count)
    async with service.database.writing() as session:
        due = update(UploadJob).where(UploadJob.session_id == session_id)
        values = {"status": "pending", "due_at": utc_now() - timedelta(minutes=1), "finished_at": None}
        await session.execute(due.values(values))


class _Worker:
    """Takes what a runner with so many free places would take."""

    def __init__(self, database: Database, places: Mapping[Queue, int]) -> None:
        self.database, self.places, self.rota = database, places, Rota()

    async def take(self) -> list[Lease]:
        async with self.database.reading() as session:
            owners = await taking.waiting(session, self.places)
        shares = {queue: self.rota.deal(queue, ids, self.places[queue]) for queue, ids in owners.items()}
        async with self.database.writing() as session:
            return await taking.take(session, "a test", shares, 60)


async def _owners(database: Database, taken: list[Lease]) -> list[int]:
    async with database.reading() as session:
        rows = await session.execute(select(UploadJob.id, UploadJob.owner_id))
        owner = dict(iter(rows))
    return [owner[lease.job_id] for lease in taken]


async def test_one_photo_does_not_wait_for_somebody_elses_thousands(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    await _waiting_jobs(service, kari, 3_000)
    worker = _Worker(service.database, {Queue.CORE: 2})
    first = await worker.take()
    assert set(await _owners(service.database, first)) == {kari.user["id"]}
    await _waiting_jobs(service, ola, 1)
    assert ola.user["id"] in await _owners(service.database, await worker.take()), "the very next time"


async def test_owners_take_turns_and_each_owners_jobs_stay_in_order(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    await _waiting_jobs(service, kari, 40)
    await _waiting_jobs(service, ola, 10)
    worker = _Worker(service.database, {Queue.CORE: 1})
    taken = [lease for _ in range(50) for lease in await worker.take()]
    owners = await _owners(service.database, taken)
    assert owners[:20] == [kari.user["id"], ola.user["id"]] * 10
    assert len(set(taken)) == len(taken) == 50
    for person in (kari, ola):
        ids = [lease.job_id for lease, owner in zip(taken, owners, strict=True) if owner == person.user["id"]]
        assert ids == sorted(ids)
    assert await worker.take() == []


async def test_those_who_take_at_once_take_all_and_nothing_twice(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    await _waiting_jobs(service, kari, 60)
    await _waiting_jobs(service, ola, 20)
    workers = [_Worker(service.database, {Queue.CORE: 3}) for _ in range(6)]
    taken: Counter[Any] = Counter()
    while round_ := [lease for some in await asyncio.gather(*(worker.take() for worker in workers)) for lease in some]:
        taken.update(lease.job_id for lease in round_)
    assert (len(taken), set(taken.values())) == (80, {1})


async def test_each_queue_has_its_own_places(service: MetadataService, kari: Person) -> None:
    await _waiting_jobs(service, kari, 30)
    stages = [None, Stage.THUMBNAIL, Stage.ANALYSIS]
    async with service.database.writing() as session:
        for number, job in enumerate(await session.scalars(select(UploadJob).order_by(UploadJob.id))):
            stage = stages[number % 3]
            job.stage, job.queue = stage, QUEUES[stage or STAGES[0]]
    worker = _Worker(service.database, {Queue.IO: 4, Queue.CORE: 2, Queue.ANALYSIS: 1})
    assert Counter(lease.queue for lease in await worker.take()) == {"io": 4, "core": 2, "analysis": 1}
    only = _Worker(service.database, {Queue.ANALYSIS: 20})
    assert Counter(lease.queue for lease in await only.take()) == {"analysis": 9}
    assert await only.take() == []


async def test_a_job_that_is_handed_over_is_its_old_workers_no_more(service: MetadataService, kari: Person) -> None:
    await _waiting_jobs(service, kari, 1)
    worker = _Worker(service.database, dict.fromkeys(Queue, 1))
    (lease,) = await worker.take()
    async with service.database.writing() as session:
        await leases.hand_over(session, lease, Stage.THUMBNAIL)
    async with service.database.writing() as session:
        assert await leases.renew(session, [lease], 60) == set(), "a late sign of life changes nothing"
    (further,) = await worker.take()
    assert (further.queue, further.stage, further.attempts) == (Queue.IO, Stage.THUMBNAIL, 1)
    with pytest.raises(LeaseLostError):
        async with service.database.writing() as session:
            await leases.write(session, lease, stage=Stage.SUMMARY)


def test_every_step_has_a_queue_and_every_queue_a_step() -> None:
    assert set(QUEUES) == set(Stage)
    assert set(QUEUES.values()) == set(Queue)


@pytest.mark.parametrize(
    ("owners", "places", "rounds"),
    [
        ([1, 2, 3], 1, [{1: 1}, {2: 1}, {3: 1}, {1: 1}]),
        ([1, 2, 3], 2, [{1: 1, 2: 1}, {3: 1, 1: 1}, {2: 1, 3: 1}]),
        ([5], 4, [{5: 4}, {5: 4}]),
        ([1, 2], 5, [{1: 3, 2: 2}, {2: 3, 1: 2}]),
        ([], 3, [{}, {}]),
    ],
)
def test_places_are_dealt_out_one_after_the_other(owners: list[int], places: int, rounds: list[dict[int, int]]) -> None:
    rota = Rota()
    assert [rota.deal(Queue.CORE, owners, places) for _ in rounds] == rounds


def test_whoever_comes_is_not_passed_over_and_whoever_goes_holds_nobody_up() -> None:
    rota = Rota()
    assert rota.deal(Queue.CORE, [1, 5], 1) == {1: 1}
    assert rota.deal(Queue.CORE, [1, 3, 5], 1) == {3: 1}
    assert rota.deal(Queue.CORE, [1, 3], 1) == {1: 1}
    assert rota.deal(Queue.IO, [1, 3], 1) == {1: 1}, "each queue has its own turn"


# How the databases do it


@contextmanager
def _heard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement with its parameters, whoever sends it."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    engines = (
        {database.writer.sync_engine, database.reader.sync_engine}
        if database.is_sqlite
        else {database.writer.sync_engine}
    )
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield said
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def _plan(database: Database, said: list[tuple[str, Any]]) -> str:
    plan: list[str] = []
    async with database.reader.connect() as connection:
        for statement, parameters in said:
            explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
            plan += [str(row) for row in await connection.exec_driver_sql(explain + statement, tuple(parameters))]
    return "\n".join(plan)


async def test_to_look_and_to_take_goes_from_owner_to_owner_and_reads_no_backlog(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    await _waiting_jobs(service, kari, 10_000)
    await _waiting_jobs(service, ola, 3)
    async with service.database.writing() as session:
        await session.execute(text("ANALYZE"))
    worker = _Worker(service.database, dict.fromkeys(Queue, 2))
    with _heard(service.database) as said:
        assert len(await worker.take()) == 2
    asked = [(statement, parameters) for statement, parameters in said if "upload_jobs" in statement]
    assert len(asked) == 2, "one to look, one to take, however many owners and queues there are"
    plan = await _plan(service.database, asked)
    assert "ix_upload_jobs_next" in plan
    for walk in ("SCAN upload_jobs", "Seq Scan on upload_jobs", "TEMP B-TREE"):
        assert walk not in plan, plan
    if service.database.is_sqlite:
        assert "(queue=? AND owner_id>?)" in plan
        assert "(queue=? AND owner_id=? AND due_at<?)" in plan

"""Takes jobs that are due and works on a few of each queue at a time, until it is told to end."""

import asyncio
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import structlog

from metadata_service.upload_jobs import leases, outcomes
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.leases import MAX_ATTEMPTS, Lease, LeaseLostError
from metadata_service.upload_jobs.pipeline import process
from metadata_service.upload_jobs.stages import Queue
from metadata_service.upload_jobs.taking import Rota, take, waiting

log = structlog.get_logger(__name__)

_POLL_SECONDS: Final = 1.0
_SIGNS_IN_A_LEASE: Final = 3


class Runner:
    """Works on uploads in this process, as a worker of a name that no other has."""

    def __init__(self, bench: Bench, *, at_once: Mapping[Queue, int], lease_seconds: float) -> None:
        """Remember what to work with, and on how many of each queue at a time; `run` begins."""
        self.name = f"{socket.gethostname()[:50]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._bench = bench
        self._at_once = dict(at_once)
        self._rota = Rota()
        self._lease_seconds = lease_seconds
        self._work: dict[asyncio.Task[None], Lease] = {}
        self._news = asyncio.Event()

    async def wake(self) -> None:
        """Look at once: there is something to do, or somebody is done."""
        self._news.set()

    async def run(self) -> None:
        """Work until cancelled."""
        signs = asyncio.create_task(self._give_signs())
        try:
            while True:
                self._news.clear()
                if not await self._take():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), _POLL_SECONDS)
        finally:
            signs.cancel()
            await asyncio.gather(signs, return_exceptions=True)
            await self._leave()

    async def _take(self) -> int:
        free = self._free()
        if not free:
            return 0
        try:
            async with self._bench.database.reading() as session:
                owners = await waiting(session, free)
            if not owners:
                return 0
            shares = {queue: self._rota.deal(queue, ids, free[queue]) for queue, ids in owners.items()}
            async with self._bench.database.writing() as session:
                taken = await take(session, self.name, shares, self._lease_seconds)
        except Exception as error:  # noqa: BLE001  # whatever it is: to stop working would be worse
            log.warning("no jobs can be taken", error=repr(error))
            return 0
        for lease in taken:
            task = asyncio.create_task(self._do(lease))
            self._work[task] = lease
            task.add_done_callback(self._done)
        return len(taken)

    def _free(self) -> dict[Queue, int]:
        """How many more jobs of each queue there is room for."""
        busy = [lease.queue for lease in self._work.values()]
        free = {queue: most - busy.count(queue) for queue, most in self._at_once.items()}
        return {queue: places for queue, places in free.items() if places > 0}

    def _done(self, task: asyncio.Task[None]) -> None:
        self._work.pop(task, None)
        self._news.set()

    async def _do(self, lease: Lease) -> None:
        try:
            try:
                if lease.attempts > MAX_ATTEMPTS:  # the workers before died over it
                    await outcomes.park(self._bench.database, lease)
                else:
                    await process(self._bench, lease)
            except LeaseLostError:
                raise
            except Exception as error:  # noqa: BLE001  # every error is a fate of the job
                await outcomes.settle(self._bench.database, lease, error)
        except LeaseLostError:
            log.info("a job is somebody else's now", job=str(lease.job_id))
        except Exception as error:  # noqa: BLE001  # the lease will end by itself
            log.warning("what became of a job could not be written down", job=str(lease.job_id), error=repr(error))

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / _SIGNS_IN_A_LEASE)
            at_work = dict(self._work)
            try:
                async with self._bench.database.writing() as session:
                    ours = await leases.renew(session, list(at_work.values()), self._lease_seconds)
            except Exception as error:  # noqa: BLE001  # next time, perhaps
                log.warning("no sign of life could be given", error=repr(error))
                continue
            for task, lease in at_work.items():
                if lease.job_id not in ours and task in self._work:
                    task.cancel()  # whatever it does now is for nothing

    async def _leave(self) -> None:
        """End the work under way and let others have it."""
        left = dict(self._work)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for lease in left.values():
            with suppress(Exception):  # it ended well meanwhile, or the database is gone
                await outcomes.give_back(self._bench.database, lease)

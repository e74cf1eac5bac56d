"""Decoding happens in processes of its own: whatever an image does to its decoder, it does to its own request only.

A fixed number of warm processes, each with one image at a time. A process that hangs is killed, one that died is
replaced, one that has worked long or grown fat is recycled; the images in the other processes never notice.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from core_service.child import ChildLimits
from core_service.errors import DecoderCrashedError, TookTooLongError, UnprocessableImageError
from core_service.metrics import DecodeMetrics
from core_service.slots import Slot
from core_service.worker import Answer, Worker, WorkerGoneError
from service_kit.errors import ServiceError, every_error

log = structlog.get_logger(__name__)

_RETRY_SECONDS: Final = 1.0

Reason = Literal["failed", "worked-long", "fat"]


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many processes, and when one is replaced."""

    processes: int
    tasks_per_process: int
    fat_bytes: int
    child: ChildLimits


class WorkerPool:
    """The decoder processes of one service."""

    def __init__(self, limits: PoolLimits, metrics: DecodeMetrics) -> None:
        """Remember what is wanted; `start` makes it so."""
        self._limits = limits
        self._metrics = metrics
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()  # the last one used has the warmest caches
        self._workers: set[Worker] = set()
        self._replacements: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start every process; raise when one cannot start, for then none ever will."""
        await asyncio.gather(*(self._start_one() for _ in range(self._limits.processes)))

    async def close(self) -> None:
        """End every process and wait until all are gone."""
        for task in self._replacements:
            task.cancel()
        await asyncio.gather(*self._replacements, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers))
        self._workers.clear()

    async def check(self) -> None:
        """Raise unless some process is alive."""
        if not self._workers:
            raise RuntimeError("no decoder process is running")

    @property
    def pids(self) -> list[int]:
        """The ids of the processes."""
        return [worker.pid for worker in self._workers]

    @property
    def largest_resident_bytes(self) -> int:
        """Memory of the fattest process, as of its last answer."""
        return max((worker.resident_bytes for worker in self._workers), default=0)

    async def run(self, job: str, slot: Slot, options: Mapping[str, object]) -> bytes:
        """Have the image in `slot` worked on; raise the `ServiceError` that says why it is refused."""
        image_format, outcome = "unknown", "cancelled"
        try:
            answer = await self._answered(job, slot, options)
            image_format, outcome = answer.head.get("image_format", "unknown"), "ok"
            self._raise_if_refused(answer)
        except ServiceError as error:
            outcome = error.slug
            raise
        finally:
            self._metrics.images.labels(image_format, outcome).inc()
        return answer.body

    async def _answered(self, job: str, slot: Slot, options: Mapping[str, object]) -> Answer:
        while True:
            waiting_since = time.perf_counter()
            with self._metrics.waiting.track_inprogress():
                worker = await self._idle.get()
            self._metrics.stages.labels("wait").observe(time.perf_counter() - waiting_since)
            try:
                async with asyncio.timeout(self._limits.child.seconds):
                    return await worker.ask(job, slot, options)
            except TimeoutError as error:
                raise TookTooLongError(f"Decoding took more than {self._limits.child.seconds:g} seconds.") from error
            except WorkerGoneError as gone:
                if gone.had_the_task:
                    raise DecoderCrashedError("The decoder crashed over this image.") from gone
            finally:
                self._take_back(worker)

    def _raise_if_refused(self, answer: Answer) -> None:
        head = answer.head
        for stage, seconds in head.get("seconds", {}).items():
            self._metrics.stages.labels(stage).observe(seconds)
        if fault := head.get("fault"):
            log.error("a decoder process met what nobody foresaw", traceback=fault)
            raise UnprocessableImageError("The image cannot be processed; why has been logged under this request's id.")
        if slug := head.get("problem"):
            known = (error for error in every_error() if error.slug == slug)
            raise next(known, UnprocessableImageError)(head.get("detail"))

    def _take_back(self, worker: Worker) -> None:
        reason = self._reason_to_replace(worker)
        if reason is None:
            self._idle.put_nowait(worker)
            return
        self._metrics.restarts.labels(reason).inc()
        self._workers.discard(worker)
        replacement = asyncio.create_task(self._replace(worker))
        self._replacements.add(replacement)
        replacement.add_done_callback(self._replacements.discard)

    def _reason_to_replace(self, worker: Worker) -> Reason | None:
        if worker.busy:  # it hangs, died, or its client went away
            return "failed"
        if worker.tasks_done >= self._limits.tasks_per_process:
            return "worked-long"
        return "fat" if worker.resident_bytes > self._limits.fat_bytes else None

    async def _replace(self, worker: Worker) -> None:
        await worker.end()
        while True:
            try:
                return await self._start_one()
            except (RuntimeError, OSError) as error:
                log.warning("a decoder process did not start, trying again", error=str(error))
                await asyncio.sleep(_RETRY_SECONDS)

    async def _start_one(self) -> None:
        worker = Worker(self._limits.child)
        self._workers.add(worker)
        try:
            await worker.ready()
        except (WorkerGoneError, TimeoutError) as error:
            await self._discard(worker)
            raise RuntimeError("A decoder process did not start; what it said is above.") from error
        except BaseException:  # shutting down
            await self._discard(worker)
            raise
        self._idle.put_nowait(worker)

    async def _discard(self, worker: Worker) -> None:
        self._workers.discard(worker)
        await worker.end()

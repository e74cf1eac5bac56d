"""The service's side of one decoder process: start it, ask it, end it."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from core_service.child import ChildLimits
from core_service.slots import Slot
from core_service.wire import LENGTHS, Head, Task

_START_SECONDS: Final = 30.0
_END_SECONDS: Final = 1.0
_MAX_ANSWER_BYTES: Final = 256 * 1024 * 1024  # a process that an image has taken over might claim anything
# Without these, glibc gives every large block back to the kernel and has it zeroed again for the next photo:
# a decode costs up to 45 % more. What the process keeps is bounded by replacing it when it has grown fat.
_MALLOC: Final = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
# One image, one core: the processes are the parallelism.
_THREADS: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# Nothing else of our environment: a process that an image has taken over should find no secret in it.
_PASSED_ON: Final = ("PATH", "LANG", "LC_", "LD_", "DYLD_", "PYTHON", "VIRTUAL_ENV", "JSIMD_", "TZ")
_OUR_PACKAGES: Final = str(Path(__file__).resolve().parents[1])


class WorkerGoneError(Exception):
    """The process ended. `had_the_task` tells whether the image may be to blame."""

    def __init__(self, *, had_the_task: bool) -> None:
        """Say whether the process had received the task when it ended."""
        super().__init__(had_the_task)
        self.had_the_task = had_the_task


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decoder process answered."""

    head: Head
    body: bytes


class Worker:
    """One decoder process. `busy` stays true when an answer did not come whole: such a process is of no more use."""

    def __init__(self, limits: ChildLimits) -> None:
        """Start the process; `ready` waits until it can work."""
        self._channel, theirs = socket.socketpair()
        self._channel.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-m", "core_service.child", str(theirs.fileno()), limits.to_json()],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
            )
        self.busy = True
        self.tasks_done = 0
        self.resident_bytes = 0

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ready(self) -> None:
        """Wait until the decoders are loaded; raise `WorkerGoneError` or `TimeoutError` when that fails."""
        async with asyncio.timeout(_START_SECONDS):
            await self._receive()
        self.busy = False

    async def ask(self, job: str, slot: Slot, options: Mapping[str, object]) -> Answer:
        """Have the image in `slot` worked on."""
        slot.seal()
        task = orjson.dumps(Task(job=job, length=slot.length, options=dict(options)))
        self.busy = True
        try:
            socket.send_fds(self._channel, [task], [slot.descriptor])
        except OSError as error:
            raise WorkerGoneError(had_the_task=False) from error
        answer = await self._receive()
        self.busy = False
        self.tasks_done += 1
        return answer

    async def _receive(self) -> Answer:
        head_length, body_length = LENGTHS.unpack(await self._exactly(LENGTHS.size))
        if head_length + body_length > _MAX_ANSWER_BYTES:
            raise WorkerGoneError(had_the_task=True)
        head: Head = orjson.loads(await self._exactly(head_length))
        self.resident_bytes = head.get("resident_bytes", 0)
        return Answer(head, bytes(await self._exactly(body_length)))

    async def _exactly(self, length: int) -> bytearray:
        buffer = bytearray(length)
        rest = memoryview(buffer)
        loop = asyncio.get_running_loop()
        while rest:
            try:
                count = await loop.sock_recv_into(self._channel, rest)
            except ConnectionError:
                count = 0
            if not count:
                raise WorkerGoneError(had_the_task=True)
            rest = rest[count:]
        return buffer

    async def end(self) -> None:
        """Let an idle process leave by itself, kill any other, and wait until it is gone."""
        self._channel.close()
        if not self.busy:
            try:
                await asyncio.to_thread(self._process.wait, _END_SECONDS)
            except subprocess.TimeoutExpired:
                self.busy = True
        if self.busy:
            self._process.kill()
        await asyncio.to_thread(self._process.wait)


def _environment() -> dict[str, str]:
    """What a decoder process needs to know, our packages' place among it, wherever the service was started from."""
    passed_on = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
    path = os.pathsep.join(filter(None, (_OUR_PACKAGES, os.environ.get("PYTHONPATH"))))
    return {**passed_on, **_MALLOC, **_THREADS, "PYTHONPATH": path}

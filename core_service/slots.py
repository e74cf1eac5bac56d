"""Memory for uploads that the decoders can see: filled as the bytes arrive, handed over without a copy, used again.

Each slot is an anonymous file: it has no name, so nothing of it is left behind however the service ends. Using a slot
again saves the kernel zeroing the pages of every photo anew.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core_service.errors import FileTooLargeError, QueueFullError

_KEPT_BYTES = 32 * 1024 * 1024
"""What a slot keeps between uploads; most photos fit, and a rare giant does not bind its memory for ever."""


class Slot:
    """Room for one upload."""

    def __init__(self, max_bytes: int) -> None:
        """Reserve a descriptor; memory is taken as bytes arrive."""
        self.max_bytes = max_bytes
        self.length = 0
        self.descriptor = _anonymous_file()

    def write(self, chunk: bytes | memoryview) -> None:
        """Append bytes, up to `max_bytes`."""
        self.length += len(chunk)
        if self.length > self.max_bytes:
            raise FileTooLargeError(f"The file has more than {self.max_bytes} bytes, which is the limit.")
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]

    def seal(self) -> None:
        """Cut off what an earlier, longer upload left: the file ends where the image ends."""
        os.ftruncate(self.descriptor, self.length)

    def clear(self) -> None:
        """Make room for the next upload."""
        if self.length > _KEPT_BYTES:
            os.ftruncate(self.descriptor, _KEPT_BYTES)
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        self.length = 0

    def close(self) -> None:
        """Give the memory back."""
        os.close(self.descriptor)


class SlotPool:
    """All the slots there are: their number bounds how many images the service holds at once."""

    def __init__(self, count: int, max_bytes: int) -> None:
        """Make `count` slots."""
        self._slots = [Slot(max_bytes) for _ in range(count)]
        self._free: asyncio.LifoQueue[Slot] = asyncio.LifoQueue()  # the last one used has its memory already
        for slot in self._slots:
            self._free.put_nowait(slot)

    @property
    def in_use(self) -> int:
        """How many images are being received, waiting or being decoded."""
        return len(self._slots) - self._free.qsize()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Slot]:
        """Lend a slot, or refuse at once when all are taken."""
        slot = self.take()
        try:
            yield slot
        finally:
            self.give_back(slot)

    def take(self) -> Slot:
        """Take a slot that is free now; raise `QueueFullError` when none is."""
        try:
            return self._free.get_nowait()
        except asyncio.QueueEmpty:
            raise QueueFullError(
                f"{len(self._slots)} images are being worked on, and no more may wait. Try again in a moment.",
                headers={"Retry-After": "1"},
            ) from None

    async def wait(self) -> Slot:
        """Take a slot as soon as one is free."""
        return await self._free.get()

    def give_back(self, slot: Slot) -> None:
        """Let the next upload have it."""
        slot.clear()
        self._free.put_nowait(slot)

    def close(self) -> None:
        """Give all memory back."""
        for slot in self._slots:
            slot.close()


def _anonymous_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("upload", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:  # macOS has no memfd; a file that is already unlinked comes closest
        return os.dup(file.fileno())

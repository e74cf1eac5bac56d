"""Writes files together that wait together: whole, durable, under their final names, or not at all.

While the disk is busy, more files come to wait. All of them are written before the first is synced, so that the file
system commits its journal a few times for a hundred files, and not two hundred times.
"""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread


@dataclass(frozen=True, slots=True)
class _Waiting:
    path: Path
    data: bytes
    written: asyncio.Future[None]


class GroupCommit:
    """Takes files to write from many tasks of one event loop."""

    def __init__(self) -> None:
        """Begin with nothing to write."""
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, path: Path, data: bytes) -> None:
        """Write one file and return when it is durable; raise the `OSError` that concerns it alone."""
        item = _Waiting(path, data, asyncio.get_running_loop().create_future())
        self._waiting.append(item)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_waiting())
        await item.written

    async def _write_waiting(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                errors = await to_thread.run_sync(_write_together, [(item.path, item.data) for item in group])
                for item, error in zip(group, errors, strict=True):
                    await _tell(item, error)
        finally:
            self._writer = None


async def _tell(item: _Waiting, error: Exception | None) -> None:
    """Wake who waits; what nobody waits for any more goes again."""
    if item.written.cancelled():
        await to_thread.run_sync(lambda: item.path.unlink(missing_ok=True))
    elif error is not None:
        item.written.set_exception(error)
    else:
        item.written.set_result(None)


def _write_together(wanted: Sequence[tuple[Path, bytes]]) -> list[Exception | None]:
    """Write, sync, rename, each for all files before the next; give what went wrong with each."""
    errors: list[Exception | None] = [None] * len(wanted)
    parts: dict[int, tuple[int, str]] = {}
    for at, (path, data) in enumerate(wanted):
        try:
            parts[at] = _write_part(path.parent, data)
        except Exception as error:  # noqa: BLE001 - told to whom it concerns
            errors[at] = error
    for at, (descriptor, part) in parts.items():
        try:
            os.fsync(descriptor)
            Path(part).replace(wanted[at][0])
        except Exception as error:  # noqa: BLE001 - told to whom it concerns
            errors[at] = error
            Path(part).unlink(missing_ok=True)
        finally:
            os.close(descriptor)
    _sync_folders([path.parent for path, _ in wanted], errors)
    return errors


def _write_part(folder: Path, data: bytes) -> tuple[int, str]:
    """Give the open temporary file that holds `data`, not yet synced."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except BaseException:
        os.close(descriptor)
        Path(part).unlink(missing_ok=True)
        raise
    return descriptor, part


def _sync_folders(folders: Sequence[Path], errors: list[Exception | None]) -> None:
    for folder in dict.fromkeys(folder for folder, error in zip(folders, errors, strict=True) if error is None):
        try:
            sync_folder(folder)
        except Exception as error:  # noqa: BLE001 - told to whom it concerns
            errors[:] = [said or error if of == folder else said for of, said in zip(folders, errors, strict=True)]


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable, not only the bytes behind them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Blobs in a local folder: a file appears whole, under its final name, or not at all."""

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from anyio import to_thread

from metadata_service.storage import BlobMissingError
from service_kit.errors import full_or_none

_KEY: Final = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.[a-z0-9]+")


class LocalFolder:
    """A `BlobStore` of plain files below `root`."""

    def __init__(self, root: Path) -> None:
        """Remember the folder; it is made at the first write."""
        self.root = root

    async def put(self, key: str, data: bytes) -> None:
        """Write to a temporary file beside the target, sync it, rename it."""
        try:
            await to_thread.run_sync(_write_whole, self._path(key), data)
        except OSError as error:
            if (full := full_or_none(error)) is not None:
                raise full from error
            raise

    async def get(self, key: str) -> bytes:
        """Read the file."""
        try:
            return await to_thread.run_sync(self._path(key).read_bytes)
        except FileNotFoundError as error:
            raise BlobMissingError(key) from error

    async def delete(self, key: str) -> None:
        """Remove the file."""
        await to_thread.run_sync(lambda: self._path(key).unlink(missing_ok=True))

    def _path(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise ValueError(f"not a blob key: {key!r}")
        return self.root / key


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, not only the bytes behind it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

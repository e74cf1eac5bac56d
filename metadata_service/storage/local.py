"""Blobs in a local folder: a file appears whole, under its final name, or not at all."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedWriter
from pathlib import Path
from typing import Final

from anyio import to_thread

from metadata_service.storage import CHUNK, Blob, BlobMissingError, StoreAwayError, checked_key
from metadata_service.storage.group_commit import GroupCommit, sync_folder
from service_kit.errors import full_or_none

_LISTED_AT_ONCE: Final = 500


class LocalFolder:
    """A `BlobStore` of plain files below `root`."""

    def __init__(self, root: Path) -> None:
        """Remember the folder; it is made at the first write."""
        self.root = root
        self._together = GroupCommit()

    async def put(self, key: str, data: bytes) -> None:
        """Write to a temporary file beside the target, sync it, rename it."""
        path = self._path(key)
        with _named_errors():
            await self._together.write(path, data)

    @asynccontextmanager
    async def writing(self, key: str) -> AsyncIterator["_File"]:
        """The same, piece by piece."""
        path = self._path(key)
        with _named_errors():
            temporary, file = await to_thread.run_sync(_begin, path)
        try:
            yield _File(file)
            with _named_errors():
                await to_thread.run_sync(_finish, file, temporary, path)
        except BaseException:
            _give_up(file, temporary)
            raise

    async def get(self, key: str) -> bytes:
        """Read the file."""
        path = self._path(key)
        with _named_errors(key):
            return await to_thread.run_sync(path.read_bytes)

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Read the file in pieces."""
        path = self._path(key)
        with _named_errors(key):
            file = await to_thread.run_sync(lambda: path.open("rb"))
        try:
            while chunk := await to_thread.run_sync(file.read, CHUNK):
                yield chunk
        finally:
            file.close()

    async def size(self, key: str) -> int | None:
        """Look at the file."""
        path = self._path(key)
        try:
            with _named_errors(key):
                return (await to_thread.run_sync(path.stat)).st_size
        except BlobMissingError:
            return None

    async def delete(self, key: str) -> None:
        """Remove the file."""
        path = self._path(key)
        with _named_errors():
            await to_thread.run_sync(lambda: path.unlink(missing_ok=True))

    async def list(self, prefix: str) -> AsyncIterator[Blob]:
        """Walk through the folders."""
        walk = self._walk(self.root / prefix.strip("/"))
        while some := await to_thread.run_sync(lambda: [blob for _, blob in zip(range(_LISTED_AT_ONCE), walk)]):  # noqa: B905  # so many at most
            for blob in some:
                yield blob

    def presigned_url(self, _key: str, _seconds: int) -> None:
        """A folder serves nobody."""
        return

    def path(self, key: str) -> Path:
        """Where the file lies, for who serves it."""
        return self._path(key)

    def _walk(self, folder: Path) -> Iterator[Blob]:
        if not folder.is_dir():
            return
        # As the keys sort: a folder's name goes on with a slash.
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name + "/" * entry.is_dir()):
            if entry.is_dir():
                yield from self._walk(Path(entry.path))
            elif not entry.name.startswith("."):
                told = entry.stat()
                key = str(Path(entry.path).relative_to(self.root))
                yield Blob(key, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)


class _File:
    """A file that is being written."""

    def __init__(self, file: BufferedWriter) -> None:
        self._file = file

    async def write(self, chunk: bytes) -> None:
        """Append the piece."""
        with _named_errors():
            await to_thread.run_sync(self._file.write, chunk)


@contextmanager
def _named_errors(key: str | None = None) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if key is not None:
            raise BlobMissingError(key) from error
        raise StoreAwayError("The folder where files are kept is gone.", headers={"Retry-After": "15"}) from error
    except OSError as error:
        if (full := full_or_none(error)) is not None:
            raise full from error
        said = f"The folder where files are kept refuses: {error.strerror}."
        raise StoreAwayError(said, headers={"Retry-After": "15"}) from error


def _begin(path: Path) -> tuple[Path, BufferedWriter]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    return Path(temporary), os.fdopen(handle, "wb")


def _finish(file: BufferedWriter, temporary: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    temporary.replace(path)
    sync_folder(path.parent)


def _give_up(file: BufferedWriter, temporary: Path) -> None:
    with suppress(OSError):  # what it still held may not fit
        file.close()
    temporary.unlink(missing_ok=True)

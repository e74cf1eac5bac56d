"""Where bytes too large for the database are kept, behind one small port."""

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from service_kit.errors import ServiceError

CHUNK: Final = 1024 * 1024
"""How many bytes are read at once."""

_KEY: Final = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.[a-z0-9]+")


class BlobMissingError(LookupError):
    """There is nothing under that key."""


class StoreAwayError(ServiceError):
    """The store does not answer, or refuses: what was to be kept or read can be later."""

    slug = "store-away"
    title = "The place where files are kept does not answer"
    status = 503


@dataclass(frozen=True, slots=True)
class Blob:
    """What a listing tells of one blob: its size in bytes and when it was written."""

    key: str
    size: int
    modified: datetime


class BlobWriter(Protocol):
    """Takes the bytes of one blob, piece by piece."""

    async def write(self, chunk: bytes) -> None:
        """Take the next piece."""


class BlobStore(Protocol):
    """Keeps bytes under keys such as `coldpreviews/ab/abcd….jpg`. Who writes a key again writes the same bytes."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep `data`, all of it or nothing; raise `StorageFullError` when there is no room."""

    def writing(self, key: str) -> AbstractAsyncContextManager[BlobWriter]:
        """Keep what is written in the block; when the block fails, nothing is kept."""

    async def get(self, key: str) -> bytes:
        """Give the bytes; raise `BlobMissingError` when there are none."""

    def read(self, key: str) -> AsyncIterator[bytes]:
        """Give the same in pieces."""

    async def size(self, key: str) -> int | None:
        """Say how many bytes there are; None when there are none by that name."""

    async def delete(self, key: str) -> None:
        """Forget the bytes; a missing key is no error."""

    def list(self, prefix: str) -> AsyncIterator[Blob]:
        """Give all blobs whose keys begin with the folders of `prefix`, in the order of their keys."""

    def presigned_url(self, key: str, seconds: int) -> str | None:
        """An address at which whoever knows it may read the blob for a while; None when the store serves nobody."""


def checked_key(key: str) -> str:
    """Give the key back if it is one; raise `ValueError` for what might lead elsewhere."""
    if _KEY.fullmatch(key) is None:
        raise ValueError(f"not a blob key: {key!r}")
    return key

"""Where preview bytes too large for the database are kept, behind one small port."""

from typing import Protocol


class BlobStore(Protocol):
    """Keeps bytes under keys such as `coldpreviews/ab/abcd….jpg`. A key is written once and never changes."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep `data`, all of it or nothing; raise `StorageFullError` when there is no room."""

    async def get(self, key: str) -> bytes:
        """Give the bytes; raise `BlobMissingError` when there are none."""

    async def delete(self, key: str) -> None:
        """Forget the bytes; a missing key is no error."""


class BlobMissingError(LookupError):
    """There is nothing under that key."""

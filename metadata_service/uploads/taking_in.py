"""Takes one file straight into the store, looking at it on the way: what it is, how large, its digest."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from metadata_service.db.ids import new_id
from metadata_service.storage import BlobStore
from metadata_service.upload_jobs.keys import original_key
from metadata_service.uploads.kinds import LOOKED_AT, media_type, refusal


class FileRefusedError(Exception):
    """This file is not taken in; the others may be. `slug` names why."""

    def __init__(self, slug: str, detail: str) -> None:
        """Say why, in words for a person."""
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Received:
    """An original that is in the store."""

    upload_id: UUID
    key: str
    filename: str
    content_type: str
    size: int
    sha256: str


async def receive(
    blobs: BlobStore, filename: str, pieces: AsyncIterator[bytes], max_bytes: int, upload_id: UUID | None = None
) -> Received:
    """Store the pieces as a new original, of an id that is known before or made now.

    Raise `FileRefusedError` at the first byte that is too much or tells that this is no picture; then nothing is kept.
    The pieces that follow are left to the caller.
    """
    upload_id = upload_id or new_id()
    key = original_key(upload_id, filename)
    digest, size, beginning = hashlib.sha256(), 0, b""
    async with blobs.writing(key) as writer:
        async for piece in pieces:
            size += len(piece)
            if size > max_bytes:
                raise FileRefusedError("file-too-large", f"The file has more than {max_bytes} bytes.")
            if len(beginning) < LOOKED_AT:
                beginning += piece[: LOOKED_AT - len(beginning)]
                _look(beginning, is_all=False)
            digest.update(piece)
            await writer.write(piece)
        _look(beginning, is_all=True)
    return Received(upload_id, key, filename, media_type(beginning), size, digest.hexdigest())


def _look(beginning: bytes, *, is_all: bool) -> None:
    if not is_all and len(beginning) < LOOKED_AT:
        return
    what = refusal(beginning)
    if what == "empty":
        raise FileRefusedError("empty-file", "The file is empty.")
    if what is not None:
        raise FileRefusedError("not-a-picture", f"This is {what}, whatever it is called.")

"""Reads an original and makes sure that it is what was uploaded."""

import hashlib
from collections.abc import AsyncIterator

from metadata_service.storage import BlobStore, StoreAwayError
from metadata_service.tables import Upload


async def read_original(blobs: BlobStore, upload: Upload) -> AsyncIterator[bytes]:
    """Give the original in pieces.

    Raise `StoreAwayError` before the last one when they are not the bytes that came: core_service, which is being sent
    them, then sees a request that breaks off, and lays no egg of half a picture.
    """
    digest, count, held = hashlib.sha256(), 0, b""
    async for piece in blobs.read(upload.original_key):
        if held:
            yield held
        digest.update(piece)
        count += len(piece)
        held = piece
    if count != upload.file_size or digest.hexdigest() != upload.sha256:
        raise StoreAwayError(f"The store gave {count} bytes that are not those of the {upload.file_size} uploaded.")
    if held:
        yield held

"""How a photo holds its coldpreview: the bytes in the blob store, their key on the photo's row.

A key names the SHA-256 of its bytes, for ETags and for later audits, and ends in a random part, so that every blob
belongs to exactly one row: removing a photo never asks who else might use its bytes.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from metadata_service.storage import BlobStore
from metadata_service.tables import Photo
from shared_schemas.preview import Preview


@dataclass(frozen=True, slots=True)
class StoredColdpreview:
    """Where a coldpreview lies and how large it is, in pixels and bytes."""

    key: str
    width: int
    height: int
    size: int


@asynccontextmanager
async def stored(blobs: BlobStore, preview: Preview) -> AsyncIterator[StoredColdpreview]:
    """Keep the bytes before the block and forget them again if it fails.

    To be entered before a transaction's first statement, so that no writer waits while a disk does.
    """
    digest = hashlib.sha256(preview.jpeg).hexdigest()
    key = f"coldpreviews/{digest[:2]}/{digest}-{secrets.token_hex(4)}.jpg"
    await blobs.put(key, preview.jpeg)
    try:
        yield StoredColdpreview(key, preview.width, preview.height, len(preview.jpeg))
    except BaseException:
        await blobs.delete(key)
        raise


def attach(photo: Photo, cold: StoredColdpreview | None) -> str | None:
    """Point the photo to its new coldpreview, or to none; give the key of the blob that this leaves unused."""
    unused = photo.coldpreview_key
    photo.coldpreview_key = cold.key if cold else None
    photo.coldpreview_width = cold.width if cold else None
    photo.coldpreview_height = cold.height if cold else None
    photo.coldpreview_size = cold.size if cold else None
    return unused


def digest_of(key: str) -> str:
    """The SHA-256 that a key names."""
    return key.rpartition("/")[2].partition("-")[0]

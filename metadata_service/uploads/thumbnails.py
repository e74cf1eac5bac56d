"""Finds the small picture of an upload, and makes it again where it is gone: it can be made from the original."""

from metadata_service.core_client import CoreRefusedError, CoreUnavailableError
from metadata_service.ingest.errors import CoreAwayError
from metadata_service.storage import BlobMissingError
from metadata_service.tables import Upload
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.keys import thumbnail_key
from metadata_service.upload_jobs.originals import read_original
from metadata_service.upload_jobs.pipeline import THUMBNAIL_SIDE
from metadata_service.uploads.errors import ObjectNotFoundError, OriginalMissingError


async def find_or_make(bench: Bench, upload: Upload) -> str:
    """Give the key of the thumbnail, which is in the store then."""
    key = thumbnail_key(upload.id)
    if await bench.blobs.size(key) is not None:
        return key
    try:
        small = await bench.core.resize(
            lambda: read_original(bench.blobs, upload), THUMBNAIL_SIDE, seconds=bench.core_seconds
        )
    except BlobMissingError as error:
        raise OriginalMissingError from error
    except CoreRefusedError as error:
        raise ObjectNotFoundError(f"There is no small picture of this file. {error}") from error
    except CoreUnavailableError as error:
        raise CoreAwayError(headers={"Retry-After": "15"}) from error
    await bench.blobs.put(key, small)
    return key

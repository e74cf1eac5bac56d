"""Chooses the store that the settings name."""

from metadata_service.settings import Settings
from metadata_service.storage import BlobStore
from metadata_service.storage.local import LocalFolder
from metadata_service.storage.s3 import Bucket, BucketAddress


def open_store(settings: Settings) -> BlobStore:
    """Make the one store that holds originals and previews."""
    if not settings.s3_bucket:
        return LocalFolder(settings.data_dir / "blobs")
    return Bucket(
        BucketAddress(
            bucket=settings.s3_bucket,
            endpoint=settings.s3_endpoint or None,
            public_endpoint=settings.s3_public_endpoint or None,
            region=settings.s3_region,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
        ),
        answer_seconds=settings.s3_seconds,
    )

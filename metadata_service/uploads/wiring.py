"""What the routes of uploads are given besides sessions and blobs."""

from typing import Annotated

from fastapi import Depends, Request

from metadata_service.settings import Settings
from metadata_service.upload_jobs.bench import Bench
from metadata_service.uploads.addresses import Addresses
from metadata_service.uploads.errors import UploadsOffError


async def _addresses(request: Request) -> Addresses:
    found: Addresses = request.app.state.addresses
    return found


async def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


async def _uploads_are_on(request: Request) -> None:
    if not request.app.state.settings.uploads:
        raise UploadsOffError("Whoever runs this server has turned uploads off. What is kept already stays.")


async def _bench(request: Request) -> Bench:
    found: Bench = request.app.state.bench
    return found


UploadBench = Annotated[Bench, Depends(_bench)]
ObjectAddresses = Annotated[Addresses, Depends(_addresses)]
UploadsAreOn = Depends(_uploads_are_on)
AppSettings = Annotated[Settings, Depends(_settings)]

"""The blob store of a request: a route names `Blobs` and gets it."""

from typing import Annotated

from fastapi import Depends, Request

from metadata_service.storage import BlobStore


async def _blobs(request: Request) -> BlobStore:
    found: BlobStore = request.app.state.blobs
    return found


Blobs = Annotated[BlobStore, Depends(_blobs)]

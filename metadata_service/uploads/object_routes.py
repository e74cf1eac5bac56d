"""`/objects/{key}`: serves objects of a local folder at addresses that we signed. A bucket serves its own."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, Response

from metadata_service.storage.local import LocalFolder
from metadata_service.upload_jobs.keys import ORIGINALS
from metadata_service.uploads.errors import AddressRefusedError, ObjectNotFoundError
from metadata_service.uploads.wiring import ObjectAddresses
from service_kit.problems import answers

router = APIRouter(prefix="/objects", tags=["uploads"])

# Nothing that somebody uploaded may act as a page of ours.
_HARMLESS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=3600",
}


@router.get(
    "/{key:path}",
    summary="An object, for whoever knows its signed address",
    response_class=Response,
    responses=answers(AddressRefusedError, ObjectNotFoundError),
)
async def serve(
    request: Request,
    key: Annotated[str, Path(max_length=255)],
    addresses: ObjectAddresses,
    *,
    expires: Annotated[int, Query(ge=0, le=2**53)] = 0,
    signature: Annotated[str, Query(max_length=100)] = "",
    saved_as: Annotated[str, Query(max_length=255, description="What a browser calls the file.")] = "",
) -> Response:
    addresses.check(key, expires, signature, saved_as)
    store = addresses.blobs
    if not isinstance(store, LocalFolder) or await store.size(key) is None:
        raise ObjectNotFoundError
    if key.startswith(f"{ORIGINALS}/"):
        name = saved_as or key.rpartition("/")[2]
        return FileResponse(store.path(key), filename=name, media_type="application/octet-stream", headers=_HARMLESS)
    return FileResponse(store.path(key), media_type="image/jpeg", headers=_HARMLESS)

"""`/photos/resumable`: large files over bad lines, by the tus protocol 1.0.0 (tus.io/protocols/resumable-upload).

Core protocol, creation, termination and expiration. The file's name comes in `Upload-Metadata` as `filename`.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from email.utils import format_datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Path, Request, Response, status
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.storage import StoreAwayError
from metadata_service.storage.access import Blobs
from metadata_service.upload_jobs.errors import UploadSessionNotFoundError
from metadata_service.upload_jobs.wiring import UploadRunner
from metadata_service.uploads import pieces
from metadata_service.uploads.errors import (
    NothingAcceptedError,
    TusContentTypeError,
    TusVersionError,
    UploadNotFoundError,
    UploadOffsetError,
    UploadsOffError,
)
from metadata_service.uploads.forms import clean_filename
from metadata_service.uploads.pieces import InterruptedUploadError
from metadata_service.uploads.routes import upload_wishes
from metadata_service.uploads.service import UploadWishes
from metadata_service.uploads.wiring import AppSettings, UploadsAreOn
from service_kit.errors import InvalidRequestError, RequestTimeoutError, RequestTooLargeError, StorageFullError
from service_kit.problems import answers
from shared_schemas.problem import FieldError

router = APIRouter(prefix="/photos/resumable", tags=["uploads"])

_VERSION: Final = "1.0.0"
_TUS: Final = {"Tus-Resumable": _VERSION}
_READ = (NotSignedInError, InvalidTokenError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError, TusVersionError)
_PIECE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
UploadId = Annotated[UUID, Path()]


async def _speaks_tus(
    tus_resumable: Annotated[str, Header(description="The version of the protocol: 1.0.0.")] = "",
) -> None:
    if tus_resumable != _VERSION:
        raise TusVersionError(headers={**_TUS, "Tus-Version": _VERSION})


_Spoken = Depends(_speaks_tus)


@router.options("", include_in_schema=False)
async def abilities(settings: AppSettings) -> Response:
    told = {
        "Tus-Version": _VERSION,
        "Tus-Extension": "creation,termination,expiration",
        "Tus-Max-Size": str(settings.upload_max_file_mb * 2**20),
    }
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers={**_TUS, **told})


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_class=Response,
    summary="Announce a file that comes in pieces (tus creation)",
    responses=answers(*_WRITE, UploadsOffError, RequestTooLargeError, UploadSessionNotFoundError),
    dependencies=[_Spoken, UploadsAreOn],
)
async def create(
    owner_id: SignedIn,
    session: WriteSession,
    settings: AppSettings,
    wishes: Annotated[UploadWishes, Depends(upload_wishes)],
    *,
    upload_length: Annotated[int, Header(ge=1, le=2**53, description="The bytes of the whole file.")],
    upload_metadata: Annotated[str, Header(max_length=4096, description="`filename` and its base64.")] = "",
) -> Response:
    if upload_length > settings.upload_max_file_mb * 2**20:
        raise RequestTooLargeError(f"A file has at most {settings.upload_max_file_mb} MiB here.")
    row = await pieces.create(session, owner_id, _filename(upload_metadata), upload_length, wishes)
    headers = {**_TUS, "Location": f"/api/v1/photos/resumable/{row.id}", "Upload-Expires": _http_date(row.expires_at)}
    return Response(status_code=status.HTTP_201_CREATED, headers=headers)


@router.head("/{upload_id:uuid}", include_in_schema=False, dependencies=[_Spoken])
async def how_much(upload_id: UploadId, owner_id: SignedIn, session: ReadSession) -> Response:
    received, length = await pieces.progress(session, owner_id, upload_id)
    told = {"Upload-Offset": str(received), "Upload-Length": str(length), "Cache-Control": "no-store"}
    return Response(headers={**_TUS, **told})


@router.patch(
    "/{upload_id:uuid}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Send the next piece; the last one begins the work",
    responses=answers(
        *_WRITE,
        UploadNotFoundError,
        UploadOffsetError,
        TusContentTypeError,
        RequestTooLargeError,
        NothingAcceptedError,
        StoreAwayError,
        StorageFullError,
    ),
    openapi_extra=_PIECE,
    dependencies=[_Spoken],
)
async def send(
    request: Request,
    upload_id: UploadId,
    owner_id: SignedIn,
    blobs: Blobs,
    *,
    database: Annotated[Database, Depends(database)],
    settings: AppSettings,
    runner: UploadRunner,
    after_commit: BackgroundTasks,
    upload_offset: Annotated[int, Header(ge=0, le=2**53, description="Where the piece begins.")],
) -> Response:
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise TusContentTypeError
    body = _until_interrupted(request)
    row = await pieces.take(database, blobs, owner_id, pieces.Place(upload_id, upload_offset), body)
    headers = {**_TUS, "Upload-Offset": str(row.received), "Upload-Expires": _http_date(row.expires_at)}
    if row.received == row.file_size:
        begun = await pieces.finish(database, blobs, row, settings.upload_max_file_mb * 2**20)
        headers |= {"X-Upload-Session-Id": str(begun.session_id), "X-Job-Id": str(begun.job_ids[0])}
        after_commit.add_task(runner.wake)
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers=headers, background=after_commit)


@router.delete(
    "/{upload_id:uuid}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Give an unfinished upload up (tus termination)",
    responses=answers(*_READ, CrossSiteRequestError, DatabaseBusyError, UploadNotFoundError),
)
async def give_up(upload_id: UploadId, owner_id: SignedIn, session: WriteSession) -> Response:
    await pieces.give_up(session, owner_id, upload_id)
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers=_TUS)


async def _until_interrupted(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except ClientDisconnect as error:
        raise InterruptedUploadError from error
    except HTTPException as error:
        if error.status_code != RequestTimeoutError.status:
            raise
        raise InterruptedUploadError from error


def _filename(metadata: str) -> str:
    """Read `Upload-Metadata`: names, each with a value in base64, between commas."""
    pairs = [pair.strip().partition(" ") for pair in metadata.split(",")]
    encoded = next((value for name, _, value in pairs if name == "filename"), "")
    try:
        return clean_filename(base64.b64decode(encoded, validate=True).decode())
    except (binascii.Error, UnicodeDecodeError) as error:
        said = "must be names with values in base64."
        field = FieldError(loc=["header", "upload-metadata"], msg=said)
        raise InvalidRequestError(f"Upload-Metadata {said}", errors=[field]) from error


def _http_date(moment: Any) -> str:
    return format_datetime(moment, usegmt=True)

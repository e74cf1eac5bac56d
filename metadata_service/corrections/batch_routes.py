"""`/corrections`: many photos at once, shown before it is done, undone as one."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.corrections import batches, repository
from metadata_service.corrections.batch_schemas import BatchList, BatchOut, BatchTaken, Correct, Corrected, Preview
from metadata_service.corrections.errors import (
    CorrectionBatchNotFoundError,
    NoPlaceError,
    OutOfTimeError,
    TooManyPhotosError,
)
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from service_kit.problems import answers

router = APIRouter(tags=["corrections"])

_READ = (NotSignedInError, InvalidTokenError)
_CHOOSE = (*_READ, TooManyPhotosError, NoPlaceError, PhotoNotFoundError, NotYourPhotoError)
_WRITE = (CrossSiteRequestError, DatabaseBusyError)


@router.post(
    "/corrections/preview",
    summary="Show what a correction of many photos would do",
    responses=answers(*_CHOOSE, CrossSiteRequestError),
)
async def preview(wanted: Correct, owner_id: SignedIn, session: ReadSession) -> Preview:
    return await batches.preview(session, owner_id, wanted)


@router.post(
    "/corrections",
    status_code=status.HTTP_201_CREATED,
    summary="Correct many photos as one batch, all or none",
    responses=answers(*_CHOOSE, *_WRITE, OutOfTimeError),
)
async def correct(wanted: Correct, owner_id: SignedIn, session: WriteSession) -> Corrected:
    return await batches.correct(session, owner_id, wanted)


@router.get("/corrections/batches", summary="Your batches of corrections, newest first", responses=answers(*_READ))
async def list_batches(
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> BatchList:
    rows = await repository.batches(session, owner_id, limit=limit, before=before)
    following = rows[-1].id if len(rows) == limit else None
    return BatchList(data=[BatchOut.model_validate(row) for row in rows], next_before=following)


@router.get(
    "/corrections/batches/{batch_id:int}",
    summary="A batch of yours",
    responses=answers(*_READ, CorrectionBatchNotFoundError),
)
async def get_batch(batch_id: RowId, owner_id: SignedIn, session: ReadSession) -> BatchOut:
    return BatchOut.model_validate(await batches.get(session, owner_id, batch_id))


@router.post(
    "/corrections/batches/{batch_id:int}/undo",
    summary="Undo a batch on all its photos; what was corrected otherwise stays",
    responses=answers(*_READ, *_WRITE, CorrectionBatchNotFoundError),
)
async def undo(batch_id: RowId, owner_id: SignedIn, session: WriteSession) -> BatchTaken:
    return await batches.take_back(session, owner_id, batch_id, undo=True)


@router.post(
    "/corrections/batches/{batch_id:int}/redo",
    summary="Let a batch count again",
    responses=answers(*_READ, *_WRITE, CorrectionBatchNotFoundError),
)
async def redo(batch_id: RowId, owner_id: SignedIn, session: WriteSession) -> BatchTaken:
    return await batches.take_back(session, owner_id, batch_id, undo=False)


@router.get(
    "/photos/{ref}/offset-suggestion",
    summary="What the time zone of a photo's position says of its offset; nothing is changed",
    responses=answers(*_READ, PhotoNotFoundError, NotYourPhotoError),
)
async def suggest_offset(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> Preview:
    return await batches.offset_suggestion(session, owner_id, ref)

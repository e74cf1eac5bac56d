"""`/photos/{ref}/reparse` for one photo, `/reparse-runs` for the library: what would change first, then the change."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.ingest.errors import CoreAwayError
from metadata_service.ingest.wiring import Core
from metadata_service.paging import MAX_LIMIT
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from metadata_service.reparse import repository, service
from metadata_service.reparse.errors import (
    NoRawExifError,
    RawExifUnreadableError,
    ReparseRunNotFoundError,
    ReparseStateError,
)
from metadata_service.reparse.schemas import Difference, PhotoReparse, Report, RunList, RunOut
from service_kit.problems import answers

router = APIRouter(tags=["reparse"])

_READ = (NotSignedInError, InvalidTokenError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError)
_ASK = (PhotoNotFoundError, NotYourPhotoError, NoRawExifError, RawExifUnreadableError, CoreAwayError)


@router.get(
    "/photos/{ref}/reparse",
    summary="What reading a photo's kept EXIF again would change",
    responses=answers(*_READ, *_ASK),
)
async def compare_photo(ref: PathRef, owner_id: SignedIn, core: Core, session: ReadSession) -> PhotoReparse:
    photo_id, answer = await service.read_photo(session, core, owner_id, ref)
    return await service.compare_photo(session, photo_id, answer)


@router.post(
    "/photos/{ref}/reparse",
    summary="Read a photo's kept EXIF again; corrections and what was typed stay",
    responses=answers(*_WRITE, *_ASK),
)
async def reparse_photo(
    ref: PathRef, owner_id: SignedIn, core: Core, reader: ReadSession, session: WriteSession
) -> PhotoReparse:
    photo_id, answer = await service.read_photo(reader, core, owner_id, ref)
    return await service.apply_to_photo(session, owner_id, photo_id, answer)


@router.post(
    "/reparse-runs",
    status_code=status.HTTP_201_CREATED,
    summary="Compare your whole library with its kept EXIF; nothing is changed yet",
    responses=answers(*_WRITE, ReparseStateError),
)
async def start(owner_id: SignedIn, session: WriteSession) -> RunOut:
    return RunOut.model_validate(await service.start(session, owner_id))


@router.get("/reparse-runs", summary="Your runs, newest first", responses=answers(*_READ))
async def list_runs(
    owner_id: SignedIn, session: ReadSession, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
) -> RunList:
    return RunList(data=[RunOut.model_validate(run) for run in await repository.runs(session, owner_id, limit)])


@router.get(
    "/reparse-runs/{run_id:int}", summary="How far a run has come", responses=answers(*_READ, ReparseRunNotFoundError)
)
async def get_run(run_id: RowId, owner_id: SignedIn, session: ReadSession) -> RunOut:
    return RunOut.model_validate(await service.get(session, owner_id, run_id))


@router.get(
    "/reparse-runs/{run_id:int}/differences",
    summary="What a run found, photo by photo",
    responses=answers(*_READ, ReparseRunNotFoundError),
)
async def report(
    run_id: RowId,
    owner_id: SignedIn,
    session: ReadSession,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Report:
    await service.get(session, owner_id, run_id)
    rows = await repository.differences(session, run_id, after=after, limit=limit)
    fields = Counter(name for row in rows for name in row.changes)
    following = rows[-1].photo_id if len(rows) == limit else None
    return Report(data=[Difference.model_validate(row) for row in rows], next_after=following, fields=dict(fields))


@router.post(
    "/reparse-runs/{run_id:int}/apply",
    summary="Apply what a run found; corrections and what was typed stay",
    responses=answers(*_WRITE, ReparseRunNotFoundError, ReparseStateError),
)
async def apply_run(run_id: RowId, owner_id: SignedIn, session: WriteSession) -> RunOut:
    return RunOut.model_validate(await service.begin_to_apply(session, owner_id, run_id))


@router.post(
    "/reparse-runs/{run_id:int}/cancel",
    summary="Stop a run; what it has applied stays",
    responses=answers(*_WRITE, ReparseRunNotFoundError, ReparseStateError),
)
async def cancel_run(run_id: RowId, owner_id: SignedIn, session: WriteSession) -> RunOut:
    return RunOut.model_validate(await service.cancel(session, owner_id, run_id))

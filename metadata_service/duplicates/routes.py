"""`/photos/{ref}/similar` and `/duplicates`: photos that look alike, for their owner."""

from typing import Annotated

from fastapi import APIRouter, Query

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.derived.likeness import FARTHEST
from metadata_service.duplicates import merging, service
from metadata_service.duplicates.errors import MergeNotFoundError, MergeNotUndoableError
from metadata_service.duplicates.pairing import PAIR_DISTANCE
from metadata_service.duplicates.schemas import Dismissed, DismissIn, Groups, MergeIn, MergeOut, Merges, SimilarPhotos
from metadata_service.paging import InvalidCursorError
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from service_kit.problems import answers

router = APIRouter(tags=["duplicates"])

_SIGNED_IN = (NotSignedInError, InvalidTokenError)
_WRITE = (*_SIGNED_IN, CrossSiteRequestError, DatabaseBusyError)


@router.get(
    "/photos/{ref}/similar",
    summary="Your photos that look like one of yours, the nearest first, and why",
    responses=answers(*_SIGNED_IN, PhotoNotFoundError, NotYourPhotoError),
)
async def get_similar(
    ref: PathRef,
    owner_id: SignedIn,
    session: ReadSession,
    *,
    distance: Annotated[int, Query(ge=0, le=FARTHEST, description="In how many of 64 bits hashes may differ.")] = 7,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SimilarPhotos:
    return await service.similar(session, owner_id, ref, distance, limit)


@router.get(
    "/duplicates/groups",
    summary="All groups of photos of yours that look alike; stacks are not taken for duplicates",
    responses=answers(*_SIGNED_IN, InvalidCursorError),
)
async def list_groups(
    owner_id: SignedIn,
    session: ReadSession,
    *,
    distance: Annotated[int, Query(ge=0, le=PAIR_DISTANCE)] = 4,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=64, description="`next_cursor` of the answer before.")] = None,
) -> Groups:
    return await service.groups(session, owner_id, distance, limit, cursor)


@router.post(
    "/duplicates/merge",
    summary="Unite photos of yours into one; the others go to the trash",
    responses=answers(*_WRITE, PhotoNotFoundError, NotYourPhotoError),
)
async def merge(wanted: MergeIn, owner_id: SignedIn, session: WriteSession) -> Merges:
    return await merging.merge(session, owner_id, wanted)


@router.post(
    "/duplicates/dismiss", summary="Say that photos are no duplicates of each other", responses=answers(*_WRITE)
)
async def dismiss(wanted: DismissIn, owner_id: SignedIn, session: WriteSession) -> Dismissed:
    return await service.dismiss(session, owner_id, wanted)


@router.get("/duplicates/merges", summary="Your last hundred merges", responses=answers(*_SIGNED_IN))
async def list_merges(
    owner_id: SignedIn,
    session: ReadSession,
    before: Annotated[int | None, Query(ge=1, lt=2**63, description="Only those with a smaller id.")] = None,
) -> Merges:
    return await merging.merges(session, owner_id, before=before)


@router.post(
    "/duplicates/merges/{merge_id:int}/undo",
    summary="Take a merge back: the photo comes out of the trash with all that was its own",
    responses=answers(*_WRITE, MergeNotFoundError, MergeNotUndoableError),
)
async def undo(merge_id: RowId, owner_id: SignedIn, session: WriteSession) -> MergeOut:
    return await merging.undo(session, owner_id, merge_id)

"""`/photos/{ref}/timeloc-correction`, `…/view-correction`, `…/corrections`; and taking a correction back."""

from typing import Annotated

from fastapi import APIRouter, Body

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.corrections import service
from metadata_service.corrections.errors import CorrectionNotFoundError
from metadata_service.corrections.history import History
from metadata_service.corrections.schemas import TimelocCorrection, ViewCorrection
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from metadata_service.photos.schemas import PhotoDetail
from service_kit.problems import answers

router = APIRouter(tags=["corrections"])

_SIGNED_IN = (NotSignedInError, InvalidTokenError)
_WRITE = (*_SIGNED_IN, CrossSiteRequestError, DatabaseBusyError, PhotoNotFoundError)


@router.patch(
    "/photos/{ref}/timeloc-correction",
    summary="Correct time and place of a photo; null: back to what the camera said",
    responses=answers(*_WRITE, NotYourPhotoError),
)
async def correct_timeloc(
    ref: PathRef,
    owner_id: SignedIn,
    session: WriteSession,
    wanted: Annotated[TimelocCorrection | None, Body()] = None,
) -> PhotoDetail:
    return await service.correct_timeloc(session, owner_id, ref, wanted)


@router.patch(
    "/photos/{ref}/view-correction",
    summary="Say how to show a photo; null: as it is",
    responses=answers(*_WRITE, NotYourPhotoError),
)
async def correct_view(
    ref: PathRef, owner_id: SignedIn, session: WriteSession, wanted: Annotated[ViewCorrection | None, Body()] = None
) -> PhotoDetail:
    return await service.correct_view(session, owner_id, ref, wanted)


@router.get(
    "/photos/{ref}/corrections",
    summary="The history of a photo of yours",
    responses=answers(*_SIGNED_IN, PhotoNotFoundError, NotYourPhotoError),
)
async def photo_history(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> History:
    return History(data=await service.history(session, owner_id, ref))


@router.post(
    "/corrections/{correction_id:int}/undo",
    summary="Undo one correction; what came after it stays",
    responses=answers(*_WRITE, CorrectionNotFoundError),
)
async def undo(correction_id: RowId, owner_id: SignedIn, session: WriteSession) -> PhotoDetail:
    return await service.take_back(session, owner_id, correction_id, undo=True)


@router.post(
    "/corrections/{correction_id:int}/redo",
    summary="Let a correction count again",
    responses=answers(*_WRITE, CorrectionNotFoundError),
)
async def redo(correction_id: RowId, owner_id: SignedIn, session: WriteSession) -> PhotoDetail:
    return await service.take_back(session, owner_id, correction_id, undo=False)

"""`/corrections/clock-errors`: which cameras' clocks were wrong; found and offered, never applied by itself."""

from typing import Annotated

from fastapi import APIRouter, Query

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.corrections import clock_service
from metadata_service.corrections.clock_schemas import ClockReport, Finding, Reference
from metadata_service.corrections.schemas import TakenAt
from metadata_service.db.session import ReadSession
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from service_kit.problems import answers
from shared_schemas.json_safe import ShortText

router = APIRouter(prefix="/corrections/clock-errors", tags=["corrections"])

_READ = (NotSignedInError, InvalidTokenError)


@router.get("", summary="Compare your cameras' clocks with GPS time", responses=answers(*_READ))
async def clock_errors(
    owner_id: SignedIn,
    session: ReadSession,
    camera_make: ShortText | None = None,
    camera_model: ShortText | None = None,
    *,
    taken_after: Annotated[TakenAt | None, Query(description="Wall clock.")] = None,
    taken_before: Annotated[TakenAt | None, Query(description="Wall clock.")] = None,
) -> ClockReport:
    return await clock_service.report(
        session,
        owner_id,
        camera_make=camera_make,
        camera_model=camera_model,
        taken_after=taken_after.replace(tzinfo=None) if taken_after else None,
        taken_before=taken_before.replace(tzinfo=None) if taken_before else None,
    )


@router.post(
    "/from-reference",
    summary="Compare a photo's clock with a photo of the same moment, or with the true time",
    responses=answers(*_READ, CrossSiteRequestError, PhotoNotFoundError, NotYourPhotoError),
)
async def from_reference(asked: Reference, owner_id: SignedIn, session: ReadSession) -> Finding:
    return await clock_service.from_reference(session, owner_id, asked)

"""`/photos/{ref}/provenance`."""

from fastapi import APIRouter

from metadata_service.accounts.errors import InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.session import ReadSession
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef
from metadata_service.provenance import service
from metadata_service.provenance.schemas import Provenance
from service_kit.problems import answers

router = APIRouter(prefix="/photos/{ref}/provenance", tags=["photos"])


@router.get(
    "",
    summary="Why a photo of yours has this time, place, camera and size",
    responses=answers(PhotoNotFoundError, NotYourPhotoError, NotSignedInError, InvalidTokenError),
)
async def provenance(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> Provenance:
    return await service.explain(session, owner_id, ref)

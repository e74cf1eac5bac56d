"""`/photos/{ref}/disclosure`: what others are told of one photo."""

from fastapi import APIRouter

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef
from metadata_service.photos.service import get_own, look_at_own
from metadata_service.redaction import service
from metadata_service.redaction.schemas import PhotoPolicy
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/photos/{ref}/disclosure", tags=["sharing"])

_READ = (NotSignedInError, InvalidTokenError, PhotoNotFoundError, NotYourPhotoError)


@router.get("", summary="What you said of a photo of yours, apart from its level", responses=answers(*_READ))
async def get_policy(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> PhotoPolicy:
    photo = await look_at_own(session, owner_id, ref)
    return await service.of_photo(session, photo.id)


@router.put(
    "",
    summary="Set what others are told of a photo of yours",
    responses=answers(*_READ, CrossSiteRequestError, MalformedRequestError, DatabaseBusyError),
)
async def set_policy(ref: PathRef, wanted: PhotoPolicy, owner_id: SignedIn, session: WriteSession) -> PhotoPolicy:
    photo = await get_own(session, owner_id, ref)
    await service.set_of_photo(session, photo.id, wanted)
    return await service.of_photo(session, photo.id)

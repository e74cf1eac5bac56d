"""`/photos/{ref}/files`: the files of a photo, for its owner."""

from fastapi import APIRouter

from metadata_service.accounts.errors import InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.session import ReadSession
from metadata_service.photos import repository
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef
from metadata_service.photos.schemas import FileOut
from metadata_service.photos.service import look_at_own
from service_kit.problems import answers

router = APIRouter(prefix="/photos/{ref}/files", tags=["photos"])


@router.get(
    "",
    summary="The files of a photo of yours",
    responses=answers(PhotoNotFoundError, NotYourPhotoError, NotSignedInError, InvalidTokenError),
)
async def list_files(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> list[FileOut]:
    photo = await look_at_own(session, owner_id, ref)
    return [FileOut.model_validate(file) for file in await repository.files(session, photo.id)]

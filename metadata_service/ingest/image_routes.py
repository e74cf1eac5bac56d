"""`/images`: a file that joins a photo which is there already, as earlier clients send it."""

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.ingest import images
from metadata_service.ingest.errors import ImageNotFoundError
from metadata_service.ingest.old_shapes import ClientHash, OldFile
from metadata_service.ingest.routes import KEEP_REFUSALS
from metadata_service.photos.errors import PhotoNotFoundError
from metadata_service.photos.paths import RowId
from service_kit.fast_json import FastJsonRoute
from service_kit.problems import answers

router = APIRouter(prefix="/images", tags=["ingest"], route_class=FastJsonRoute)


class NewImage(OldFile):
    """A file and the photo that it belongs to."""

    hothash: ClientHash = Field(description="Any hash by which the photo is known.")


class ImageOut(BaseModel):
    """A file of a photo."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    photo_id: int
    filename: str
    file_format: str | None
    file_size: int | None
    sha256: str | None
    role: str


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Add a file to a photo of yours",
    responses=answers(*KEEP_REFUSALS, PhotoNotFoundError),
)
async def add_image(new: NewImage, owner_id: SignedIn, session: WriteSession) -> ImageOut:
    return ImageOut.model_validate(await images.add(session, owner_id, new.hothash, new))


@router.get(
    "/{image_id:int}", summary="A file of a photo of yours", responses=answers(*KEEP_REFUSALS, ImageNotFoundError)
)
async def get_image(image_id: RowId, owner_id: SignedIn, session: ReadSession) -> ImageOut:
    return ImageOut.model_validate(await images.get(session, owner_id, image_id))

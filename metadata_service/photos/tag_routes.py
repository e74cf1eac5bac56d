"""`/photos/{ref}/tags`: the tags of one photo."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import WriteSession
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef
from metadata_service.photos.service import get_own
from metadata_service.tags import repository as tags
from metadata_service.tags import service
from metadata_service.tags.errors import TagNotFoundError
from metadata_service.tags.schemas import Names, TagBrief, Tagged, TagName, Untagged
from service_kit.problems import answers

router = APIRouter(prefix="/photos/{ref}/tags", tags=["tags"])

_WRITE = answers(
    PhotoNotFoundError,
    TagNotFoundError,
    NotSignedInError,
    InvalidTokenError,
    NotYourPhotoError,
    CrossSiteRequestError,
    DatabaseBusyError,
)


@router.post("", summary="Put tags on a photo of yours", responses=_WRITE)
async def add_tags(ref: PathRef, wanted: Names, owner_id: SignedIn, session: WriteSession) -> Tagged:
    photo = await get_own(session, owner_id, ref)
    added, _ = await service.tag_photos(session, owner_id, [photo], add=wanted.tags, remove=())
    different = len({service.tag_key(name) for name in wanted.tags})
    return Tagged(
        hothash=photo.hothash,
        tags=await _tags_on(session, photo.id),
        added=added,
        skipped=different - added,
        message=f"{added} added, {different - added} there already.",
    )


@router.delete("/{name:path}", summary="Take a tag from a photo of yours", responses=_WRITE)
async def remove_tag(
    ref: PathRef, name: Annotated[TagName, Path()], owner_id: SignedIn, session: WriteSession
) -> Untagged:
    photo = await get_own(session, owner_id, ref)
    _, removed = await service.tag_photos(session, owner_id, [photo], add=(), remove=[name])
    if not removed:
        raise TagNotFoundError(f"The photo has no tag named {name}.")
    return Untagged(hothash=photo.hothash, removed_tag=name, remaining_tags=await _tags_on(session, photo.id))


async def _tags_on(session: AsyncSession, photo_id: int) -> list[TagBrief]:
    return [TagBrief.model_validate(tag) for tag in await tags.tags_on(session, photo_id)]

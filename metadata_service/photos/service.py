"""What may be done with one photo."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos import repository
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.presenter import told
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.schemas import FileOut, PhotoChange, PhotoDetail
from metadata_service.tables import Photo
from metadata_service.visibility import Viewer


async def get(session: AsyncSession, viewer: Viewer, ref: PhotoRef) -> Photo:
    """Find a photo that `viewer` sees, or raise `PhotoNotFoundError`."""
    photo = await repository.find(session, viewer, ref)
    if photo is None and ref.hothash is not None and viewer.user_id is not None:
        other = await repository.id_by_other_name(session, viewer, ref.hothash)
        photo = None if other is None else await repository.find(session, viewer, PhotoRef(id=other))
    if photo is None:
        raise PhotoNotFoundError
    return photo


async def get_own(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo:
    """Find a photo to change it: not seen is not found, seen but another's is `NotYourPhotoError`."""
    viewer = Viewer(owner_id)
    photo = await get(session, viewer, ref)
    if not viewer.owns(photo.owner_id):
        raise NotYourPhotoError
    return photo


async def detail(session: AsyncSession, viewer: Viewer, ref: PhotoRef) -> PhotoDetail:
    """Tell all that `viewer` may know about one photo."""
    photo = await get(session, viewer, ref)
    shown = PhotoDetail(**told(photo, viewer))
    if viewer.owns(photo.owner_id):
        read = await repository.exif(session, photo.id)
        shown.exif_dict, shown.warnings = (read.exif_dict, read.warnings) if read else ({}, [])
        shown.files = [FileOut.model_validate(file) for file in await repository.files(session, photo.id)]
    return shown


async def change(session: AsyncSession, owner_id: int, ref: PhotoRef, wanted: PhotoChange) -> PhotoDetail:
    """Set the fields that were given."""
    photo = await get_own(session, owner_id, ref)
    for name, value in wanted.columns().items():
        setattr(photo, name, value)
    await session.flush()
    return await detail(session, Viewer(owner_id), PhotoRef(id=photo.id))


async def delete(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo:
    """Remove the photo and all that hangs on its row; give it back, because its blob is the caller's to remove."""
    photo = await get_own(session, owner_id, ref)
    await session.delete(photo)
    await session.flush()
    return photo

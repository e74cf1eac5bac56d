"""What may be done with one photo."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.photos import repository
from metadata_service.photos.companions import accompany
from metadata_service.photos.errors import NotYourPhotoError, PhotoChangedError, PhotoNotFoundError
from metadata_service.photos.presenter import told
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.schemas import PhotoChange, PhotoDetail
from metadata_service.redaction.policy import exif_told, policies
from metadata_service.tables import Photo
from metadata_service.visibility import Viewer, level_of
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError


async def get(session: AsyncSession, viewer: Viewer, ref: PhotoRef, *, to_change: bool = False) -> Photo:
    """Find a photo that `viewer` sees, or raise `PhotoNotFoundError`."""
    photo = await repository.find(session, viewer, ref, to_change=to_change)
    if photo is None and ref.hothash is not None and viewer.user_id is not None:
        other = await repository.id_by_other_name(session, viewer, ref.hothash)
        ref = PhotoRef(id=other)
        photo = None if other is None else await repository.find(session, viewer, ref, to_change=to_change)
    if photo is None:
        raise PhotoNotFoundError
    return photo


async def get_own(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo:
    """Find a photo to change it: not seen is not found, seen but another's is `NotYourPhotoError`."""
    await take_turn(session, owner_id)
    return _owned(await get(session, Viewer(owner_id), ref, to_change=True), owner_id)


async def look_at_own(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo:
    """The same, only to look: nobody has to wait."""
    return _owned(await get(session, Viewer(owner_id), ref), owner_id)


def _owned(photo: Photo, owner_id: int) -> Photo:
    if photo.owner_id != owner_id:
        raise NotYourPhotoError
    return photo


async def detail(session: AsyncSession, viewer: Viewer, ref: PhotoRef) -> PhotoDetail:
    """Tell all that `viewer` may know about one photo."""
    photo = await get(session, viewer, ref)
    policy = (await policies(session, viewer, [(photo.id, photo.owner_id, level_of(photo))])).get(photo.id)
    fields = told(photo, viewer, policy)
    await accompany(session, [fields])
    shown = PhotoDetail(**fields)
    if viewer.owns(photo.owner_id):
        read = await repository.exif(session, photo.id)
        shown.exif_dict, shown.warnings = (read.exif_dict, read.warnings) if read else ({}, [])
    elif policy is not None and policy.exif:
        read = await repository.exif(session, photo.id)
        shown.exif_dict = exif_told(read.exif_dict, policy) if read else None
    return shown


async def change(
    session: AsyncSession, owner_id: int, ref: PhotoRef, wanted: PhotoChange, seen: frozenset[str] = frozenset()
) -> PhotoDetail:
    """Set the fields that were given; refuse, if the caller has `seen` other versions of the photo only."""
    photo = await get_own(session, owner_id, ref)
    if seen and not seen & {"*", version(photo)}:
        raise PhotoChangedError("The photo was changed since you read it. Read it again, then decide.")
    await check_named(session, owner_id, wanted)
    for name, value in wanted.columns().items():
        setattr(photo, name, value)
    await session.flush()
    await search.index(session, [photo.id])
    return await detail(session, Viewer(owner_id), PhotoRef(id=photo.id))


def version(photo: Photo | PhotoDetail) -> str:
    """The tag of one state of a photo: every change moves `updated_at`."""
    return f"{photo.id}-{photo.updated_at.timestamp():.6f}"


async def check_named(session: AsyncSession, owner_id: int, wanted: PhotoChange) -> None:
    """Refuse an author or an event that the owner does not have."""
    if wanted.author_id is not None and not await repository.has_author(session, owner_id, wanted.author_id):
        raise _not_yours("author_id", "must be one of your authors.")
    if wanted.event_id is not None and not await repository.has_event(session, owner_id, wanted.event_id):
        raise _not_yours("event_id", "must be one of your events.")


def _not_yours(field: str, reason: str) -> InvalidRequestError:
    return InvalidRequestError(f"{field}: {reason}", errors=[FieldError(loc=["body", field], msg=reason)])


async def throw_away(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo:
    """Move the photo to its owner's trash."""
    photo = await get_own(session, owner_id, ref)
    photo.deleted_at = utc_now()
    await session.flush()
    await search.index(session, [photo.id])
    return photo


async def purge(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo:
    """Remove the photo for good, from the trash too; give it back, because its blob is the caller's to remove."""
    await take_turn(session, owner_id)
    photo = await repository.find_in_trash(session, owner_id, ref) or await get_own(session, owner_id, ref)
    await session.delete(photo)
    await session.flush()
    return photo


async def restore(session: AsyncSession, owner_id: int, ref: PhotoRef) -> PhotoDetail:
    """Take the photo out of the trash."""
    await take_turn(session, owner_id)
    photo = await repository.find_in_trash(session, owner_id, ref)
    if photo is None:
        raise PhotoNotFoundError("There is no such photo in your trash.")
    photo.deleted_at = None
    await session.flush()
    await search.index(session, [photo.id])
    return await detail(session, Viewer(owner_id), PhotoRef(id=photo.id))

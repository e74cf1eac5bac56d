"""Queries about single photos, always made as somebody."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos.ref import PhotoRef
from metadata_service.tables import Author, Event, IdentityKind, ImageFile, Photo, PhotoExif, PhotoIdentity
from metadata_service.visibility import Viewer, trash, visible_to

_HASHES = (IdentityKind.HOTHASH, IdentityKind.CLIENT_HASH)


def named(ref: PhotoRef) -> ColumnElement[bool]:
    """The condition that `ref` stands for. A hothash may name photos of several owners: see `best_first`."""
    return Photo.id == ref.id if ref.id is not None else Photo.hothash == ref.hothash


def best_first(viewer: Viewer) -> tuple[ColumnElement[Any], ...]:
    """Which of several photos of one hothash is meant: the viewer's own, then the oldest."""
    return (Photo.owner_id != (viewer.user_id or 0), Photo.id.expression)


async def find(session: AsyncSession, viewer: Viewer, ref: PhotoRef, *, to_change: bool = False) -> Photo | None:
    """Find what `ref` names among the photos that `viewer` sees; `to_change` lets nobody else change it meanwhile.

    The lock is the weaker one (FOR NO KEY UPDATE) everywhere: rows that refer to the photo may come meanwhile. An
    import that waited for them would hold up the very summary that the change must write: a circle.
    """
    query = select(Photo).where(named(ref), visible_to(viewer)).order_by(*best_first(viewer)).limit(1)
    if to_change:
        query = query.with_for_update(key_share=True)
    return (await session.scalars(query)).first()


async def id_by_other_name(session: AsyncSession, viewer: Viewer, hothash: str) -> int | None:
    """The viewer's own photo that is also known under this hash: of another recipe, or of an older client's making."""
    query = select(PhotoIdentity.photo_id).where(
        PhotoIdentity.owner_id == viewer.user_id, PhotoIdentity.kind.in_(_HASHES), PhotoIdentity.value == hothash
    )
    return (await session.scalars(query.order_by(PhotoIdentity.photo_id).limit(1))).first()


async def find_in_trash(session: AsyncSession, owner_id: int, ref: PhotoRef) -> Photo | None:
    """Find what `ref` names in the owner's trash."""
    query = select(Photo).where(named(ref), *trash(Viewer(owner_id))).limit(1).with_for_update(key_share=True)
    return (await session.scalars(query)).first()


async def has_author(session: AsyncSession, owner_id: int, author_id: int) -> bool:
    """Tell whether the author is the owner's."""
    query = select(Author.id).where(Author.id == author_id, Author.owner_id == owner_id)
    return await session.scalar(query) is not None


async def has_event(session: AsyncSession, owner_id: int, event_id: int) -> bool:
    """Tell whether the event is the owner's, and let nobody delete it before this transaction ends."""
    query = select(Event.id).where(Event.id == event_id, Event.owner_id == owner_id)
    return await session.scalar(query.with_for_update(read=True, key_share=True)) is not None


async def exif(session: AsyncSession, photo_id: int) -> PhotoExif | None:
    """All that was read from the photo's file."""
    return await session.get(PhotoExif, photo_id)


async def files(session: AsyncSession, photo_id: int) -> list[ImageFile]:
    """The files of a photo, in the order they came."""
    return list(await session.scalars(select(ImageFile).where(ImageFile.photo_id == photo_id).order_by(ImageFile.id)))

"""The statements that keep an egg."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.upsert import insert_new
from metadata_service.tables import IdentityKind, ImageFile, Photo, PhotoIdentity

Identities = list[tuple[IdentityKind, str]]


async def known(session: AsyncSession, owner_id: int, identities: Identities) -> Photo | None:
    """Find the owner's photo that bears any of the names; the oldest, if several do."""
    bears_one = or_(*((PhotoIdentity.kind == kind) & (PhotoIdentity.value == value) for kind, value in identities))
    query = (
        select(Photo)
        .join(PhotoIdentity, PhotoIdentity.photo_id == Photo.id)
        .where(PhotoIdentity.owner_id == owner_id, bears_one)
        .order_by(Photo.id)
        .limit(1)
    )
    return (await session.scalars(query)).first()


async def insert_photo(session: AsyncSession, columns: dict[str, Any]) -> Photo | None:
    """Insert the row; None when the owner has that hothash already, even since a moment ago."""
    new = await session.execute(insert_new(session, Photo, columns).returning(Photo.id))
    photo_id = new.scalar_one_or_none()
    return None if photo_id is None else await session.get_one(Photo, photo_id)


async def add_identities(session: AsyncSession, photo: Photo, identities: Identities) -> None:
    """Let the photo be found under these names too; a name that is taken stays where it is."""
    rows = [
        {"owner_id": photo.owner_id, "kind": kind, "value": value, "photo_id": photo.id} for kind, value in identities
    ]
    await session.execute(insert_new(session, PhotoIdentity, rows))


async def add_file(session: AsyncSession, file: dict[str, Any]) -> None:
    """Remember a file of the photo, once."""
    same = select(ImageFile.id).where(
        ImageFile.photo_id == file["photo_id"],
        ImageFile.filename == file["filename"],
        ImageFile.sha256.is_not_distinct_from(file["sha256"]),
    )
    if await session.scalar(same) is None:
        await session.execute(insert_new(session, ImageFile, file))

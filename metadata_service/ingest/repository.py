"""The statements that keep photos, many at a time."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.base import Table
from metadata_service.db.upsert import insert_new, upsert
from metadata_service.ingest.arrival import Identity
from metadata_service.tables import FileLocation, IdentityKind, ImageFile, Photo, PhotoIdentity

Rows = list[dict[str, Any]]


async def known_ids(session: AsyncSession, owner_id: int, identities: Sequence[Identity]) -> dict[Identity, int]:
    """Which of the names are taken, and by which photo of the owner."""
    query = select(PhotoIdentity.kind, PhotoIdentity.value, PhotoIdentity.photo_id).where(
        PhotoIdentity.owner_id == owner_id, tuple_(PhotoIdentity.kind, PhotoIdentity.value).in_(identities)
    )
    return {(IdentityKind(kind), value): photo_id for kind, value, photo_id in await session.execute(query)}


async def known_values(
    session: AsyncSession, owner_id: int, kind: IdentityKind, values: Sequence[str]
) -> dict[str, int]:
    """Which names of one kind are taken, and by which photo of the owner."""
    if not values:
        return {}
    query = select(PhotoIdentity.value, PhotoIdentity.photo_id).where(
        PhotoIdentity.owner_id == owner_id, PhotoIdentity.kind == kind, PhotoIdentity.value.in_(values)
    )
    return dict(iter(await session.execute(query)))


async def in_trash(session: AsyncSession, ids: Iterable[int]) -> list[int]:
    """Those of the photos that lie in the trash."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    query = select(Photo.id).where(Photo.id.in_(wanted), Photo.deleted_at.is_not(None)).order_by(Photo.id)
    return list(await session.scalars(query))


async def photos(session: AsyncSession, ids: Iterable[int]) -> dict[int, Photo]:
    """The rows of some photos, by id."""
    return {photo.id: photo for photo in await session.scalars(select(Photo).where(Photo.id.in_(set(ids))))}


async def insert_photos(session: AsyncSession, rows: Rows) -> dict[str, int]:
    """Insert the rows; give ids by hothash of those that are new. What somebody else just inserted is left out."""
    new = await session.execute(insert_new(session, Photo).returning(Photo.hothash, Photo.id), rows)
    return dict(iter(new))


async def insert(session: AsyncSession, table: type[Table], rows: Rows) -> None:
    """Insert rows that may be there already; those stay as they are."""
    if rows:
        await session.execute(insert_new(session, table), rows)


async def files_of(session: AsyncSession, photo_ids: Iterable[int]) -> list[tuple[int, int, str, str | None]]:
    """The files of some photos: (id, photo_id, filename, sha256)."""
    query = select(ImageFile.id, ImageFile.photo_id, ImageFile.filename, ImageFile.sha256)
    rows = await session.execute(query.where(ImageFile.photo_id.in_(set(photo_ids))))
    return [(file_id, photo_id, filename, sha256) for file_id, photo_id, filename, sha256 in rows]


async def own_file(session: AsyncSession, owner_id: int, file_id: int) -> ImageFile | None:
    """A file, if it belongs to a photo of the owner."""
    query = select(ImageFile).join(Photo, Photo.id == ImageFile.photo_id)
    return (await session.scalars(query.where(ImageFile.id == file_id, Photo.owner_id == owner_id))).one_or_none()


async def insert_files(session: AsyncSession, rows: Rows) -> None:
    """Insert files; one that somebody else has just inserted stays as it is."""
    if rows:
        await session.execute(insert_new(session, ImageFile), rows)


async def seen_at(session: AsyncSession, rows: Rows) -> None:
    """Remember where files lie; a place that is known was seen again."""
    if rows:
        unique = ("image_file_id", "machine", "volume", "relative_path")
        await session.execute(upsert(session, FileLocation, unique, ("last_seen",)), rows)


async def shots_at(session: AsyncSession, owner_id: int, stem_keys: Sequence[str]) -> list[tuple[str, Photo]]:
    """The owner's photos that have a file at one of the places, extensions aside."""
    query = (
        select(FileLocation.stem_key, Photo)
        .join(ImageFile, ImageFile.id == FileLocation.image_file_id)
        .join(Photo, Photo.id == ImageFile.photo_id)
        .where(FileLocation.stem_key.in_(stem_keys), Photo.owner_id == owner_id)
        .order_by(Photo.id)
    )
    return [(stem_key, photo) for stem_key, photo in await session.execute(query)]

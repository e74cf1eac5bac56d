"""Statements about files and their places; always about one owner's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import FileLocation, FileRole, IdentityKind, ImageFile, Photo, PhotoIdentity
from metadata_service.visibility import Viewer, own

_ORIGINALS = (FileRole.PRIMARY, FileRole.RAW)


async def locations(session: AsyncSession, file_ids: Sequence[int]) -> dict[int, list[FileLocation]]:
    """Where files lie, by file."""
    query = select(FileLocation).where(FileLocation.image_file_id.in_(file_ids)).order_by(FileLocation.id)
    found: dict[int, list[FileLocation]] = {}
    for location in await session.scalars(query):
        found.setdefault(location.image_file_id, []).append(location)
    return found


async def originals_in_one_place(
    session: AsyncSession, owner_id: int, *, after: tuple[int, int, int] | None, limit: int
) -> Sequence[Any]:
    """Originals of live photos that lie on one volume or none, newest photos first, with the keys of the page."""
    place = _homes()
    first, last = func.min(place.c.home), func.max(place.c.home)
    (mine,) = own(Viewer(owner_id))
    query = (
        select(ImageFile, Photo.hothash, Photo.sort_ts)
        .join(Photo, Photo.id == ImageFile.photo_id)
        .where(mine, ImageFile.role.in_(_ORIGINALS))
    )
    several = select(place.c.image_file_id).where(place.c.image_file_id == ImageFile.id)
    several = several.group_by(place.c.image_file_id).having(first != last)
    query = query.where(~several.correlate(ImageFile).exists())
    keys = (Photo.sort_ts, Photo.id, ImageFile.id)
    if after is not None:
        query = query.where(tuple_(*keys) < after)
    return (await session.execute(query.order_by(*(key.desc() for key in keys)).limit(limit))).all()


def _homes() -> Any:
    """Places with the disk that they are on as one text: two folders of one disk are lost together."""
    home = (FileLocation.machine + "\n" + FileLocation.volume).label("home")
    return select(FileLocation.image_file_id, home).subquery()


async def totals(session: AsyncSession, owner_id: int) -> tuple[int, int, int]:
    """How many originals there are, how many lie nowhere, how many on one volume."""
    home = FileLocation.machine + "\n" + FileLocation.volume
    (mine,) = own(Viewer(owner_id))
    each = (
        select(func.count(FileLocation.id).label("places"), func.min(home).label("one"), func.max(home).label("other"))
        .select_from(Photo)
        .join(ImageFile, ImageFile.photo_id == Photo.id)
        .outerjoin(FileLocation, FileLocation.image_file_id == ImageFile.id)
        .where(mine, ImageFile.role.in_(_ORIGINALS))
        .group_by(ImageFile.id)
        .subquery()
    )
    counts = (
        func.count(),
        func.count().filter(each.c.places == 0),
        func.count().filter(and_(each.c.places > 0, each.c.one == each.c.other)),
    )
    count, nowhere, one = (await session.execute(select(*counts).select_from(each))).one()
    return count, nowhere, one


async def files_of_bytes(session: AsyncSession, owner_id: int, digests: Sequence[str]) -> dict[str, list[ImageFile]]:
    """The owner's files by SHA-256, found by the names of their photos; those of photos in the trash too."""
    query = (
        select(ImageFile)
        .join(PhotoIdentity, PhotoIdentity.photo_id == ImageFile.photo_id)
        .where(
            PhotoIdentity.owner_id == owner_id,
            PhotoIdentity.kind == IdentityKind.FILE_SHA256,
            PhotoIdentity.value.in_(digests),
            ImageFile.sha256 == PhotoIdentity.value,
        )
        .order_by(ImageFile.id)
    )
    found: dict[str, list[ImageFile]] = {}
    for file in await session.scalars(query):
        found.setdefault(file.sha256 or "", []).append(file)
    return found


async def has_other_file(session: AsyncSession, file: ImageFile, filename: str, sha256: str | None) -> bool:
    """Whether the photo has another file of that name and those bytes."""
    same_bytes = ImageFile.sha256.is_(None) if sha256 is None else ImageFile.sha256 == sha256
    others = and_(ImageFile.photo_id == file.photo_id, ImageFile.id != file.id, ImageFile.filename == filename)
    return await session.scalar(select(ImageFile.id).where(others, same_bytes).limit(1)) is not None


async def photo_has(
    session: AsyncSession, photo_id: int, *, role: str | None = None, sha256: str | None = None
) -> bool:
    """Whether a photo has a file of that role, or of those bytes."""
    wanted = or_(ImageFile.role == role, ImageFile.sha256 == sha256)
    return await session.scalar(select(ImageFile.id).where(ImageFile.photo_id == photo_id, wanted).limit(1)) is not None

"""Statements about photos that are alike; always about one owner's."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Result, Row, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from metadata_service.db.pairs import among
from metadata_service.tables import ImageFile, Photo, PhotoPair, UnpairedPhoto
from metadata_service.visibility import Look, Viewer, look_arms

_COLUMNS: Final = (
    Photo.id,
    Photo.hothash,
    Photo.hotpreview_width,
    Photo.title,
    Photo.rating,
    Photo.taken_at,
    Photo.camera_make,
    Photo.camera_model,
    Photo.width,
    Photo.height,
    Photo.image_format,
    Photo.file_size_bytes,
    Photo.primary_filename,
    Photo.stack_id,
    Photo.perceptual_hash,
)


async def photos(session: AsyncSession, owner_id: int, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """Those of the photos that are the owner's and not in the trash, by id."""
    mine = look_arms(Look(Viewer(owner_id), mine=True), in_order=False)
    query = select(*_COLUMNS).where(Photo.id.in_(among(session, ids)), or_(*mine))
    found: Result[Any] = await session.execute(query)
    return {row.id: row for row in found}


async def digests(session: AsyncSession, ids: Iterable[int]) -> dict[int, set[str]]:
    """The SHA-256 of the files of each photo."""
    query = select(ImageFile.photo_id, ImageFile.sha256).where(ImageFile.photo_id.in_(among(session, ids)))
    found: dict[int, set[str]] = {}
    for photo_id, sha256 in await session.execute(query.where(ImageFile.sha256.is_not(None))):
        found.setdefault(photo_id, set()).add(sha256 or "")
    return found


def _open(pair: Any, owner_id: int, most: int) -> tuple[Select[Any], ColumnElement[bool]]:
    """Pairs that matter: near enough, not dismissed, of live photos that are not in one stack already."""
    one, other = aliased(Photo), aliased(Photo)
    query = (
        select(pair.photo_id, pair.other_id).join(one, one.id == pair.photo_id).join(other, other.id == pair.other_id)
    )
    matters = and_(
        pair.owner_id == owner_id,
        pair.distance <= most,
        ~pair.is_dismissed,
        one.deleted_at.is_(None),
        other.deleted_at.is_(None),
        or_(one.stack_id.is_(None), other.stack_id.is_(None), one.stack_id != other.stack_id),
    )
    return query, matters


async def leaders(session: AsyncSession, owner_id: int, most: int, *, after: int, limit: int) -> list[int]:
    """Photos that are alike a later one and no earlier one: where groups begin, in order of arrival."""
    query, matters = _open(PhotoPair, owner_id, most)
    earlier = aliased(PhotoPair)
    before, is_open = _open(earlier, owner_id, most)
    is_first = ~exists(before.where(earlier.other_id == PhotoPair.photo_id, is_open).correlate(PhotoPair))
    begin = query.with_only_columns(PhotoPair.photo_id).where(matters, PhotoPair.photo_id > after, is_first)
    return list(await session.scalars(begin.distinct().order_by(PhotoPair.photo_id).limit(limit)))


async def edges(session: AsyncSession, owner_id: int, most: int, ids: Sequence[int]) -> list[tuple[int, int]]:
    """All pairs that one of the photos is in."""
    query, matters = _open(PhotoPair, owner_id, most)
    found: set[tuple[int, int]] = set()
    for side in (PhotoPair.photo_id, PhotoPair.other_id):
        found |= {(one, other) for one, other in await session.execute(query.where(matters, side.in_(ids)))}
    return sorted(found)


async def waiting(session: AsyncSession, owner_id: int) -> int:
    """How many of the owner's photos were not compared yet."""
    query = select(func.count()).where(UnpairedPhoto.owner_id == owner_id)
    return await session.scalar(query) or 0

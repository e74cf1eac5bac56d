"""Looks into the trash and empties it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.paging import Cursor, InvalidCursorError, Page, PageMeta
from metadata_service.photos.companions import accompany
from metadata_service.photos.presenter import told
from metadata_service.tables import Photo
from metadata_service.trash.schemas import TrashedPhoto
from metadata_service.visibility import Viewer, trash

_ORDER: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


async def photos(session: AsyncSession, owner_id: int, *, limit: int, cursor: str | None) -> Page[TrashedPhoto]:
    """Give a page of the trash, what was thrown away last first."""
    viewer = Viewer(owner_id)
    query = select(Photo).where(*trash(viewer)).order_by(Photo.deleted_at.desc(), Photo.id.desc()).limit(limit + 1)
    if cursor:
        thrown, photo_id = Cursor.parse(cursor, order=_ORDER, keys=2).keys
        query = query.where(tuple_(Photo.deleted_at, Photo.id) < tuple_(_moment(thrown), photo_id))
    found = list(await session.scalars(query))
    total = await session.scalar(select(func.count()).select_from(Photo).where(*trash(viewer)))
    shown = found[:limit]
    meta = PageMeta(limit=limit, total=total, next_cursor=_cursor(shown[-1]) if len(found) > limit else None)
    rows = [told(photo, viewer) | {"deleted_at": photo.deleted_at} for photo in shown]
    await accompany(session, rows)
    return Page(data=[TrashedPhoto(**row) for row in rows], meta=meta)


async def empty(session: AsyncSession, owner_id: int) -> tuple[int, list[str]]:
    """Remove for good what lies in the trash; say how many photos, and which blobs nobody needs any more."""
    await take_turn(session, owner_id)
    gone = delete(Photo).where(*trash(Viewer(owner_id))).returning(Photo.coldpreview_key)
    keys: list[Any] = list(await session.scalars(gone))
    return len(keys), [key for key in keys if key is not None]


def _cursor(photo: Photo) -> str:
    thrown = ((photo.deleted_at or _EPOCH) - _EPOCH) // _MICROSECOND
    return str(Cursor(_ORDER, (thrown, photo.id)))


def _moment(microseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise InvalidCursorError("Start again without a cursor: this one is not from this list.") from error

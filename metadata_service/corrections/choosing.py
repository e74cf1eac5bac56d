"""The photos that a correction is meant for, with what they say now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections.batch_schemas import MOST, Selection
from metadata_service.corrections.effective import AT_ONCE, PLACE, TIME, pieces
from metadata_service.corrections.errors import TooManyPhotosError
from metadata_service.photos.filters import arms
from metadata_service.photos.listing import of
from metadata_service.photos.order import Order
from metadata_service.tables import Photo
from metadata_service.visibility import Viewer, own

_COLUMNS = (Photo.id, Photo.hothash, Photo.sort_ts, *(getattr(Photo, name) for name in (*TIME, *PLACE)))


async def chosen(session: AsyncSession, owner_id: int, selection: Selection) -> Sequence[Row[Any]]:
    """The owner's photos that are meant, the earliest first; others are left out. Raise `TooManyPhotosError`."""
    viewer = Viewer(owner_id)
    if selection.criteria is not None:
        ids = await _by_criteria(session, viewer, selection)
    else:
        ids = [*selection.ids, *await _named(session, viewer, selection.hothashes)]
    rows: list[Row[Any]] = []
    for some in pieces(ids):
        rows += await session.execute(select(*_COLUMNS).where(Photo.id.in_(some), *own(viewer)))
    return sorted(rows, key=lambda row: (row.sort_ts, row.id))


async def _by_criteria(session: AsyncSession, viewer: Viewer, selection: Selection) -> list[int]:
    assert selection.criteria is not None  # noqa: S101  # the caller asked
    criteria = selection.criteria.model_copy(update={"owner": "me"})
    parts = [of(arm, arm.key("id").label("id")) for arm in await arms(session, viewer, criteria, Order())]
    if not parts:
        return []
    found = union(*(select(part.limit(MOST + 1).subquery().c.id) for part in parts)).limit(MOST + 1)
    ids = list(await session.scalars(found))
    if len(ids) > MOST:
        raise TooManyPhotosError(f"The criteria are true of more than {MOST} photos; narrow them.")
    return ids


async def _named(session: AsyncSession, viewer: Viewer, hothashes: Sequence[str]) -> list[int]:
    names = sorted(set(hothashes))
    found: list[int] = []
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        found += await session.scalars(
            select(Photo.id).where(Photo.owner_id == viewer.user_id, Photo.hothash.in_(some), *own(viewer))
        )
    return found

"""What spaces show: whether the triggers repeated photos right, and counted right."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.derived.days import DAY
from metadata_service.tables import Photo, PhotoSpace, SpaceDay
from metadata_service.visibility import IS_SHOWN_BY_SPACES

_REPEATED: Final = (
    Photo.owner_id,
    Photo.sort_ts,
    DAY.label("day"),
    Photo.rating,
    IS_SHOWN_BY_SPACES,
)
_KEPT: Final = (PhotoSpace.owner_id, PhotoSpace.sort_ts, PhotoSpace.day, PhotoSpace.rating, PhotoSpace.is_shown)
_DAYS: Final = (SpaceDay.space_id, SpaceDay.day, SpaceDay.owner_id, SpaceDay.photos)


async def check(session: AsyncSession) -> list[str]:
    """Compare both tables with the photos; say where they differ."""
    found = []
    in_several = select(PhotoSpace.photo_id).group_by(PhotoSpace.photo_id).having(func.count() > 1)
    for said, kept, right in (
        ("photo_spaces", select(PhotoSpace.photo_id, *_KEPT), _repeated()),
        ("photo_spaces.is_only", select(PhotoSpace.photo_id).where(~PhotoSpace.is_only), in_several),
        ("space_days", select(*_DAYS), _counted()),
    ):
        for left, other, word in ((kept, right, "has"), (right, kept, "lacks")):
            rows = await session.execute(left.except_(other).limit(20))
            found += [f"{said} {word} {tuple(row)}" for row in rows]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Repeat and count everything anew."""
    right = _repeated().subquery()
    for column in _KEPT:
        value = select(right.c[column.key]).where(right.c.id == PhotoSpace.photo_id).limit(1).scalar_subquery()
        await session.execute(_update().values({column: value}))
    other = PhotoSpace.__table__.alias()
    spaces = select(func.count()).select_from(other).where(other.c.photo_id == PhotoSpace.photo_id).scalar_subquery()
    await session.execute(_update().values(is_only=spaces == 1))
    await session.execute(delete(SpaceDay))
    await session.execute(insert(SpaceDay).from_select([column.key for column in _DAYS], _counted()))


def _update() -> Any:
    return update(PhotoSpace).execution_options(synchronize_session=False)


def _repeated() -> Select[*tuple[Any, ...]]:
    return select(Photo.id, *_REPEATED).where(Photo.id.in_(select(PhotoSpace.photo_id)))


def _counted() -> Select[*tuple[Any, ...]]:
    keys = (PhotoSpace.space_id, PhotoSpace.day, PhotoSpace.owner_id)
    counted: ColumnElement[bool] = literal_column("photo_spaces.is_shown AND photo_spaces.is_only")
    return select(*keys, func.count()).where(counted).group_by(*keys)

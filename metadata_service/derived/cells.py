"""The summary of places: which cell a photo counts for, and whether the triggers counted right."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, cast, delete, func, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import DEPTHS, FINEST, Photo, PhotoCell
from metadata_service.visibility import counted_in_cells

_LAST: Final = (1 << FINEST) - 1
_KEYS: Final = (PhotoCell.owner_id, PhotoCell.depth, PhotoCell.y, PhotoCell.x, PhotoCell.visibility)


def cell(depth: int, *, is_sqlite: bool) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The row and the column of a photo at one depth, as the triggers compute them."""
    row = _part(Photo.gps_latitude, 180, is_sqlite=is_sqlite)
    column = _part(Photo.gps_longitude, 360, is_sqlite=is_sqlite)
    shift = literal_column(str(FINEST - depth), Integer)
    return row.bitwise_rshift(shift).label("y"), column.bitwise_rshift(shift).label("x")


def _part(degrees: Any, span: int, *, is_sqlite: bool) -> ColumnElement[int]:
    """Operation by operation the same; SQLite's CAST cuts off, which of numbers above zero is the floor."""
    if not is_sqlite:
        return func.photo_cell(degrees, literal_column(f"{span}.0"))
    scaled = (degrees + literal_column(f"{span / 2}")) * literal_column("1048576.0") / literal_column(f"{span}.0")
    return func.max(literal_column("0"), func.min(literal_column(str(_LAST)), cast(scaled, Integer)))


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


async def check(session: AsyncSession) -> list[str]:
    """Compare the table with the photos; say where they differ."""
    found = []
    kept = select(*_KEYS, PhotoCell.count)
    for depth in DEPTHS:
        counted = counted_in_cells(depth, *cell(depth, is_sqlite=_is_sqlite(session))).subquery()
        counts = select(*list(counted.c)[:-1])
        at_depth = kept.where(PhotoCell.depth == depth)
        for left, right, said in ((at_depth, counts, "has"), (counts, at_depth, "lacks")):
            rows = await session.execute(left.except_(right).limit(20))
            found += [f"photo_cells {said} {tuple(row)}" for row in rows]
    return found + await _wrongly_named(session)


async def _wrongly_named(session: AsyncSession) -> list[str]:
    """Every cell names a photo that lies in it."""
    found = []
    for depth in DEPTHS:
        row, column = cell(depth, is_sqlite=_is_sqlite(session))
        lies_there = (
            select(Photo.id)
            .where(Photo.id == PhotoCell.photo_id, Photo.owner_id == PhotoCell.owner_id, Photo.deleted_at.is_(None))
            .where(row == PhotoCell.y, column == PhotoCell.x)
        )
        wrong = select(*_KEYS).where(PhotoCell.depth == depth, ~lies_there.exists()).limit(20)
        found += [f"photo_cells names no photo of {tuple(key)}" for key in await session.execute(wrong)]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Count everything anew."""
    await session.execute(delete(PhotoCell))
    names = [*(column.key for column in _KEYS), "count", "photo_id"]
    for depth in DEPTHS:
        counted = counted_in_cells(depth, *cell(depth, is_sqlite=_is_sqlite(session)))
        await session.execute(insert(PhotoCell).from_select(names, counted))

"""The summary of days: which day a photo counts for, and whether the triggers counted right."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, case, delete, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import DAY_MS, UNDATED, Photo, PhotoDay, SharedDay, Table
from metadata_service.visibility import counted_by_level, counted_shared

_DAY_MS: Final = literal_column(str(DAY_MS), BigInteger)


def bucket(width_ms: int, sort_ts: Any) -> ColumnElement[int]:
    """The number of the period of `width_ms` since 1970; before 1970 too, periods begin at their start."""
    width = literal_column(str(width_ms), BigInteger)
    number: ColumnElement[int] = (sort_ts - (sort_ts % width + width) % width) // width
    return number


DAY: Final = case(
    (Photo.taken_at.is_(None), literal_column(str(UNDATED), BigInteger)), else_=bucket(DAY_MS, Photo.sort_ts)
)
"""The day that a photo counts for, as the triggers compute it."""


async def check(session: AsyncSession) -> list[str]:
    """Compare both tables with the photos; say where they differ."""
    found = []
    for table, counted in ((PhotoDay, _owners()), (SharedDay, _everybodys())):
        kept = select(*_columns(table))
        for left, right, said in ((kept, counted, "has"), (counted, kept, "lacks")):
            rows = await session.execute(left.except_(right).limit(20))
            found += [f"{table.__tablename__} {said} {tuple(row)}" for row in rows]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Count everything anew."""
    for table, counted in ((PhotoDay, _owners()), (SharedDay, _everybodys())):
        await session.execute(delete(table))
        await session.execute(insert(table).from_select([column.key for column in _columns(table)], counted))


def _columns(table: type[Table]) -> list[Any]:
    return list(table.__table__.c)


def _owners() -> Select[*tuple[Any, ...]]:
    return counted_by_level(DAY.label("day"))


def _everybodys() -> Select[*tuple[Any, ...]]:
    return counted_shared(DAY.label("day"))

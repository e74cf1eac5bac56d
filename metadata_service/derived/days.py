"""The summary of days: which day a photo counts for, and whether the triggers counted right."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, case, delete, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import DAY_MS, UNDATED, Photo, PhotoDay, SharedDay
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
    for name, kept, counted in (
        ("photo_days", select(PhotoDay.owner_id, PhotoDay.day, PhotoDay.visibility, PhotoDay.count), _owners()),
        ("shared_days", select(SharedDay.day, SharedDay.visibility, SharedDay.count), _everybodys()),
    ):
        for left, right, said in ((kept, counted, "has"), (counted, kept, "lacks")):
            found += [f"{name} {said} {tuple(row)}" for row in await session.execute(left.except_(right).limit(20))]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Count everything anew."""
    await session.execute(delete(PhotoDay))
    await session.execute(insert(PhotoDay).from_select(["owner_id", "day", "visibility", "count"], _owners()))
    await session.execute(delete(SharedDay))
    await session.execute(insert(SharedDay).from_select(["day", "visibility", "count"], _everybodys()))


def _owners() -> Select[int, int, int, int]:
    return counted_by_level(DAY.label("day"))


def _everybodys() -> Select[int, int, int]:
    return counted_shared(DAY.label("day"))

"""Adds up what was counted."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.statistics import repository
from metadata_service.statistics.schemas import (
    CameraCount,
    ColdStorage,
    DatabaseStats,
    LevelCounts,
    NamedCount,
    RatingCount,
    Statistics,
    Storage,
    TableStats,
    YearCount,
)
from metadata_service.tables import UNDATED

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # days are of the wall clock
_LEVELS = ("private", "space", "authenticated", "public")


async def statistics(session: AsyncSession, owner_id: int) -> Statistics:
    """Count the owner's photos."""
    days = await repository.days(session, owner_id)
    facets = await repository.facets(session, owner_id)
    located, thrown_away = await repository.located_and_thrown_away(session, owner_id)
    dated = [day for day in days if day.day != UNDATED]
    return Statistics(
        photos=sum(map(_photos, days)),
        undated=sum(_photos(day) for day in days if day.day == UNDATED),
        located=located,
        in_trash=thrown_away,
        first_taken=_date(dated[0]) if dated else None,
        last_taken=_date(dated[-1]) if dated else None,
        by_year=_years(dated),
        by_visibility=LevelCounts(**{level: sum(getattr(day, level) for day in days) for level in _LEVELS}),
        by_camera=[
            CameraCount(camera_make=make, camera_model=model, photos=photos)
            for (make, model), photos in _by(facets, "camera_make", "camera_model")
        ],
        by_lens=[NamedCount(name=name, photos=photos) for (name,), photos in _by(facets, "lens_model")],
        by_rating=_ratings(facets),
        by_format=[NamedCount(name=name, photos=photos) for (name,), photos in _by(facets, "image_format")],
        storage=_storage(facets),
    )


def _photos(day: Row[Any]) -> int:
    return sum(getattr(day, level) for level in _LEVELS)


def _date(day: Row[Any]) -> datetime:
    return _EPOCH + timedelta(days=day.day)


def _years(days: Sequence[Row[Any]]) -> list[YearCount]:
    years: Counter[int] = Counter()
    for day in days:
        years[_date(day).year] += _photos(day)
    return [YearCount(year=year, photos=photos) for year, photos in sorted(years.items())]


def _by(facets: Sequence[Row[Any]], *names: str) -> list[tuple[tuple[Any, ...], int]]:
    """Photos by the values of some columns, the most numerous first."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for row in facets:
        counts[tuple(getattr(row, name) for name in names)] += row.photos
    return sorted(counts.items(), key=lambda item: (-item[1], *(value or "" for value in item[0])))


def _ratings(facets: Sequence[Row[Any]]) -> list[RatingCount]:
    counts: Counter[int] = Counter()
    for row in facets:
        counts[row.rating] += row.photos
    return [RatingCount(rating=rating, photos=counts[rating]) for rating in range(6)]


def _storage(facets: Sequence[Row[Any]]) -> Storage:
    names = ("originals_bytes", "coldpreviews", "coldpreviews_bytes")
    return Storage(**{name: sum(int(getattr(row, name) or 0) for row in facets) for name in names})


async def database_stats(session: AsyncSession, owner_id: int) -> DatabaseStats:
    """The same for existing clients."""
    days = await repository.days(session, owner_id)
    storage = _storage(await repository.facets(session, owner_id))
    counts = {"photos": sum(map(_photos, days)), **await repository.rows_of(session, owner_id)}
    size = storage.coldpreviews_bytes
    return DatabaseStats(
        tables={name: TableStats(name=name, record_count=count) for name, count in sorted(counts.items())},
        coldstorage=ColdStorage(
            total_files=storage.coldpreviews,
            total_size_bytes=size,
            total_size_mb=round(size / 2**20, 2),
            total_size_gb=round(size / 2**30, 2),
        ),
    )

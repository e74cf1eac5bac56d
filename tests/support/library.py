"""Libraries of made-up photos, written straight into the tables: what no client could send fast enough."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos.sort_key import sort_ts
from metadata_service.tables import Photo, PhotoPreview

SHARING: Final = {"nobody": (100, 0, 0, 0), "mixed": (60, 10, 15, 15), "everybody": (0, 0, 50, 50)}
CAMERAS: Final = (("Canon", "EOS R5"), ("NIKON CORPORATION", "Z 6"), ("Apple", "iPhone 15"), ("Kodak", "DC210"))
LENSES: Final = ("RF24-70mm F2.8 L IS USM", "NIKKOR Z 50mm f/1.8 S", None)
FORMATS: Final = ("JPEG", "HEIF", "CR3")
WORDS: Final = ("Fjord", "blåbær", "Ålesund", "café", "bryllup", "R5", "sommer", "høst", "💙", "ski-tur")
_BORN: Final = datetime.fromisoformat("2001-05-17T08:30")  # wall clock
_CAME: Final = datetime(2025, 1, 1, tzinfo=UTC)


def photos(
    owner_id: int, count: int, *, seed: int = 1, sharing: str = "mixed", first: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield rows of `photos`: a life of pictures, in bursts, some undated, most unrated, the same for one seed."""
    chance = random.Random(f"{seed}/{owner_id}/{first}")
    for number in range(first, first + count):
        camera_make, camera_model = chance.choices(CAMERAS, (50, 30, 19, 1))[0]
        taken_at = None if chance.random() < 0.02 else _moment(chance)
        created_at = _CAME + timedelta(seconds=number)
        located = chance.random() < 0.6
        yield {
            "owner_id": owner_id,
            "hothash": f"{owner_id:016x}{number:016x}{seed:032x}",
            "sort_ts": sort_ts(taken_at, created_at),
            "visibility": chance.choices(range(4), SHARING[sharing])[0],
            "rating": chance.choices(range(6), (80, 4, 5, 6, 4, 1))[0],
            "title": " ".join(chance.choices(WORDS, k=2)) if chance.random() < 0.5 else None,
            "category": chance.choice(("family", "work")) if chance.random() < 0.1 else None,
            "width": 6000,
            "height": 4000,
            "taken_at": taken_at,
            "camera_make": camera_make,
            "camera_model": camera_model,
            "lens_model": chance.choice(LENSES),
            "gps_latitude": chance.uniform(-80, 80) if located else None,
            "gps_longitude": chance.uniform(-180, 180) if located else None,
            "image_format": chance.choices(FORMATS, (80, 18, 2))[0],
            "file_size_bytes": 2_485_760,
            "primary_filename": f"IMG_{number:07}.JPG",
            "has_raw": chance.random() < 0.1,
            "hotpreview_width": 150,
            "hotpreview_height": 100,
            "created_at": created_at,
            "updated_at": created_at,
        }


def _moment(chance: random.Random) -> datetime:
    """Some time in 24 years; a third of all pictures fall on one of a hundred great days."""
    day = chance.randrange(100) * 87 if chance.random() < 0.33 else chance.randrange(365 * 24)
    return _BORN + timedelta(days=day, seconds=chance.randrange(50_000))


async def fill(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert photos with a hotpreview of no picture; give their ids in the order of the rows."""
    if not rows:
        return []
    ids = list(await session.scalars(insert(Photo).returning(Photo.id, sort_by_parameter_order=True), rows))
    await session.execute(
        insert(PhotoPreview), [{"photo_id": photo_id, "hotpreview": photo_id.to_bytes(8) * 8} for photo_id in ids]
    )
    return ids

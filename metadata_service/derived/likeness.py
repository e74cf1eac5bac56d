"""Finds photos whose perceptual hashes differ in few bits.

A hash is cut into four parts of sixteen bits. Two that differ in d bits agree in one part up to d // 4 of them: whoever
looks up each part with so many bits turned misses nothing (M. Norouzi, A. Punjani, D. J. Fleet, "Fast Search in Hamming
Space with Multi-Index Hashing", CVPR 2012). Parts live in `photo_bands`, which triggers keep.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, delete, insert, literal_column, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import among
from metadata_service.tables import Photo, PhotoBand

FARTHEST: Final = 11
"""The greatest distance that may be asked for: beyond it a search looks up thousands of parts."""

_PARTS: Final = 4
_BITS: Final = 16
_ALL: Final = 2**64 - 1


class Alike(NamedTuple):
    """A photo that a hash was found to be like; `number` says which of those that were asked for."""

    number: int
    photo_id: int
    distance: int


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two hashes differ; they may be signed, as databases keep them."""
    return ((one ^ other) & _ALL).bit_count()


def parts_of(signed: int) -> tuple[int, ...]:
    """The bands of a hash, as the triggers compute them."""
    return tuple(part * 65_536 + ((signed >> (48 - _BITS * part)) & 65_535) for part in range(_PARTS))


@cache
def _turns(most: int) -> tuple[int, ...]:
    """All ways to turn up to `most` of sixteen bits."""
    return tuple(
        sum(1 << bit for bit in bits) for turned in range(most + 1) for bits in combinations(range(_BITS), turned)
    )


def _bands(hashes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    for number, signed in enumerate(hashes):
        for part in parts_of(signed):
            for turn in _turns(most // _PARTS):
                yield number, part ^ turn


async def near(session: AsyncSession, owner_id: int, hashes: Sequence[int], most: int) -> list[Alike]:
    """Find all photos of the owner, in the trash too, that differ from one of the hashes in at most `most` bits."""
    wanted: dict[int, list[int]] = {}
    for number, band in _bands(hashes, most):
        wanted.setdefault(band, []).append(number)
    query = select(PhotoBand.band, PhotoBand.photo_id, PhotoBand.hash)
    found = {
        (number, photo_id): apart
        for band, photo_id, signed in await session.execute(
            query.where(PhotoBand.owner_id == owner_id, PhotoBand.band.in_(among(session, wanted)))
        )
        for number in wanted[band]
        if (apart := distance(hashes[number], signed)) <= most
    }
    return [Alike(number, photo_id, apart) for (number, photo_id), apart in found.items()]


async def check(session: AsyncSession) -> list[str]:
    """Compare the table with the photos; say where they differ."""
    found = []
    kept, made = select(*_columns()), _made()
    for left, right, said in ((kept, made, "has"), (made, kept, "lacks")):
        rows = await session.execute(left.except_(right).limit(20))
        found += [f"photo_bands {said} {tuple(row)}" for row in rows]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Cut every hash anew."""
    await session.execute(delete(PhotoBand))
    await session.execute(insert(PhotoBand).from_select([column.key for column in _columns()], _made()))


def _columns() -> list[Any]:
    return list(PhotoBand.__table__.c)


def _made() -> Select[*tuple[Any, ...]]:
    numbers: list[Select[Any]] = [select(literal_column(str(part)).label("part")) for part in range(_PARTS)]
    parts = union_all(*numbers).subquery()
    bits = Photo.perceptual_hash.bitwise_rshift(literal_column("48") - literal_column("16") * parts.c.part)
    band = parts.c.part * literal_column("65536") + bits.bitwise_and(literal_column("65535"))
    cut = select(Photo.owner_id, band, Photo.id, Photo.perceptual_hash).join(parts, true())
    return cut.where(Photo.perceptual_hash.is_not(None))

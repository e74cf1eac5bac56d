"""What reading an export needs everywhere: columns out of records, photos by their hothashes, a few at a time."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.exports.encoding import read
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.things import plain
from metadata_service.tables import Photo

Record = dict[str, Any]
Item = TypeVar("Item")
_AT_ONCE: Final = 200
_PHOTOS: Final = plain(Photo)


@asynccontextmanager
async def writing(database: Database, path: str) -> AsyncIterator[AsyncSession]:
    """One transaction for records of a file; raise `NotAnExportError` for what the database refuses of them."""
    try:
        async with database.writing() as session:
            yield session
    except DBAPIError as error:
        raise NotAnExportError(f"{path}: the database refuses a record: {error.orig}.") from error


def values(path: str, record: Any, columns: Any, names: Sequence[str]) -> Record:
    """The columns of a record that are told; raise `NotAnExportError` for what they cannot hold."""
    try:
        return {name: read(columns[name], record[name]) for name in names if name in record}
    except (TypeError, ValueError) as error:
        raise NotAnExportError(f"{path}: {error}.") from error


async def photo_ids(session: AsyncSession, owner_id: int, hothashes: Sequence[Any]) -> dict[str, int]:
    """Ids of the owner's photos by their hothashes."""
    found: dict[str, int] = {}
    for some in pieces(sorted({hothash for hothash in hothashes if isinstance(hothash, str)})):
        query = select(_PHOTOS.c.hothash, _PHOTOS.c.id)
        query = query.where(_PHOTOS.c.owner_id == owner_id, _PHOTOS.c.hothash.in_(some))
        found.update(dict(iter(await session.execute(query))))
    return found


def pieces(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The same, a few at a time."""
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))

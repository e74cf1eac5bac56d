"""Checks that what an arrival refers to is its owner's: import sessions, authors, stacks."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.ingest.arrival import Arrival
from metadata_service.ingest.errors import UnknownReferenceError
from metadata_service.tables import Author, ImportSession, PhotoStack
from shared_schemas.problem import FieldError

_Referred = type[ImportSession] | type[Author] | type[PhotoStack]
_TABLES: Final[dict[str, _Referred]] = {
    "import_session_id": ImportSession,
    "author_id": Author,
    "stack_id": PhotoStack,
}


async def refuse_unknown(
    session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival]
) -> dict[int, UnknownReferenceError]:
    """Give the refusals by index; an import's default author is put where no author is named."""
    refusals: dict[int, UnknownReferenceError] = {}
    for name, table in _TABLES.items():
        wanted = {value for arrival in arrivals if (value := arrival.columns.get(name)) is not None}
        if not wanted:
            continue
        owned = set(await session.scalars(select(table.id).where(table.owner_id == owner_id, table.id.in_(wanted))))
        for index, arrival in enumerate(arrivals):
            value = arrival.columns.get(name)
            if value is not None and value not in owned:
                said = f"You have no {name.removesuffix('_id').replace('_', ' ')} {value}."
                refusals[index] = UnknownReferenceError(said, errors=[FieldError(loc=["body", name], msg=said)])
    await _put_default_authors(session, owner_id, arrivals)
    return refusals


async def _put_default_authors(session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival]) -> None:
    imports = {found for arrival in arrivals if (found := arrival.columns.get("import_session_id"))}
    if not imports:
        return
    query = select(ImportSession.id, ImportSession.default_author_id).where(
        ImportSession.owner_id == owner_id, ImportSession.id.in_(imports), ImportSession.default_author_id.is_not(None)
    )
    defaults = dict(iter(await session.execute(query)))
    for arrival in arrivals:
        if arrival.columns.get("author_id") is None:
            arrival.columns["author_id"] = defaults.get(arrival.columns.get("import_session_id") or 0)

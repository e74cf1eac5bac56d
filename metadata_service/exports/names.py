"""Names that an export gives to an owner's things, because ids mean nothing elsewhere: the moment they came to be.

Nobody can edit that moment, so the name stays what it is while everything else changes. Things of one kind and one
moment are told apart by their order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.exports.things import THINGS, Thing, plain
from metadata_service.tables import Tag

NOBODYS: Final = 2**53 - 1
"""An id that no row has: stands for a thing that is gone."""

_CRITERIA: Final = {
    "author_id": "authors",
    "event_id": "events",
    "stack_id": "stacks",
    "import_session_id": "import_sessions",
    "input_channel_id": "import_sessions",
    "collection_id": "collections",
}


class Names:
    """The names of one owner's things on one server, both ways."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._names: dict[str, dict[int, str]] = {}
        self._ids: dict[str, dict[str, int]] = {}
        self._counts: dict[str, Counter[str]] = {}

    def add(self, kind: str, row_id: int, born: datetime) -> str:
        """Name a row; rows of one kind come in the order of their ids."""
        moment = born.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        counts = self._counts.setdefault(kind, Counter())
        counts[moment] += 1
        name = moment if counts[moment] == 1 else f"{moment}#{counts[moment]}"
        self.set(kind, row_id, name)
        return name

    def set(self, kind: str, row_id: int, name: str) -> None:
        """Remember a name."""
        self._names.setdefault(kind, {})[row_id] = name
        self._ids.setdefault(kind, {})[name] = row_id

    def of(self, kind: str, row_id: int | None) -> str | None:
        """The name of a row; None for none, and for one that is not the owner's."""
        return None if row_id is None else self._names.get(kind, {}).get(row_id)

    def id_of(self, kind: str, name: Any) -> int | None:
        """The row of a name; None for none, and for one that is not there."""
        return self._ids.get(kind, {}).get(name) if isinstance(name, str) else None


async def load(session: AsyncSession, owner_id: int) -> Names:
    """Name all that the owner has."""
    names = Names()
    for thing in THINGS.values():
        await add_all(session, owner_id, names, thing)
    for row_id, name in await session.execute(select(Tag.id, Tag.name_key).where(Tag.owner_id == owner_id)):
        names.set("tags", row_id, name)
    return names


async def add_all(session: AsyncSession, owner_id: int, names: Names, thing: Thing) -> None:
    """Name all things of one kind."""
    table = plain(thing.table)
    query = select(table.c.id, table.c[thing.born]).where(table.c.owner_id == owner_id).order_by(table.c.id)
    for row_id, born in await session.execute(query):
        names.add(thing.name, row_id, born)


def criteria_told(criteria: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Criteria of a saved search with names in place of ids; one that is gone is named null."""
    told = dict(criteria)
    for key, kind in _CRITERIA.items():
        if told.get(key) is not None:
            told[key] = {"name": names.of(kind, told[key])}
    if isinstance(told.get("tag_ids"), list):
        told["tag_ids"] = [{"name": names.of("tags", tag_id)} for tag_id in told["tag_ids"]]
    return told


def criteria_read(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The same with ids again."""
    criteria = dict(told)
    for key, kind in _CRITERIA.items():
        if isinstance(criteria.get(key), dict):
            criteria[key] = names.id_of(kind, criteria[key].get("name")) or NOBODYS
    if isinstance(criteria.get("tag_ids"), list):
        criteria["tag_ids"] = _tag_ids(criteria["tag_ids"], names)
    return criteria


def _tag_ids(told: Sequence[Any], names: Names) -> list[int]:
    return [names.id_of("tags", tag.get("name")) or NOBODYS for tag in told if isinstance(tag, dict)]

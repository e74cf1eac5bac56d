"""Sets what points from one thing at another, when all of them are there: parents of events, covers of stacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.exports.encoding import read
from metadata_service.exports.names import Names
from metadata_service.exports.records import Record, photo_ids, pieces, writing
from metadata_service.exports.source import Source
from metadata_service.exports.things import THINGS, Thing, plain, short


class Pointing:
    """Pointers of one export in one library."""

    def __init__(self, database: Database, owner_id: int, source: Source, names: Names) -> None:
        """Change nothing yet."""
        self._database, self._owner_id, self._source, self._names = database, owner_id, source, names

    async def point(self, kinds: set[str]) -> None:
        """Set what points at things of these kinds, now that they are there, where nobody changed it since."""
        for thing in THINGS.values():
            for column in (name for name, kind in thing.pointers.items() if kind in kinds):
                for path, records in self._source.records(thing.name):
                    for some in pieces([record for record in records if record.get(short(column)) is not None]):
                        async with writing(self._database, path) as session:
                            await self._point_some(session, thing, column, some)

    async def _point_some(self, session: AsyncSession, thing: Thing, column: str, records: Sequence[Record]) -> None:
        table, kind = plain(thing.table), thing.pointers[column]
        tree = await self._tree(session, thing, column)
        targets: Mapping[Any, int] = {}
        if kind == "photos":
            targets = await photo_ids(session, self._owner_id, [record[short(column)] for record in records])
        for record in records:
            name = record[short(column)]
            target = targets.get(name) if kind == "photos" else self._names.id_of(kind, name)
            row_id = self._names.id_of(thing.name, record["ref"])
            if target is None or row_id is None:
                continue
            if kind == thing.name:
                if _is_below(tree, target, row_id):
                    continue
                tree[row_id] = target
            changed = thing.changed or thing.born
            moment = read(table.c[changed], record[changed])
            here = (table.c.id == row_id, table.c[changed] == moment, table.c[column].is_(None))
            await session.execute(update(table).where(*here).values({column: target, changed: moment}))

    async def _tree(self, session: AsyncSession, thing: Thing, column: str) -> dict[int, int]:
        """What hangs below what already; nothing for pointers that are no tree."""
        table = plain(thing.table)
        if thing.pointers[column] != thing.name:
            return {}
        query = select(table.c.id, table.c[column]).where(table.c.owner_id == self._owner_id)
        return dict(iter(await session.execute(query.where(table.c[column].is_not(None)))))


def _is_below(tree: Mapping[int, int], row_id: int | None, other: int) -> bool:
    """Whether a row is another, or lies below it: hung under it, that one would go round in a circle."""
    while row_id is not None:
        if row_id == other:
            return True
        row_id = tree.get(row_id)
    return False

"""Brings an export into an owner's library: what is new comes in, what is there stays unless the export is newer.

A thing that came to be at the moment that the export says is the very same thing, on whatever server: it is brought up
to date if the export saw it changed later than this server did. So an import may be repeated, or go on where it was
stopped, and never undoes what the owner typed since.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.db.upsert import insert_new
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.names import Names, criteria_read, load
from metadata_service.exports.photos_arriving import PhotosArriving
from metadata_service.exports.pointing import Pointing
from metadata_service.exports.records import Record, photo_ids, pieces, values, writing
from metadata_service.exports.source import Source
from metadata_service.exports.things import AFTER_PHOTOS, BEFORE_PHOTOS, ITEMS, Thing, plain, short
from metadata_service.storage import BlobStore
from metadata_service.tables import CollectionItem, Disclosure, ImportItem, PhotoPair, Tag
from metadata_service.tags.service import tag_key


class Arriving:
    """One import of one export into one library; `counts` says what came in and what was brought up to date."""

    def __init__(self, database: Database, blobs: BlobStore, owner_id: int, source: Source) -> None:
        """Change nothing yet."""
        self._database, self._blobs, self._owner_id, self._source = database, blobs, owner_id, source
        self._names = Names()
        self.counts: Counter[str] = Counter()

    async def run(self, say: Callable[[str], None] = lambda _: None) -> Counter[str]:
        """Bring in everything, in transactions that each leave the library whole."""
        async with self._database.reading() as session:
            self._names = await load(session, self._owner_id)
        pointing = Pointing(self._database, self._owner_id, self._source, self._names)
        await self._tags()
        for thing in BEFORE_PHOTOS:
            await self._things(thing)
        await pointing.point({"events", "places"})
        photos = PhotosArriving(self._database, self._blobs, self._owner_id, self._source, self._names)
        for path, records in self._source.records("photos"):
            self.counts += await photos.bring_in(path, records)
            say(f"{self.counts['photos']} photos")
        await pointing.point({"photos"})
        for thing in AFTER_PHOTOS:
            await self._things(thing)
        await self._import_items()
        await self._disclosures()
        await self._dismissed_pairs()
        return self.counts

    async def _tags(self) -> None:
        table = plain(Tag)
        for path, records in self._source.records("tags"):
            for some in pieces(records):
                rows = [
                    values(path, record, table.c, ("name", "created_at", "updated_at"))
                    | {"owner_id": self._owner_id, "name_key": tag_key(str(record["name"]))}
                    for record in some
                ]
                async with writing(self._database, path) as session:
                    await session.execute(insert_new(session, Tag), rows)
        async with self._database.reading() as session:
            for row_id, key in await session.execute(
                select(table.c.id, table.c.name_key).where(table.c.owner_id == self._owner_id)
            ):
                self._names.set("tags", row_id, key)

    async def _things(self, thing: Thing) -> None:
        for path, records in self._source.records(thing.name):
            for some in pieces(records):
                async with writing(self._database, path) as session:
                    await self._some_things(session, thing, path, some)

    async def _some_things(self, session: AsyncSession, thing: Thing, path: str, records: Sequence[Record]) -> None:
        rows = [self._row(thing, path, record) for record in records]
        ids = [self._names.id_of(thing.name, record.get("ref")) for record in records]
        new = [(row, record) for row, record, row_id in zip(rows, records, ids, strict=True) if row_id is None]
        if new:
            table = plain(thing.table)
            adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
            added = list(await session.scalars(adding, [row for row, _ in new]))
            for row_id, (_, record) in zip(added, new, strict=True):
                self._names.set(thing.name, row_id, record["ref"])
                await self._fill(session, thing, path, row_id, record)
            self.counts[thing.name] += len(new)
        known = [(i, row, record) for i, row, record in zip(ids, rows, records, strict=True) if i is not None]
        await self._renew(session, thing, path, known)

    async def _renew(
        self, session: AsyncSession, thing: Thing, path: str, known: Sequence[tuple[int, Record, Record]]
    ) -> None:
        """Bring things up to date that the export saw changed later."""
        if thing.changed is None or not known:
            return
        table = plain(thing.table)
        query = select(table.c.id, table.c[thing.changed]).where(table.c.id.in_([row_id for row_id, _, _ in known]))
        stored = dict(iter(await session.execute(query)))
        for row_id, row, record in known:
            if row[thing.changed] > stored[row_id]:
                await session.execute(update(table).where(table.c.id == row_id).values(row))
                await self._fill(session, thing, path, row_id, record)
                self.counts["changed"] += 1

    def _row(self, thing: Thing, path: str, record: Record) -> Record:
        row = values(path, record, plain(thing.table).c, [column.name for column in thing.columns])
        for column, kind in thing.refs.items():
            row[column] = self._names.id_of(kind, record.get(short(column)))
        if "search_criteria" in row:
            row["search_criteria"] = criteria_read(row["search_criteria"], self._names)
        if not isinstance(record.get("ref"), str):
            raise NotAnExportError(f"{path}: a record has no name.")
        return row | {"owner_id": self._owner_id}

    async def _fill(self, session: AsyncSession, thing: Thing, path: str, row_id: int, record: Record) -> None:
        """Give a collection its items."""
        if thing.name != "collections":
            return
        items = plain(CollectionItem)
        await session.execute(items.delete().where(items.c.collection_id == row_id))
        told: list[Record] = record.get("items") or []
        ids = await photo_ids(session, self._owner_id, [item.get("photo") for item in told])
        names = [column.name for column in ITEMS.columns]
        rows = [
            values(path, item, items.c, names) | {"collection_id": row_id, "photo_id": ids.get(item.get("photo") or "")}
            for item in told
            if item.get("photo") is None or item["photo"] in ids
        ]
        for some in pieces(rows):
            await session.execute(insert_new(session, CollectionItem), some)

    async def _import_items(self) -> None:
        table = plain(ImportItem)
        for path, records in self._source.records("import_items"):
            for some in pieces(records):
                async with writing(self._database, path) as session:
                    ids = await photo_ids(session, self._owner_id, [record.get("photo") for record in some])
                    rows = [
                        values(path, record, table.c, ("key", "outcome", "filename", "detail"))
                        | {"session_id": session_id, "photo_id": ids.get(record.get("photo") or "")}
                        for record in some
                        if (session_id := self._names.id_of("import_sessions", record.get("import_session")))
                    ]
                    if rows:
                        await session.execute(insert_new(session, ImportItem), rows)

    async def _disclosures(self) -> None:
        table = plain(Disclosure)
        names = [column.name for column in table.c if column.name != "owner_id"]
        for path, records in self._source.records("disclosures"):
            rows = [values(path, record, table.c, names) | {"owner_id": self._owner_id} for record in records]
            async with writing(self._database, path) as session:
                await session.execute(insert_new(session, Disclosure), rows)

    async def _dismissed_pairs(self) -> None:
        """What the owner called two photos is not offered as one again."""
        table = plain(PhotoPair)
        for path, records in self._source.records("dismissed_pairs"):
            for some in pieces(records):
                async with writing(self._database, path) as session:
                    names = [record.get(name) for record in some for name in ("photo", "other")]
                    ids = await photo_ids(session, self._owner_id, names)
                    rows = []
                    for record in some:
                        pair = sorted({ids[name] for name in (record.get("photo"), record.get("other")) if name in ids})
                        if len(pair) == 2:
                            row = values(path, record, table.c, ("distance",)) | {"is_dismissed": True}
                            rows.append(row | {"photo_id": pair[0], "other_id": pair[1], "owner_id": self._owner_id})
                    if rows:
                        await session.execute(insert_new(session, PhotoPair), rows)

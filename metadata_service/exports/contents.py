"""All that goes out, file by file, in an order that memory does not mind: a folder and an archive take the same."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from sqlalchemy import select

from metadata_service.exports import rows
from metadata_service.exports.encoding import line, told
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.layout import PHOTOS_A_FILE, Entry, coldpreview_path, entry
from metadata_service.exports.ledger import Ledger
from metadata_service.exports.names import Names, load
from metadata_service.exports.sidecars import clean_name, sidecar, where
from metadata_service.exports.things import AFTER_PHOTOS, BEFORE_PHOTOS, Thing, plain
from metadata_service.storage import BlobMissingError, BlobStore
from metadata_service.tables import Upload, User

_LINES_A_FILE: Final = 5_000
_COLLECTIONS_A_FILE: Final = 20


class Contents:
    """One owner's library as files. `has` tells whether a path that is named by its hash need not be read again."""

    def __init__(self, reading: rows.Reading, blobs: BlobStore, owner_id: int, has: Callable[[str], bool]) -> None:
        """Read nothing yet."""
        self._reading, self._blobs, self._owner_id, self._has = reading, blobs, owner_id, has
        self.counts: Counter[str] = Counter()
        self.missing: list[str] = []
        self.names = Names()
        self._authors: dict[str, str] = {}

    async def user(self) -> dict[str, Any]:
        """Who it is; raise `NotAnExportError` when nobody is."""
        shown = ("username", "email", "display_name", "created_at")
        table = plain(User)
        async with self._reading() as session:
            row = (await session.execute(select(table).where(table.c.id == self._owner_id))).mappings().one_or_none()
        if row is None:
            raise NotAnExportError("There is no such account.")
        return {name: told(table.c[name], row[name]) for name in shown}

    async def entries(self) -> AsyncIterator[Entry]:
        """Every file but the checksums and the manifest."""
        async with self._reading() as session:
            self.names = await load(session, self._owner_id)
            tags, noted = await rows.tags(session, self._owner_id), await rows.noted(session, self._owner_id)
            noted["dismissed_pairs"] = await rows.dismissed_pairs(session, self._owner_id)
        for name, records in {"tags": tags, **noted}.items():
            for found in self._files(name, records):
                yield found
        items = rows.import_items(self._reading, self._owner_id, self.names)
        for stage in (
            *map(self._things, BEFORE_PHOTOS),
            self._photos(),
            *map(self._things, AFTER_PHOTOS),
            self._in_files("import_items", items, _LINES_A_FILE),
            self._originals(),
        ):
            async for found in stage:
                yield found

    def _files(self, name: str, records: Sequence[dict[str, Any]], first: int = 0) -> list[Entry]:
        self.counts[name] += len(records)
        pieces = [records[start : start + _LINES_A_FILE] for start in range(0, len(records), _LINES_A_FILE)]
        return [_file(name, first + number, piece) for number, piece in enumerate(pieces)]

    async def _things(self, thing: Thing) -> AsyncIterator[Entry]:
        records = rows.things(self._reading, self._owner_id, thing, self.names)
        most = _COLLECTIONS_A_FILE if thing.name == "collections" else _LINES_A_FILE
        async for found in self._in_files(thing.name, records, most):
            yield found

    async def _in_files(self, name: str, records: AsyncIterator[dict[str, Any]], most: int) -> AsyncIterator[Entry]:
        gathered: list[dict[str, Any]] = []
        number = 0
        async for record in records:
            gathered.append(await self._whole(name, record))
            if len(gathered) == most:
                yield self._files(name, gathered, number)[0]
                gathered, number = [], number + 1
        for found in self._files(name, gathered, number):
            yield found

    async def _whole(self, name: str, record: dict[str, Any]) -> dict[str, Any]:
        """Add to a record what belongs into its line."""
        if name == "authors":
            self._authors[record["ref"]] = record["name"]
        elif name == "collections":
            async with self._reading() as session:
                record["items"] = await rows.collection_items(session, self.names.id_of(name, record["ref"]) or 0)
        return record

    async def _photos(self) -> AsyncIterator[Entry]:
        ledger = Ledger()
        async with self._reading() as session:
            first, last = await rows.photo_range(session, self._owner_id)
        for number in range(first // PHOTOS_A_FILE, last // PHOTOS_A_FILE + 1):
            start = number * PHOTOS_A_FILE
            async with self._reading() as session:
                records, files = await rows.photos(session, self._owner_id, start, start + PHOTOS_A_FILE, self.names)
            for found in files:
                yield found
            for record in records:
                async for found in self._beside(record, ledger):
                    yield found
            if records:
                self.counts["photos"] += len(records)
                yield _file("photos", number, records)

    async def _beside(self, record: dict[str, Any], ledger: Ledger) -> AsyncIterator[Entry]:
        """The coldpreview of a photo, and a sidecar for each of its originals."""
        cold = await self._cold(record)
        if cold is not None:
            yield cold
        said = sidecar(record, self._authors.get(record["author"]))
        for number, file in enumerate(record["files"]):
            path = f"sidecars/{where(file)}"
            if not ledger.add(path.casefold()):
                path = f"{path.removesuffix('.xmp')}~{record['hothash'][:12]}-{number}.xmp"
            self.counts["sidecars"] += 1
            yield entry(path, said)

    async def _cold(self, record: dict[str, Any]) -> Entry | None:
        """Read a coldpreview unless it is there already; one that the store lost is noted, and not named."""
        if record["coldpreview"] is None:
            return None
        key, sha256 = record["coldpreview"].pop("key"), record["coldpreview"]["sha256"]
        path = coldpreview_path(sha256)
        if self._has(path):
            return Entry(path, sha256, record["coldpreview"]["size"], None)
        try:
            return entry(path, await self._blobs.get(key))
        except BlobMissingError:
            record["coldpreview"] = None
            self.missing.append(path)
            return None

    async def _originals(self) -> AsyncIterator[Entry]:
        """Originals that the server keeps, one at a time."""
        table = plain(Upload)
        query = select(table.c.sha256, table.c.original_key, table.c.filename, table.c.file_size)
        async with self._reading() as session:
            kept = (await session.execute(query.where(table.c.owner_id == self._owner_id).order_by(table.c.id))).all()
        for upload in kept:
            path = f"originals/{upload.sha256[:2]}/{upload.sha256}/{clean_name(upload.filename)}"
            try:
                data = None if self._has(path) else await self._blobs.get(upload.original_key)
            except BlobMissingError:
                self.missing.append(path)
                continue
            self.counts["originals"] += 1
            yield Entry(path, upload.sha256, upload.file_size, data)


def _file(name: str, number: int, records: Sequence[dict[str, Any]]) -> Entry:
    return entry(f"library/{name}/{number:07}.ndjson", b"".join(map(line, records)))

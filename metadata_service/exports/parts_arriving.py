"""Brings in what belongs to photos: previews, EXIF, names, files and where they lie, corrections, tags."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import LargeBinary, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.db.upsert import insert_new
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.names import Names
from metadata_service.exports.records import Record, pieces, values
from metadata_service.exports.rows import PATHS
from metadata_service.exports.source import Source
from metadata_service.exports.things import PREVIEW, Part, plain, short
from metadata_service.tables import PhotoTag, Tag
from metadata_service.tags.service import tag_key
from shared_schemas.preview import HOTPREVIEW_LIMITS, UnacceptablePreviewError, check_preview

Pairs = Sequence[tuple[int, Record]]


class PartsArriving:
    """Writes parts of records as rows."""

    def __init__(self, owner_id: int, source: Source, names: Names) -> None:
        """Change nothing yet."""
        self._owner_id, self._source, self._names = owner_id, source, names

    async def insert(self, session: AsyncSession, path: str, parts: Sequence[Part], pairs: Pairs) -> None:
        """Insert what belongs to rows, given as pairs of their id and their record."""
        for part in parts:
            told = [(row_id, item) for row_id, record in pairs for item in _items(part, record)]
            await self.insert_items(session, path, part, told)

    async def insert_items(self, session: AsyncSession, path: str, part: Part, told: Pairs) -> None:
        """Insert rows of one kind, given as pairs of what they belong to and their record."""
        rows = [self._row(path, part, parent_id, item) for parent_id, item in told]
        if not rows:
            return
        table = plain(part.table)
        if not part.parts:
            for some in pieces(rows):
                await session.execute(insert_new(session, part.table), some)
            return
        adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = list(await session.scalars(adding, rows))
        below = [(row_id, item) for row_id, (_, item) in zip(ids, told, strict=True)]
        await self.insert(session, path, part.parts, below)

    def _row(self, path: str, part: Part, parent_id: int, item: Record) -> Record:
        table = plain(part.table)
        blobs = [column.name for column in part.columns if isinstance(column.type, LargeBinary)]
        row = values(path, item, table.c, [column.name for column in part.columns if column.name not in blobs])
        row |= {name: self._bytes(part, PATHS[name](str(item.get(name)))) for name in blobs}
        row |= {column: self._names.id_of(kind, item.get(short(column))) for column, kind in part.refs.items()}
        owner = {"owner_id": self._owner_id} if "owner_id" in table.c else {}
        return row | owner | {part.parent: parent_id}

    def _bytes(self, part: Part, path: str) -> bytes:
        data = self._source.read(path)
        if part is PREVIEW:
            try:
                check_preview(data, HOTPREVIEW_LIMITS)
            except UnacceptablePreviewError as error:
                raise NotAnExportError(f"{path} cannot be kept: {error}.") from error
        return data

    async def tag(self, session: AsyncSession, pairs: Pairs, sorted_by: Mapping[int, int]) -> None:
        """Put their tags on photos; what is not there yet is made."""
        await self._make_missing(session, {name for _, record in pairs for name in _tags(record)})
        rows = [
            {"tag_id": tag_id, "photo_id": photo_id, "sort_ts": sorted_by[photo_id]}
            for photo_id, record in pairs
            for name in _tags(record)
            if (tag_id := self._names.id_of("tags", tag_key(name)))
        ]
        for some in pieces(sorted(rows, key=lambda row: (row["tag_id"], row["photo_id"]))):
            await session.execute(insert_new(session, PhotoTag), some)

    async def untag(self, session: AsyncSession, photo_id: int) -> None:
        """Take all tags from a photo."""
        table = plain(PhotoTag)
        await session.execute(delete(table).where(table.c.photo_id == photo_id))

    async def _make_missing(self, session: AsyncSession, names: set[str]) -> None:
        missing = {tag_key(name): name for name in sorted(names) if self._names.id_of("tags", tag_key(name)) is None}
        if not missing:
            return
        now, table = utc_now(), plain(Tag)
        times = {"owner_id": self._owner_id, "created_at": now, "updated_at": now}
        rows: list[dict[str, Any]] = [{"name": name, "name_key": key, **times} for key, name in missing.items()]
        await session.execute(insert_new(session, Tag), rows)
        query = select(table.c.id, table.c.name_key).where(table.c.owner_id == self._owner_id)
        for row_id, key in await session.execute(query.where(table.c.name_key.in_(missing))):
            self._names.set("tags", row_id, key)


def _items(part: Part, record: Record) -> list[Record]:
    told = record.get(part.name)
    if part.is_one:
        return [told] if isinstance(told, dict) else []
    return [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []


def _tags(record: Record) -> list[str]:
    told = record.get("tags") or []
    return [name for name in told if isinstance(name, str) and 0 < len(name) <= 100 and tag_key(name)]

"""Brings photos in: new ones with all that belongs to them, known ones brought up to date or united with theirs."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.db.turns import take_turn
from metadata_service.derived import search
from metadata_service.exports import uniting
from metadata_service.exports.arrival import Arrival
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.layout import coldpreview_path
from metadata_service.exports.names import Names
from metadata_service.exports.parts_arriving import PartsArriving
from metadata_service.exports.records import Record, values, writing
from metadata_service.exports.rows import CORRECTIONS
from metadata_service.exports.source import Source
from metadata_service.exports.things import PHOTO, plain, short
from metadata_service.photos.coldpreview import StoredColdpreview, digest_of, stored
from metadata_service.photos.sort_key import sort_ts
from metadata_service.storage import BlobStore
from metadata_service.tables import Photo, PhotoIdentity
from shared_schemas.preview import COLDPREVIEW_LIMITS, UnacceptablePreviewError, check_preview

_PHOTOS: Final = plain(Photo)
_NAMES: Final = [column.name for column in PHOTO.columns]
_STORED: Final = ("id", "hothash", "created_at", "updated_at", "coldpreview_key")


class PhotosArriving:
    """Photos of one export on their way into one library."""

    def __init__(self, database: Database, blobs: BlobStore, owner_id: int, source: Source, names: Names) -> None:
        """Change nothing yet."""
        self._database, self._blobs, self._owner_id, self._source = database, blobs, owner_id, source
        self._names = names
        self._parts = PartsArriving(owner_id, source, names)

    async def bring_in(self, path: str, records: Sequence[Record]) -> Counter[str]:
        """Bring in the photos of one file, in one transaction; give counts of what was done."""
        arrivals = [Arrival(record, self._row(path, record)) for record in records]
        async with self._database.reading() as session:
            await self._recognise(session, arrivals)
        welcome = [arrival for arrival in arrivals if arrival.is_welcome]
        if not welcome:
            return Counter(photos=len(records))
        async with AsyncExitStack() as stack:
            for arrival in welcome:
                arrival.cold = await self._cold(stack, arrival)
            async with writing(self._database, path) as session:
                unused, done = await self._keep(session, path, welcome)
        for key in unused:
            await self._blobs.delete(key)
        return done + Counter(photos=len(records))

    def _row(self, path: str, record: Record) -> Record:
        row = values(path, record, _PHOTOS.c, _NAMES)
        for column, kind in PHOTO.refs.items():
            row[column] = self._names.id_of(kind, record.get(short(column)))
        if missing := {"hothash", "created_at", "updated_at", "visibility"} - row.keys():
            raise NotAnExportError(f"{path}: a photo has no {', '.join(sorted(missing))}.")
        for name in CORRECTIONS:
            if row.get(name) and "corrected_at" in row[name]:
                row[name] = {**row[name], "corrected_by": self._owner_id}
        return row | {"owner_id": self._owner_id, "sort_ts": sort_ts(row.get("taken_at"), row["created_at"])}

    async def _recognise(self, session: AsyncSession, arrivals: Sequence[Arrival]) -> None:
        """Find the photos that are there: by their hothash, else by another name that they bear."""
        columns = [_PHOTOS.c[name] for name in _STORED]
        mine = _PHOTOS.c.owner_id == self._owner_id
        hothashes = [arrival.row["hothash"] for arrival in arrivals]
        rows = await session.execute(select(*columns).where(mine, _PHOTOS.c.hothash.in_(hothashes)))
        by_hothash = {row.hothash: row for row in rows}
        identities = plain(PhotoIdentity)
        told = {name["value"] for arrival in arrivals for name in _identities(arrival)}
        query = select(identities.c.value, *columns).join(_PHOTOS, _PHOTOS.c.id == identities.c.photo_id)
        query = query.where(identities.c.owner_id == self._owner_id)
        rows = await session.execute(query.where(identities.c.value.in_(told)))
        by_name = {row.value: row for row in rows}
        for arrival in arrivals:
            others = (by_name.get(name["value"]) for name in _identities(arrival))
            arrival.known = by_hothash.get(arrival.row["hothash"]) or next(filter(None, others), None)

    async def _cold(self, stack: AsyncExitStack, arrival: Arrival) -> StoredColdpreview | None:
        """Store the coldpreview before the transaction, where the library's photo has not the same or shall have it."""
        told = arrival.record.get("coldpreview")
        key = None if arrival.known is None else arrival.known.coldpreview_key
        if not isinstance(told, dict) or (key and (not arrival.is_newer or digest_of(key) == told.get("sha256"))):
            return None
        path = coldpreview_path(str(told.get("sha256")))
        try:
            preview = check_preview(self._source.read(path), COLDPREVIEW_LIMITS)
        except UnacceptablePreviewError as error:
            raise NotAnExportError(f"{path} cannot be kept: {error}.") from error
        return await stack.enter_async_context(stored(self._blobs, preview))

    async def _keep(
        self, session: AsyncSession, path: str, arrivals: Sequence[Arrival]
    ) -> tuple[list[str], Counter[str]]:
        await take_turn(session, self._owner_id)
        await self._recognise(session, arrivals)
        unused: list[str] = []
        new = [arrival for arrival in arrivals if arrival.known is None]
        newer = [arrival for arrival in arrivals if arrival.is_newer]
        other = [arrival for arrival in arrivals if arrival.known is not None and not arrival.is_the_same]
        touched = await self._insert(session, path, new)
        for arrival in newer:
            unused += await self._renew(session, path, arrival)
        for arrival in other:
            await uniting.unite(session, path, arrival, self._parts)
        ids = [*touched, *(arrival.known.id for arrival in (*newer, *other))]
        await search.index(session, ids)
        return unused, Counter(new=len(new), changed=len(newer), united=len(other))

    async def _insert(self, session: AsyncSession, path: str, new: Sequence[Arrival]) -> list[int]:
        if not new:
            return []
        adding = insert(_PHOTOS).returning(_PHOTOS.c.id, sort_by_parameter_order=True)
        ids = list(await session.scalars(adding, [arrival.row | _cold_columns(arrival.cold) for arrival in new]))
        pairs = [(photo_id, arrival.record) for photo_id, arrival in zip(ids, new, strict=True)]
        await self._parts.insert(session, path, PHOTO.parts, pairs)
        sorted_by = {photo_id: arrival.row["sort_ts"] for photo_id, arrival in zip(ids, new, strict=True)}
        await self._parts.tag(session, pairs, sorted_by)
        return ids

    async def _renew(self, session: AsyncSession, path: str, arrival: Arrival) -> list[str]:
        """Let the photo be as the export saw it; give the key of a coldpreview that this leaves unused."""
        photo_id = arrival.known.id
        cold = {} if arrival.cold is None else _cold_columns(arrival.cold)
        await session.execute(update(_PHOTOS).where(_PHOTOS.c.id == photo_id).values(arrival.row | cold))
        for part in PHOTO.parts:
            table = plain(part.table)
            await session.execute(delete(table).where(table.c[part.parent] == photo_id))
        pairs = [(photo_id, arrival.record)]
        await self._parts.insert(session, path, PHOTO.parts, pairs)
        await self._parts.untag(session, photo_id)
        await self._parts.tag(session, pairs, {photo_id: arrival.row["sort_ts"]})
        return [arrival.known.coldpreview_key] if cold and arrival.known.coldpreview_key else []


def _identities(arrival: Arrival) -> list[Record]:
    told = arrival.record.get("identities") or []
    return [name for name in told if isinstance(name, dict) and isinstance(name.get("value"), str)]


def _cold_columns(cold: StoredColdpreview | None) -> Record:
    return {
        "coldpreview_key": cold.key if cold else None,
        "coldpreview_width": cold.width if cold else None,
        "coldpreview_height": cold.height if cold else None,
        "coldpreview_size": cold.size if cold else None,
    }

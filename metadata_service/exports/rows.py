"""Reads an owner's rows and makes them the records of an export."""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from sqlalchemy import LargeBinary, RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.exports.encoding import told
from metadata_service.exports.layout import Entry, hotpreview_path, raw_exif_path
from metadata_service.exports.names import Names, criteria_told
from metadata_service.exports.things import ITEMS, PHOTO, Part, Thing, plain, short
from metadata_service.photos.coldpreview import digest_of
from metadata_service.tables import (
    Disclosure,
    ImportItem,
    ImportSession,
    Photo,
    PhotoPair,
    PhotoTag,
    ShareLink,
    Space,
    Tag,
)

Record = dict[str, Any]
Reading = Callable[[], AbstractAsyncContextManager[AsyncSession]]
PATHS: Final = {"hotpreview": hotpreview_path, "blob": raw_exif_path}
CORRECTIONS: Final = ("timeloc_correction", "view_correction")
_A_PAGE: Final = 500
_PHOTOS: Final = plain(Photo)


async def things(reading: Reading, owner_id: int, thing: Thing, names: Names) -> AsyncIterator[Record]:
    """All things of one kind, in the order of their ids, page by page."""
    table = plain(thing.table)
    after = 0
    while True:
        query = select(table).where(table.c.owner_id == owner_id, table.c.id > after).order_by(table.c.id)
        async with reading() as session:  # for each page: whoever takes an export slowly must not hold a connection
            rows = (await session.execute(query.limit(_A_PAGE))).mappings().all()
            hothashes = await _hothashes(session, [row[column] for column in thing.pointers for row in rows])
        for row in rows:
            yield _thing(thing, row, names, hothashes)
        if len(rows) < _A_PAGE:
            return
        after = rows[-1]["id"]


def _thing(thing: Thing, row: RowMapping, names: Names, hothashes: Mapping[int, str]) -> Record:
    record: Record = {column.name: told(column, row[column.name]) for column in thing.columns}
    record["ref"] = names.of(thing.name, row["id"])
    for column, kind in {**thing.refs, **thing.pointers}.items():
        record[short(column)] = hothashes.get(row[column]) if kind == "photos" else names.of(kind, row[column])
    if "search_criteria" in record:
        record["search_criteria"] = criteria_told(record["search_criteria"], names)
    return record


async def _hothashes(session: AsyncSession, ids: Sequence[int | None]) -> dict[int, str]:
    wanted = {photo_id for photo_id in ids if photo_id is not None}
    if not wanted:
        return {}
    query = select(_PHOTOS.c.id, _PHOTOS.c.hothash).where(_PHOTOS.c.id.in_(wanted))
    return dict(iter(await session.execute(query)))


async def collection_items(session: AsyncSession, collection_id: int) -> list[Record]:
    """The items of a collection in order, photos by their hothashes; those in the trash keep their places."""
    table = plain(ITEMS.table)
    query = select(table, _PHOTOS.c.hothash.label("photo")).outerjoin(_PHOTOS, _PHOTOS.c.id == table.c.photo_id)
    rows = await session.execute(query.where(table.c.collection_id == collection_id).order_by(table.c.position))
    return [{**_columns(ITEMS, row), "photo": row["photo"]} for row in rows.mappings()]


async def tags(session: AsyncSession, owner_id: int) -> list[Record]:
    """All tags, also those that no photo bears."""
    table = plain(Tag)
    rows = await session.execute(select(table).where(table.c.owner_id == owner_id).order_by(table.c.id))
    shown = (table.c.name, table.c.created_at, table.c.updated_at)
    return [{column.name: told(column, row[column.name]) for column in shown} for row in rows.mappings()]


async def dismissed_pairs(session: AsyncSession, owner_id: int) -> list[Record]:
    """Photos that look alike, of which their owner said that they are two."""
    pairs, one, two = plain(PhotoPair), _PHOTOS.alias("one"), _PHOTOS.alias("two")
    query = select(one.c.hothash, two.c.hothash, pairs.c.distance).where(pairs.c.owner_id == owner_id)
    query = query.where(pairs.c.is_dismissed, one.c.id == pairs.c.photo_id, two.c.id == pairs.c.other_id)
    rows = [(*sorted(row[:2]), row[2]) for row in await session.execute(query)]
    return [{"photo": photo, "other": other, "distance": distance} for photo, other, distance in sorted(rows)]


async def noted(session: AsyncSession, owner_id: int) -> dict[str, list[Record]]:
    """What ends with this server, to be remembered: the owner's spaces and share links; and what others are told."""
    found = {}
    for name, table, without in (
        ("spaces", plain(Space), {"owner_id"}),
        ("share_links", plain(ShareLink), {"owner_id", "token_hash", "password_hash", "collection_id", "criteria"}),
        ("disclosures", plain(Disclosure), {"owner_id"}),
    ):
        columns = [column for column in table.c if column.name not in without]
        query = select(*columns).where(table.c.owner_id == owner_id).order_by(*table.primary_key.columns)
        rows = (await session.execute(query)).mappings().all()
        found[name] = [{column.name: told(column, row[column.name]) for column in columns} for row in rows]
    return found


async def import_items(reading: Reading, owner_id: int, names: Names) -> AsyncIterator[Record]:
    """What each import did with each thing."""
    items, sessions = plain(ImportItem), plain(ImportSession)
    after = (0, "")
    while True:
        query = select(items, _PHOTOS.c.hothash.label("photo")).outerjoin(_PHOTOS, _PHOTOS.c.id == items.c.photo_id)
        query = query.join(sessions, sessions.c.id == items.c.session_id).where(sessions.c.owner_id == owner_id)
        later = (items.c.session_id > after[0]) | ((items.c.session_id == after[0]) & (items.c.key > after[1]))
        query = query.where(later).order_by(items.c.session_id, items.c.key).limit(_A_PAGE)
        async with reading() as session:
            rows = (await session.execute(query)).mappings().all()
        for row in rows:
            told_row = {name: row[name] for name in ("key", "outcome", "filename", "detail", "photo")}
            yield {**told_row, "import_session": names.of("import_sessions", row["session_id"])}
        if len(rows) < _A_PAGE:
            return
        after = (rows[-1]["session_id"], rows[-1]["key"])


async def photo_range(session: AsyncSession, owner_id: int) -> tuple[int, int]:
    """The first and the last id of an owner's photos; (1, 0) when there is none."""
    query = select(func.min(_PHOTOS.c.id), func.max(_PHOTOS.c.id)).where(_PHOTOS.c.owner_id == owner_id)
    first, last = (await session.execute(query)).one()
    return (1, 0) if first is None else (first, last)


async def photos(
    session: AsyncSession, owner_id: int, first: int, end: int, names: Names
) -> tuple[list[Record], list[Entry]]:
    """The photos with ids from `first` up to `end`, each with all that belongs to it; and the files that they name."""
    here = (_PHOTOS.c.owner_id == owner_id, _PHOTOS.c.id >= first, _PHOTOS.c.id < end)
    rows = (await session.execute(select(_PHOTOS).where(*here).order_by(_PHOTOS.c.id))).mappings().all()
    ids = [row["id"] for row in rows]
    if not ids:
        return [], []
    beside, files = await _parts(session, PHOTO.parts, ids, names)
    tags = await _tag_names(session, ids)
    records = []
    for row in rows:
        record = _columns(PHOTO, row) | _refs(PHOTO, row, names) | beside[row["id"]]
        record |= {name: _unsigned(record[name]) for name in CORRECTIONS}
        records.append(record | {"tags": tags[row["id"]], "coldpreview": _cold(row)})
    return records, files


def _unsigned(correction: Record | None) -> Record | None:
    """The sum of corrections without the number of who made them: that is the owner, under another number elsewhere."""
    return correction and {name: value for name, value in correction.items() if name != "corrected_by"}


def _cold(row: RowMapping) -> Record | None:
    if row["coldpreview_key"] is None:
        return None
    sizes = {name: row[f"coldpreview_{name}"] for name in ("width", "height", "size")}
    return {"sha256": digest_of(row["coldpreview_key"]), "key": row["coldpreview_key"], **sizes}


async def _tag_names(session: AsyncSession, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    links, tag = plain(PhotoTag), plain(Tag)
    query = select(links.c.photo_id, tag.c.name).join(tag, tag.c.id == links.c.tag_id)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for photo_id, name in await session.execute(query.where(links.c.photo_id.in_(ids)).order_by(tag.c.name_key)):
        found[photo_id].append(name)
    return found


async def _parts(
    session: AsyncSession, parts: Sequence[Part], ids: Sequence[int], names: Names
) -> tuple[dict[int, Record], list[Entry]]:
    """What belongs to the rows with these ids: by id, under the names of the parts."""
    found: dict[int, Record] = {row_id: {part.name: None if part.is_one else [] for part in parts} for row_id in ids}
    files: list[Entry] = []
    for part in parts:
        rows, below, more = await _rows(session, part, ids, names)
        files += more
        for row in rows:
            record = _columns(part, row, files) | _refs(part, row, names) | (below[row["id"]] if part.parts else {})
            if part.is_one:
                found[row[part.parent]][part.name] = record
            else:
                found[row[part.parent]][part.name].append(record)
    return found, files


async def _rows(
    session: AsyncSession, part: Part, ids: Sequence[int], names: Names
) -> tuple[Sequence[Any], dict[int, Record], list[Entry]]:
    table = plain(part.table)
    query = select(table).where(table.c[part.parent].in_(ids)).order_by(*(table.c[name] for name in part.order))
    rows = (await session.execute(query)).mappings().all()
    if not part.parts or not rows:
        return rows, {}, []
    below, files = await _parts(session, part.parts, [row["id"] for row in rows], names)
    return rows, below, files


def _columns(part: Part, row: RowMapping, files: list[Entry] | None = None) -> Record:
    """Columns as JSON; bytes become a file of their own, named by its SHA-256."""
    record = {}
    for column in part.columns:
        value = row[column.name]
        if isinstance(column.type, LargeBinary) and files is not None:
            sha256 = hashlib.sha256(value).hexdigest()
            files.append(Entry(PATHS[column.name](sha256), sha256, len(value), value))
            record[column.name] = sha256
        else:
            record[column.name] = told(column, value)
    return record


def _refs(part: Part, row: RowMapping, names: Names) -> Record:
    return {short(column): names.of(kind, row[column]) for column, kind in part.refs.items()}

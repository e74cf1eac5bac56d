"""Made-up libraries with a value of every kind in every column, for properties that must hold of all libraries."""

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, LargeBinary, String, insert
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import UtcDateTime
from metadata_service.exports.things import ITEMS, PHOTO, THINGS, Part, plain
from metadata_service.photos.coldpreview import stored
from metadata_service.photos.sort_key import sort_ts
from metadata_service.storage import BlobStore
from metadata_service.tables import ImportItem, Photo, PhotoTag, Tag, User
from metadata_service.tags.service import tag_key
from shared_schemas.preview import COLDPREVIEW_LIMITS, check_preview
from tests.support.eggs import jpeg

Row = dict[str, Any]
_FIRST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_HEX: Final = st.integers(0, 2**64).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())
_LEAF: Final = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
).filter(lambda value: not (isinstance(value, float) and 2**63 <= abs(value) < 1e21)) | _TEXT
_JSON: Final = st.dictionaries(
    _TEXT,
    st.recursive(_LEAF, lambda below: st.lists(below, max_size=2) | st.dictionaries(_TEXT, below, max_size=2)),
    max_size=3,
)
# Moments so few that things often share one.
_INSTANT: Final = st.integers(0, 5).map(lambda number: _FIRST + timedelta(days=number, microseconds=number))
_WALL: Final = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01"))
_NUMBER: Final = st.floats(-80, 80).map(lambda number: number + 0.0)

_BY_NAME: Final[dict[str, st.SearchStrategy[Any]]] = {
    "visibility": st.integers(0, 3),
    "rating": st.integers(0, 5),
    "status": st.sampled_from(["in_progress", "completed"]),
    "document_type": st.sampled_from(["general", "album"]),
    "state": st.integers(0, 2),
    "attempts": st.integers(0, 9),
    "role": st.sampled_from(["primary", "raw"]),
    "place": st.none() | st.integers(0, 3),
    "time": st.none() | st.integers(0, 2),
    "taken_at_offset": st.sampled_from([None, "+02:00", "-11:30"]),
    "country_code": st.sampled_from([None, "NO"]),
    "search_criteria": st.just({}),
    "warnings": st.lists(_TEXT, max_size=2),
    "title": _TEXT,
    "name": _TEXT,
}


def _value(column: Column[Any]) -> st.SearchStrategy[Any]:
    """Any value that the column holds."""
    if column.name in _BY_NAME:
        return _BY_NAME[column.name]
    kinds: list[tuple[Any, st.SearchStrategy[Any]]] = [
        (UtcDateTime, _INSTANT),
        (DateTime, _WALL),
        (JSON, _JSON),
        (Boolean, st.booleans()),
        (Float, _NUMBER),
        (String, _HEX if column.name.endswith("sha256") else _TEXT),
        (Integer, st.integers(-(2**63), 2**63 - 1)),
    ]
    found = next(strategy for kind, strategy in kinds if isinstance(column.type, kind))
    return st.none() | found if column.nullable else found


def _row(columns: list[Column[Any]]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({c.name: _value(c) for c in columns if not isinstance(c.type, LargeBinary)})


@st.composite
def libraries(draw: st.DrawFn) -> Row:
    """A library as rows that point at each other by their places."""
    made: Row = {thing.name: draw(st.lists(_row(thing.columns), max_size=3)) for thing in THINGS.values()}
    for row in made["stories"]:
        row["published_at"] = _FIRST if row["is_published"] else None
    for row in made["places"]:
        row |= {"kind": "site", "polygon": None, "radius_m": 5.0, "analysis": None}
    made["tags"] = draw(st.lists(_TEXT.filter(tag_key), max_size=3, unique_by=tag_key))
    made["photos"] = draw(st.lists(_photo(len(made["tags"])), max_size=4))
    made["seed"] = draw(st.integers(0, 2**32))
    return made


@st.composite
def _photo(draw: st.DrawFn, tags: int) -> Row:
    photo: Row = draw(_row(PHOTO.columns))
    parts = {part.name: _some(draw, part) for part in PHOTO.parts if part.name not in {"preview", "identities"}}
    chosen = draw(st.sets(st.integers(0, tags - 1), max_size=3)) if tags else set()
    return {"row": photo, "tags": chosen, "identities": draw(st.lists(_HEX, max_size=2)), **parts} | {
        "has_cold": draw(st.booleans()),
        "has_hot": draw(st.booleans()),
    }


def _some(draw: st.DrawFn, part: Part) -> list[Row]:
    rows = draw(st.lists(_row(part.columns), max_size=1 if part.is_one else 2))
    for number, row in enumerate(rows):
        if part.name == "corrections":
            row["kind"] = draw(st.sampled_from(["time", "place", "view"]))
        if part.name == "files":
            row["filename"] = f"{number}{row['filename']}"
        if "relative_path" in row:
            row["relative_path"] = f"{number}/{row['relative_path']}"
            row["stem_key"] = "5" * 32
        for below in part.parts:
            row[below.name] = _some(draw, below)
    return rows


async def keep(session: AsyncSession, blobs: BlobStore, owner_id: int, made: Row, first: int) -> None:
    """Write a made-up library into the tables; `first` makes its pictures unlike all others."""
    choice = random.Random(made["seed"])
    ids: dict[str, list[int]] = {}
    for thing in THINGS.values():
        rows = []
        for row in made[thing.name]:
            refs = {column: _any(choice, ids.get(kind)) for column, kind in thing.refs.items()}
            rows.append({**row, **refs, "owner_id": owner_id})
        table = plain(thing.table)
        ids[thing.name] = [
            (await session.execute(insert(table).values(row).returning(table.c.id))).scalar_one() for row in rows
        ]
    for name, row_ids in (("events", ids["events"]), ("places", ids["places"])):
        (column,) = THINGS[name].pointers
        table = plain(THINGS[name].table)
        for place, row_id in enumerate(row_ids[1:], 1):
            parent = _any(choice, row_ids[:place])
            await session.execute(
                table.update().where(table.c.id == row_id).values({column: parent, "updated_at": table.c.updated_at})
            )
    tags = []
    for name in made["tags"]:
        row = {
            "owner_id": owner_id,
            "name": name,
            "name_key": tag_key(name),
            "created_at": _FIRST,
            "updated_at": _FIRST,
        }
        tags.append((await session.execute(insert(Tag).values(row).returning(Tag.id))).scalar_one())
    photos = [
        await _keep_photo(session, blobs, owner_id, p, (first + n, ids, tags, choice))
        for n, p in enumerate(made["photos"])
    ]
    await _fill(session, ids, photos, choice)


def _any(choice: Any, ids: list[int] | None) -> int | None:
    return choice.choice([None, *ids]) if ids else None


async def _keep_photo(session: AsyncSession, blobs: BlobStore, owner_id: int, made: Row, more: Any) -> int:
    seed, ids, tags, choice = more
    hot = jpeg(seed)
    row = {**made["row"], "owner_id": owner_id, "hothash": hashlib.sha256(hot).hexdigest()}
    row["sort_ts"] = sort_ts(row["taken_at"], row["created_at"])
    row |= {column: _any(choice, ids[kind]) for column, kind in PHOTO.refs.items()}
    if made["has_cold"]:
        async with stored(blobs, check_preview(jpeg(seed, size=(160, 100)), COLDPREVIEW_LIMITS)) as cold:
            row |= {f"coldpreview_{name}": getattr(cold, name) for name in ("key", "width", "height", "size")}
    photo_id: int = (await session.execute(insert(Photo).values(row).returning(Photo.id))).scalar_one()
    identities = [{"kind": "file_sha256", "value": value} for value in sorted(set(made["identities"]))]
    beside = {part.name: made.get(part.name, []) for part in PHOTO.parts} | {
        "preview": [{"hotpreview": hot}] if made["has_hot"] else [],
        "identities": [
            {"kind": "hothash", "value": row["hothash"]},
            *(i | {"value": f"{seed:08x}{i['value'][8:]}"} for i in identities),
        ],
    }
    await _keep_parts(session, PHOTO.parts, photo_id, beside, (owner_id, ids, choice))
    for place in made["tags"]:
        await session.execute(insert(PhotoTag).values(tag_id=tags[place], photo_id=photo_id, sort_ts=row["sort_ts"]))
    return photo_id


async def _keep_parts(session: AsyncSession, parts: Any, parent_id: int, told: Row, more: Any) -> None:
    owner_id, ids, choice = more
    for part in parts:
        table = plain(part.table)
        for item in told[part.name]:
            row = {name: value for name, value in item.items() if name in table.c} | {part.parent: parent_id}
            row |= {column: _any(choice, ids[kind]) for column, kind in part.refs.items()}
            row |= {"owner_id": owner_id} if "owner_id" in table.c else {}
            row |= {"blob": b"raw %d" % parent_id} if "blob" in table.c else {}
            statement = insert(table).values(row)
            if part.parts:
                row_id = (await session.execute(statement.returning(table.c.id))).scalar_one()
                await _keep_parts(session, part.parts, row_id, item, more)
            else:
                await session.execute(statement)


async def _fill(session: AsyncSession, ids: dict[str, list[int]], photos: list[int], choice: Any) -> None:
    """Items of collections and of imports, covers of stacks."""
    for collection_id in ids["collections"]:
        for position, photo_id in enumerate(choice.sample(photos, choice.randint(0, len(photos)))):
            row = {
                "collection_id": collection_id,
                "position": position * 2,
                "photo_id": photo_id,
                "caption": "c",
                "visible": False,
            }
            await session.execute(insert(plain(ITEMS.table)).values(row))
        card = {"collection_id": collection_id, "position": 99, "card_title": "t", "card_body": "b", "visible": True}
        await session.execute(insert(plain(ITEMS.table)).values(card))
    for session_id in ids["import_sessions"]:
        for photo_id in photos:
            row = {"session_id": session_id, "key": str(photo_id), "outcome": "imported", "photo_id": photo_id}
            await session.execute(insert(ImportItem).values(row))
    stacks = plain(THINGS["stacks"].table)
    for stack_id in ids["stacks"]:
        cover = {"cover_photo_id": _any(choice, photos), "updated_at": stacks.c.updated_at}
        await session.execute(stacks.update().where(stacks.c.id == stack_id).values(cover))


async def new_user(session: AsyncSession, name: str) -> int:
    """An account that nobody can sign in to."""
    keys = {"username": name, "username_key": name, "email": name, "email_key": name, "password_hash": ""}
    return (await session.execute(insert(User).values(keys).returning(User.id))).scalar_one()

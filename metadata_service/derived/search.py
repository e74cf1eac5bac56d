"""The index of words: which photos bear which, and who may find them by it.

`index` is to be called in the transaction that changes a photo's words, its visibility or its place in the trash;
removing a photo removes its words by itself. The owner finds a photo by all its words; others find a shared photo by
the words that are shown to them, never by its tags or file names. What is found is still asked for through
metadata_service.visibility: a stale index can hide a photo, never show one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Select, bindparam, column, literal, select, table, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.derived.words import Asked, asked, indexed
from metadata_service.tables import ImageFile, Photo, PhotoTag, Tag
from metadata_service.visibility import IS_PUBLIC, IS_SHARED, Viewer

MOST_FOUND: Final = 5_000
"""Of a word that more photos bear, those that came last are found: an order by date must look at each of them."""

_AT_ONCE: Final = 500
_SHOWN: Final = (Photo.title, Photo.description, Photo.camera_make, Photo.camera_model, Photo.lens_model)
_SEARCH: Final = table(
    "photo_search",
    column("rowid"),  # SQLite
    column("photo_search"),
    column("photo_id"),  # PostgreSQL
    column("words", TSVECTOR),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one photo: who may find it, by what everyone is shown, by what only its owner is."""

    photo_id: int
    who: Sequence[str]
    shown: Sequence[str]
    hidden: Sequence[str]


class Dialect(Protocol):
    """What the two databases say each in their own way."""

    write: str

    def row(self, entry: Entry) -> dict[str, Any]:
        """Spell an entry as the parameters of `write`."""

    def found(self, who: str, wanted: Sequence[Asked], *, by_hidden: bool) -> Select[Any]:
        """Select the ids of the photos that `who` finds by all the words, the last arrivals first."""


class Fts5:
    """SQLite: a virtual table with one column for each audience."""

    write = "INSERT OR REPLACE INTO photo_search (rowid, who, shown, hidden) VALUES (:photo_id, :who, :shown, :hidden)"

    def row(self, entry: Entry) -> dict[str, Any]:
        """The words with spaces between them: the table's own tokenizer splits at nothing else."""
        return {
            "photo_id": entry.photo_id,
            "who": " ".join(entry.who),
            "shown": " ".join(entry.shown),
            "hidden": " ".join(entry.hidden),
        }

    def found(self, who: str, wanted: Sequence[Asked], *, by_hidden: bool) -> Select[Any]:
        """Words hold no quotes and no operators, so that they need no escaping."""
        every = " AND ".join(f'"{item.word}"{" *" if item.is_open else ""}' for item in wanted)
        columns = "{shown hidden}" if by_hidden else "shown"
        matches = _SEARCH.c.photo_search.op("MATCH")(f'who : "{who}" AND {columns} : ({every})')
        return select(_SEARCH.c.rowid).where(matches).order_by(_SEARCH.c.rowid.desc())


class TextSearch:
    """PostgreSQL: one vector, with a weight for each audience: A is shown, B is hidden, C says who."""

    write = (
        "INSERT INTO photo_search (photo_id, words) VALUES (:photo_id, CAST(:words AS tsvector))"
        " ON CONFLICT (photo_id) DO UPDATE SET words = excluded.words"
    )

    def row(self, entry: Entry) -> dict[str, Any]:
        """Each word with its weights; where it stood in the text says nothing."""
        weights: dict[str, list[str]] = defaultdict(list)
        for place, some in enumerate((entry.shown, entry.hidden, entry.who), start=1):
            for word in some:
                weights[word].append(f"{place}{'-ABC'[place]}")
        return {
            "photo_id": entry.photo_id,
            "words": " ".join(f"'{word}':{','.join(places)}" for word, places in weights.items()),
        }

    def found(self, who: str, wanted: Sequence[Asked], *, by_hidden: bool) -> Select[Any]:
        """Words hold no quotes and no operators, so that they need no escaping."""
        weights = "AB" if by_hidden else "A"
        every = " & ".join(f"'{item.word}':{'*' if item.is_open else ''}{weights}" for item in wanted)
        matches = _SEARCH.c.words.op("@@")(literal(f"'{who}':C & {every}").cast(TSQUERY))
        return select(_SEARCH.c.photo_id).where(matches).order_by(_SEARCH.c.photo_id.desc())


_DIALECTS: Final[dict[str, Dialect]] = {"sqlite": Fts5(), "postgresql": TextSearch()}


def dialect_of(session: AsyncSession) -> Dialect:
    """The dialect of the session's database."""
    return _DIALECTS[session.get_bind().dialect.name]


async def index(session: AsyncSession, photo_ids: Iterable[int]) -> None:
    """Write down the words of these photos as they are now."""
    ids = sorted(set(photo_ids))  # in one order, so that writers cannot wait for each other in a circle
    for start in range(0, len(ids), _AT_ONCE):
        await _index_some(session, ids[start : start + _AT_ONCE])


async def _index_some(session: AsyncSession, ids: Sequence[int]) -> None:
    dialect = dialect_of(session)
    photos = select(Photo.id, Photo.owner_id, IS_PUBLIC, IS_SHARED, Photo.primary_filename, *_SHOWN)
    hidden: dict[int, list[str]] = defaultdict(list)
    for photo_id, said in await session.execute(_hidden_texts(ids)):
        hidden[photo_id].append(said)
    entries = [
        Entry(
            photo_id=row.id,
            who=[f"u{row.owner_id}", *(["shared"] if row.is_shared else []), *(["public"] if row.is_public else [])],
            shown=indexed(getattr(row, column.key) for column in _SHOWN),
            hidden=indexed([row.primary_filename, *hidden[row.id]]),
        )
        for row in await session.execute(photos.where(Photo.id.in_(ids)).order_by(Photo.id))
    ]
    if entries:
        await session.execute(text(dialect.write), [dialect.row(entry) for entry in entries])


def _hidden_texts(ids: Sequence[int]) -> Any:
    tags = select(PhotoTag.photo_id, Tag.name).join(Tag, Tag.id == PhotoTag.tag_id).where(PhotoTag.photo_id.in_(ids))
    files = select(ImageFile.photo_id, ImageFile.filename).where(ImageFile.photo_id.in_(ids))
    return union_all(tags, files)


def bears(dialect: Dialect, viewer: Viewer, question: str, *, own_only: bool = False) -> ColumnElement[bool] | None:
    """The condition that `viewer` finds a photo by all words of `question`; None when it has none."""
    wanted = asked(question)
    if not wanted:
        return None
    finds = []
    if viewer.user_id is not None:
        finds.append(dialect.found(f"u{viewer.user_id}", wanted, by_hidden=True))
    if not own_only:
        shared_with = "public" if viewer.user_id is None else "shared"
        finds.append(dialect.found(shared_with, wanted, by_hidden=False))
    capped = [find.limit(bindparam(None, MOST_FOUND)).subquery() for find in finds]
    return Photo.id.in_(union_all(*(select(some) for some in capped)))

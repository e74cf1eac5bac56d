"""The index of words as each database keeps it: FTS5 of SQLite, a text search vector of PostgreSQL.

Both are given words that are made already (metadata_service.derived.words), and neither may change them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import Select, column, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from metadata_service.derived.words import Asked

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

    key: str
    write: str
    read: str

    def row(self, entry: Entry) -> dict[str, Any]:
        """Spell an entry as the parameters of `write`."""

    def words(self, row: Mapping[str, Any]) -> set[str]:
        """The words of a row of `write` or of `read`, whatever their order."""

    def found(self, who: Sequence[str], wanted: Sequence[Asked], *, by_hidden: bool) -> Select[Any]:
        """Select the ids of the photos that one of `who` finds by all the words, the last arrivals first."""


class Fts5:
    """SQLite: a virtual table with one column for each audience."""

    key = "rowid"
    read = "SELECT rowid AS photo_id, who, shown, hidden FROM photo_search WHERE rowid BETWEEN :first AND :last"
    write = "INSERT OR REPLACE INTO photo_search (rowid, who, shown, hidden) VALUES (:photo_id, :who, :shown, :hidden)"

    def row(self, entry: Entry) -> dict[str, Any]:
        """The words with spaces between them: the table's own tokenizer splits at nothing else."""
        return {
            "photo_id": entry.photo_id,
            "who": " ".join(entry.who),
            "shown": " ".join(entry.shown),
            "hidden": " ".join(entry.hidden),
        }

    def words(self, row: Mapping[str, Any]) -> set[str]:
        """Each word with its column."""
        return {f"{name}:{word}" for name in ("who", "shown", "hidden") for word in row[name].split(" ") if word}

    def found(self, who: Sequence[str], wanted: Sequence[Asked], *, by_hidden: bool) -> Select[Any]:
        """Words hold no quotes and no operators, so that they need no escaping."""
        every = " AND ".join(f'"{item.word}"{" *" if item.is_open else ""}' for item in wanted)
        columns = "{shown hidden}" if by_hidden else "shown"
        anybody = " OR ".join(f'"{some}"' for some in who)
        matches = _SEARCH.c.photo_search.op("MATCH")(f"who : ({anybody}) AND {columns} : ({every})")
        return select(_SEARCH.c.rowid).where(matches).order_by(_SEARCH.c.rowid.desc())


class TextSearch:
    """PostgreSQL: one vector, with a weight for each audience: A is shown, B is hidden, C says who."""

    key = "photo_id"
    read = "SELECT photo_id, words::text AS words FROM photo_search WHERE photo_id BETWEEN :first AND :last"
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

    def words(self, row: Mapping[str, Any]) -> set[str]:
        """Each word with its weights."""
        return set(row["words"].split(" ")) - {""}

    def found(self, who: Sequence[str], wanted: Sequence[Asked], *, by_hidden: bool) -> Select[Any]:
        """Words hold no quotes and no operators, so that they need no escaping."""
        weights = "AB" if by_hidden else "A"
        every = " & ".join(f"'{item.word}':{'*' if item.is_open else ''}{weights}" for item in wanted)
        anybody = " | ".join(f"'{some}':C" for some in who)
        matches = _SEARCH.c.words.op("@@")(literal(f"({anybody}) & {every}").cast(TSQUERY))
        return select(_SEARCH.c.photo_id).where(matches).order_by(_SEARCH.c.photo_id.desc())

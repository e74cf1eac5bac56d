"""A set of paths with a digest each, of any size: SQLite keeps it in a temporary file when it outgrows its cache."""

import sqlite3
from collections.abc import Iterator


class Ledger:
    """Remembers paths, and the SHA-256 of what lies there; gone when it is forgotten."""

    def __init__(self) -> None:
        """Begin empty."""
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE paths (number INTEGER PRIMARY KEY, path TEXT UNIQUE, sha256 TEXT)"
        )

    def add(self, path: str, sha256: str = "") -> bool:
        """Remember a path; tell whether it is new."""
        done = self._database.execute("INSERT OR IGNORE INTO paths (path, sha256) VALUES (?, ?)", (path, sha256))
        return done.rowcount == 1

    def get(self, path: str) -> str | None:
        """The digest of a path; None for one that is not remembered."""
        row = self._database.execute("SELECT sha256 FROM paths WHERE path = ?", (path,)).fetchone()
        return None if row is None else str(row[0])

    def below(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Paths that begin so, in the order that they came, with their digests."""
        end = f"{prefix[:-1]}{chr(ord(prefix[-1]) + 1)}"
        query = "SELECT path, sha256 FROM paths WHERE path >= ? AND path < ? ORDER BY number"
        yield from self._database.execute(query, (prefix, end))

    def all(self) -> Iterator[tuple[str, str]]:
        """All paths in the order that they came."""
        yield from self._database.execute("SELECT path, sha256 FROM paths ORDER BY number")

    def __len__(self) -> int:
        """How many there are."""
        return int(self._database.execute("SELECT count(*) FROM paths").fetchone()[0])

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

"""Copies an embedded library while it is in use: the database as one moment saw it, and every blob that it names."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metadata_service.exports.ledger import Ledger

DATABASE: Final = "imalink.db"
BLOBS: Final = "blobs"
_SECRET: Final = "secret.key"  # noqa: S105  # the name of a file
_ATTEMPTS: Final = 5
_KEYS: Final = (
    "SELECT coldpreview_key FROM photos WHERE coldpreview_key IS NOT NULL",
    "SELECT original_key FROM uploads",
    "SELECT thumbnail_key FROM uploads WHERE thumbnail_key IS NOT NULL",
    "SELECT annotated_key FROM analyses WHERE annotated_key IS NOT NULL",
)


class CannotBackUpError(Exception):
    """The library is none that can be copied this way; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, and how much of it was new."""

    blobs: int
    copied: int


async def back_up(database: Path, data_dir: Path, target: Path, *, with_blobs: bool = True) -> BackedUp:
    """Bring the backup in `target` up to date; the one that is there stays valid until the new one is whole."""
    return await asyncio.to_thread(_back_up, database, data_dir, target, _KEYS if with_blobs else ())


def _back_up(database: Path, data_dir: Path, target: Path, queries: Sequence[str]) -> BackedUp:
    if not database.exists():
        raise CannotBackUpError(f"There is no database at {database}.")
    target.mkdir(parents=True, exist_ok=True)
    part = target / f".{DATABASE}.part"
    copied = sum(_copied(data_dir, target, key) for key in _lying(data_dir / BLOBS))
    for _ in range(_ATTEMPTS):
        _snapshot(database, part)
        missing = 0
        named = Ledger()
        for key in _named(part, queries):
            named.add(key)
            copied += _copied(data_dir, target, key)
            missing += not (target / BLOBS / key).exists()
        if not missing:
            break
        # A photo was removed for good while we copied: the database of a moment later does not name it any more.
    else:
        raise CannotBackUpError(f"{missing} blobs are named by the database and are not there; run the doctor.")
    part.replace(target / DATABASE)
    if (data_dir / _SECRET).exists():
        shutil.copy2(data_dir / _SECRET, target / _SECRET)
    for key in list(_lying(target / BLOBS)):
        if named.get(key) is None:
            (target / BLOBS / key).unlink()
    blobs = len(named)
    named.close()
    return BackedUp(blobs, copied)


def _snapshot(database: Path, target: Path) -> None:
    """Copy the database as of one moment, without holding up who writes; check that the copy is sound."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(database, isolation_level=None)) as source:
        source.execute("PRAGMA busy_timeout = 10000")
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise CannotBackUpError(f"The database is damaged: {verdict}.")


def _named(database: Path, queries: Sequence[str]) -> Iterator[str]:
    with closing(sqlite3.connect(database)) as connection:
        for query in queries:
            for (key,) in connection.execute(query):
                yield key


def _lying(blobs: Path) -> Iterator[str]:
    for path in blobs.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(blobs).as_posix()


def _copied(data_dir: Path, target: Path, key: str) -> bool:
    """Copy a blob unless it is there already, or gone; a key is written once: one of the same name is the same."""
    kept = target / BLOBS / key
    if kept.exists():
        return False
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f".{kept.name}.part")
    try:
        shutil.copyfile(data_dir / BLOBS / key, part)
    except FileNotFoundError:
        part.unlink(missing_ok=True)
        return False
    part.replace(kept)
    return True

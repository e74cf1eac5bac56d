"""`python -m metadata_service export|import|verify|backup`: a library out of this server and into another."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.exports import folder
from metadata_service.exports.arriving import Arriving
from metadata_service.exports.backup import CannotBackUpError, back_up
from metadata_service.exports.contents import Contents
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.snapshot import one_moment
from metadata_service.exports.source import Source, verify
from metadata_service.settings import Settings
from metadata_service.storage.choice import open_store
from metadata_service.tables import User

Say = Callable[[str], None]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m metadata_service", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, said in (
        ("export", "write an account's library into a folder, or bring the export there up to date"),
        ("import", "bring an export into an account that is there"),
    ):
        command = commands.add_parser(name, help=said, description=said)
        command.add_argument("folder", type=Path)
        command.add_argument("--user", required=True, help="username or e-mail address of the account")
    said = "check every byte of an export against its manifest; needs no database"
    commands.add_parser("verify", help=said, description=said).add_argument("folder", type=Path)
    said = "copy an embedded (SQLite) library while it is in use"
    commands.add_parser("backup", help=said, description=said).add_argument("folder", type=Path)
    return parser


def run(arguments: list[str], read_settings: Callable[[], Settings], say: Say) -> int:
    """Do what was asked; give the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.command == "verify":
            return _verify(asked.folder, say)
        settings = read_settings()
        return asyncio.run(_COMMANDS[asked.command](settings, asked, say))
    except (NotAnExportError, CannotBackUpError) as error:
        say(str(error))
        return 1


def _verify(root: Path, say: Say) -> int:
    found = 0
    for problem in verify(root):
        say(problem)
        found += 1
    say("The export is whole." if not found else f"{found} problems.")
    return 1 if found else 0


async def _export(settings: Settings, asked: argparse.Namespace, say: Say) -> int:
    async with _opened(settings) as database:
        owner_id = await _account(database, asked.user)
        async with one_moment(database) as reading:
            contents = Contents(reading, open_store(settings), owner_id, folder.Folder(asked.folder).has)
            written = await folder.write(asked.folder, contents)
    for path in written.missing:
        say(f"The server lost {path}.")
    photos = written.counts.get("photos", 0)
    say(f"{photos} photos in {written.files} files; {written.written} were written, {written.removed} removed.")
    return 0


async def _import(settings: Settings, asked: argparse.Namespace, say: Say) -> int:
    source = Source(asked.folder)
    async with _opened(settings) as database:
        owner_id = await _account(database, asked.user)
        counts = await Arriving(database, open_store(settings), owner_id, source).run(say)
    new, changed, united = (counts[name] for name in ("new", "changed", "united"))
    say(f"{counts['photos']} photos read: {new} new, {changed} brought up to date, {united} united with photos here.")
    return 0


async def _backup(settings: Settings, asked: argparse.Namespace, say: Say) -> int:
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    path, is_sqlite = database.url.database, database.is_sqlite
    await database.close()
    if not is_sqlite or path is None:
        raise CannotBackUpError("A PostgreSQL database is copied with pg_dump; this command copies embedded libraries.")
    done = await back_up(Path(path), settings.data_dir, asked.folder, with_blobs=settings.s3_bucket is None)
    say(f"The library is in {asked.folder}, with {done.blobs} blobs; {done.copied} were copied.")
    if settings.s3_bucket is not None:
        say("The blobs lie in a bucket and were not copied.")
    return 0


_COMMANDS: Final[dict[str, Callable[[Settings, argparse.Namespace, Say], Coroutine[Any, Any, int]]]] = {
    "export": _export,
    "import": _import,
    "backup": _backup,
}
COMMANDS: Final = (*_COMMANDS, "verify")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    try:
        yield database
    finally:
        await database.close()


async def _account(database: Database, name: str) -> int:
    """Find an account by username or e-mail address; raise `NotAnExportError` when there is none."""
    key = name.strip().lower()
    async with database.reading() as session:
        owner_id = await _find(session, key)
    if owner_id is None:
        raise NotAnExportError(f"There is no account named {name}.")
    return owner_id


async def _find(session: AsyncSession, key: str) -> int | None:
    query = select(User.id).where((User.username_key == key) | (User.email_key == key))
    return await session.scalar(query)

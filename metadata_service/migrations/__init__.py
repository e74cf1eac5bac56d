"""Brings a database to the tables that this version needs, and tells whether it has them."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from metadata_service.db.engine import Database, async_url, make_folder_of

_FOLDER: Final = Path(__file__).parent
# Any constant will do, as long as every process that migrates takes the same one.
_POSTGRES_LOCK: Final = 1_229_804_619


class TablesMissingError(RuntimeError):
    """The database is not at the revision that this version needs."""


async def upgrade(url: str, revision: str = "head") -> None:
    """Migrate to `revision` in one transaction; several processes may try at once, one does it."""
    await _run(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> None:
    """Go back to `revision`, in one transaction."""
    await _run(url, lambda config: command.downgrade(config, revision))


async def check_current(database: Database) -> None:
    """Raise `TablesMissingError` unless the database is at the newest revision."""
    try:
        async with database.reading() as session:
            found = await session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError as error:
        raise TablesMissingError("the database has no tables yet; `make migrate` makes them") from error
    if found != (needed := head()):
        raise TablesMissingError(f"the database is at revision {found} and not at {needed}; run `make migrate`")


@cache
def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


async def _run(url: str, step: Any) -> None:
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        make_folder_of(engine.url)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)

    def migrate(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        step(config)

    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """DDL inside our own transaction; no cascades while a table is rebuilt under another name."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

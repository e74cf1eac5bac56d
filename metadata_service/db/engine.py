"""Opens the database: one engine to read and one to write, made for what SQLite and PostgreSQL each do best."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from metadata_service.db.errors import named
from metadata_service.db.one_hop import use_one_hop

_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
# Generic plans ignore partial indexes: the same query went from 1.5 to 236 ms after its fifth execution.
_POSTGRES_SESSION: Final = {"plan_cache_mode": "force_custom_plan", "jit": "off", "timezone": "UTC"}
_SQLITE_READERS: Final = 4


def async_url(url: str) -> URL:
    """Name the asynchronous driver in a URL that people write without one."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def make_folder_of(url: URL) -> None:
    """SQLite makes its file, but not the folder around it."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


class Database:
    """Two ways in: `reading()` for a look, `writing()` for one transaction."""

    def __init__(self, url: str, *, busy_seconds: float) -> None:
        """Prepare the engines; nothing is opened before the first use."""
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.writer, self.reader = (
            _sqlite_engines(self.url, busy_seconds) if self.is_sqlite else _postgres_engines(self.url, busy_seconds)
        )
        options: dict[str, Any] = {"expire_on_commit": False, "autoflush": False}
        self._write_session = async_sessionmaker(self.writer, **options)
        self._read_session = async_sessionmaker(self.reader, **options)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session whose statements each see the latest committed state; it cannot leave anything behind."""
        async with _named_errors(), self._read_session() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction, begun by its first statement: committed when the block ends well, else undone."""
        async with _named_errors(), self._write_session() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.reader.dispose()


@asynccontextmanager
async def _named_errors() -> AsyncIterator[None]:
    try:
        yield
    except Exception as error:
        if (name := named(error)) is not None:
            raise name from error
        raise


def _postgres_engines(url: URL, busy_seconds: float) -> tuple[AsyncEngine, AsyncEngine]:
    session = {**_POSTGRES_SESSION, "lock_timeout": f"{busy_seconds * 1000:.0f}"}  # milliseconds
    writer = create_async_engine(
        url,
        pool_size=10,
        max_overflow=5,
        pool_timeout=busy_seconds,
        pool_recycle=1800,
        connect_args={"server_settings": session, "timeout": busy_seconds},
    )
    return writer, writer.execution_options(isolation_level="AUTOCOMMIT")


def _sqlite_engines(url: URL, busy_seconds: float) -> tuple[AsyncEngine, AsyncEngine]:
    """Make a writer of one connection, whose pool is the queue of all writers, and a few readers beside it."""
    make_folder_of(url)
    writer = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=busy_seconds, connect_args={"timeout": busy_seconds}
    )
    reader = create_async_engine(
        url,
        pool_size=_SQLITE_READERS,
        max_overflow=0,
        pool_timeout=busy_seconds,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        connect_args={"timeout": busy_seconds},
    )
    for engine in (writer, reader):
        use_one_hop(engine.sync_engine)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    # IMMEDIATE takes the write lock at once: a deferred transaction that reads first can fail to upgrade,
    # whatever the busy timeout.
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    return writer, reader


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to say
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a commit that was acknowledged survives a power cut
        "foreign_keys = ON",
        "wal_autocheckpoint = 4000",
        "temp_store = MEMORY",
        "cache_size = -16000",  # 16 MB for each connection: two are too few for the indexes of a large library
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

"""Reads a library as one moment saw it, however long the reading takes and whatever others write meanwhile."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database


@asynccontextmanager
async def one_moment(database: Database) -> AsyncIterator[Callable[[], AbstractAsyncContextManager[AsyncSession]]]:
    """Give a way to open sessions that see the same moment. It holds a connection: for a command, not for a request."""
    isolation = "AUTOCOMMIT" if database.is_sqlite else "REPEATABLE READ"
    async with database.reader.connect() as connection:
        await connection.execution_options(isolation_level=isolation)
        if database.is_sqlite:
            await connection.exec_driver_sql("BEGIN")  # deferred: a reader, which nobody waits for
        session = AsyncSession(bind=connection, expire_on_commit=False, autoflush=False)

        @asynccontextmanager
        async def opened() -> AsyncIterator[AsyncSession]:
            yield session

        try:
            yield opened
        finally:
            await session.close()
            if database.is_sqlite:
                await connection.exec_driver_sql("ROLLBACK")

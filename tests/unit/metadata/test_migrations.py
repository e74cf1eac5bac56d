"""Migrations: forward, back, and exactly the tables that the code describes."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from metadata_service import migrations
from metadata_service.db.engine import Database, async_url
from metadata_service.migrations import TablesMissingError
from metadata_service.tables import Table


async def test_the_tables_are_those_that_the_code_describes(database_url: str) -> None:
    def is_described(_item: object, name: str | None, *_rest: object) -> bool:
        # The search index is a virtual table of SQLite, a vector of PostgreSQL: its migration spells both.
        return not (name or "").removeprefix("ix_").startswith("photo_search")

    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": is_described})
        return list(compare_metadata(context, Table.metadata))

    engine = create_async_engine(async_url(database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await engine.dispose()


async def test_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = create_async_engine(async_url(database_url))

    async def tables() -> set[str]:
        async with engine.connect() as connection:
            return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))

    everything = await tables()
    assert "photos" in everything
    await migrations.downgrade(database_url, "base")
    assert await tables() <= {"alembic_version", "sqlite_sequence"}
    await migrations.upgrade(database_url)
    assert await tables() == everything
    await engine.dispose()


async def test_a_database_without_tables_is_said_to_be_so(database_url: str) -> None:
    await migrations.downgrade(database_url, "base")
    database = Database(database_url, busy_seconds=2)
    with pytest.raises(TablesMissingError, match="make migrate"):
        await migrations.check_current(database)
    await migrations.upgrade(database_url)
    await migrations.check_current(database)
    await database.close()


async def test_several_processes_may_migrate_at_once(database_url: str) -> None:
    await migrations.downgrade(database_url, "base")
    await asyncio.gather(*(migrations.upgrade(database_url) for _ in range(3)))
    database = Database(database_url, busy_seconds=2)
    await migrations.check_current(database)
    await database.close()

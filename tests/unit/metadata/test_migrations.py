"""Migrations: forward, back, and exactly the tables that the code describes."""

import asyncio
import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from metadata_service import migrations
from metadata_service.db.engine import Database, async_url
from metadata_service.migrations import TablesMissingError
from metadata_service.tables import Table

_INLINE = {("photos", "event_id"), ("upload_jobs", "parent_id")}


async def test_the_tables_are_those_that_the_code_describes(database_url: str) -> None:
    def is_described(item: Any, name: str | None, kind: str, *_rest: object) -> bool:
        # SQLAlchemy overlooks what a key of SQLite says ON DELETE, where it stands inline: see the tests below.
        if kind == "foreign_key_constraint" and (item.table.name, *item.column_keys) in _INLINE:
            return False
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


async def test_a_column_added_to_photos_leaves_their_table_as_it_was(database_url: str) -> None:
    """SQLite would rebuild the table, if asked in another way, and lose what is not a column."""
    engine = create_async_engine(async_url(database_url))

    async def photos() -> dict[str, str]:
        async with engine.connect() as connection:
            return {
                name: " ".join(sql.split()) for name, sql in await connection.execute(text(_ON_PHOTOS[engine.name]))
            }

    await migrations.downgrade(database_url, "0002")
    before = await photos()
    assert "photos_come" in before
    await migrations.upgrade(database_url, "0003")
    after = await photos()
    await migrations.downgrade(database_url, "0002")
    assert await photos() == before
    await migrations.upgrade(database_url)
    made = "photos" if engine.name == "sqlite" else "fk_photos_event_id_events"
    added = {"ix_photos_event_id", made}
    assert {name: sql for name, sql in after.items() if name not in added} == {
        name: sql for name, sql in before.items() if name not in added
    }
    assert re.search(r"REFERENCES events ?\(id\) ON DELETE SET NULL", after[made])
    if engine.name == "sqlite":
        assert "AUTOINCREMENT" in after["photos"]
        column = "event_id INTEGER CONSTRAINT fk_photos_event_id_events REFERENCES events (id) ON DELETE SET NULL"
        assert after["photos"].replace(f", {column}", "") == before["photos"]
    await engine.dispose()


# Everything that hangs on the table of photos, and how it was made.
_ON_PHOTOS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'photos' AND sql IS NOT NULL",
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'photos'
        UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
            WHERE tgrelid = 'photos'::regclass AND NOT tgisinternal
        UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'photos'::regclass
    """,
}


async def test_photos_that_are_there_already_survive_the_way_up_and_down_and_are_counted(database_url: str) -> None:
    """From the first revision to the newest and back, with a library in it."""
    await migrations.downgrade(database_url, "0001")
    engine = create_async_engine(async_url(database_url))
    async with engine.begin() as connection:
        now = "2024-05-17 12:00:00" if "sqlite" in database_url else "2024-05-17 12:00:00+00"
        await connection.exec_driver_sql(
            "INSERT INTO users (id, username, username_key, email, email_key, password_hash, is_active, created_at,"
            f" updated_at) VALUES (7, 'k', 'k', 'k', 'k', '', true, '{now}', '{now}')"
        )
        for number, (taken_at, sort_ts, visibility) in enumerate(_PHOTOS, start=1):
            values = (
                f"{number}, 7, 'h{number}', {sort_ts}, {visibility}, 0, 6, 4, {taken_at}, false, 1, 1, '{now}', '{now}'"
            )
            await connection.exec_driver_sql(
                "INSERT INTO photos (id, owner_id, hothash, sort_ts, visibility, rating, width, height, taken_at,"
                f" has_raw, hotpreview_width, hotpreview_height, created_at, updated_at) VALUES ({values})"
            )
    await migrations.upgrade(database_url)
    async with engine.connect() as connection:
        days = (await connection.exec_driver_sql("SELECT * FROM photo_days ORDER BY day")).all()
        shared = (await connection.exec_driver_sql("SELECT * FROM shared_days ORDER BY day")).all()
    assert [tuple(row) for row in days] == [(7, -(2**31), 0, 0, 1, 0), (7, -1, 0, 0, 0, 1), (7, 19860, 1, 0, 0, 0)]
    assert [tuple(row) for row in shared] == [(-(2**31), 1, 0), (-1, 0, 1)]
    await migrations.downgrade(database_url, "0001")
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM photos")).scalar() == 3
    await migrations.upgrade(database_url)
    await engine.dispose()


_PHOTOS = (
    ("'2024-05-17 10:00:00'", 1_715_940_000_000, 0),
    ("'1969-12-31 23:00:00'", -3_600_000, 3),
    ("NULL", 1_715_947_200_000, 2),
)

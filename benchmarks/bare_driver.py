"""The bare driver: what a request's rows cost when nothing but the database is asked."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Self

import asyncpg
import orjson

from tests.support.metadata import MetadataService

Rows = Sequence[Mapping[str, Any]]
_SETTINGS = {"plan_cache_mode": "force_custom_plan", "jit": "off"}


class Bare:
    """A connection of sqlite3 or asyncpg, set up as the application sets up its own."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, service: MetadataService) -> Self:
        """Connect to the service's database."""
        url = service.database.url
        if service.database.is_sqlite:
            connection = sqlite3.connect(url.database or "", check_same_thread=False, timeout=30)
            connection.executescript("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")
            return cls(connection)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return cls(await asyncpg.connect(plain, server_settings=_SETTINGS))

    async def close(self) -> None:
        """Disconnect."""
        closing = self._connection.close()
        if closing is not None:
            await closing

    async def rows(self, statement: str, parameters: Any = ()) -> list[dict[str, Any]]:
        """Ask for rows."""
        if isinstance(self._connection, sqlite3.Connection):
            cursor = self._connection.execute(statement, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [dict(row) for row in await self._connection.fetch(statement, *parameters)]

    async def answer(self, said: Sequence[tuple[str, Any]]) -> bytes:
        """Run the statements, write the rows of the last as JSON."""
        found = b""
        for statement, parameters in said:
            found = orjson.dumps(await self.rows(statement, parameters), default=lambda _blob: "")
        return found

    async def do(self, statement: str) -> None:
        """Run and commit one statement that has no rows."""
        if isinstance(self._connection, sqlite3.Connection):
            with self._connection:
                self._connection.execute(statement)
        else:
            await self._connection.execute(statement)

    async def insert(self, tables: Mapping[str, Rows]) -> None:
        """Insert rows into each table, one `executemany` for each, in one transaction."""
        wanted = [(_insert(table, rows[0], self._connection), rows) for table, rows in tables.items() if rows]
        if isinstance(self._connection, sqlite3.Connection):
            with self._connection:
                for statement, rows in wanted:
                    self._connection.executemany(statement, [tuple(row.values()) for row in rows])
        else:
            async with self._connection.transaction():
                for statement, rows in wanted:
                    await self._connection.executemany(statement, [tuple(row.values()) for row in rows])


def _insert(table: str, row: Mapping[str, Any], connection: Any) -> str:
    is_sqlite = isinstance(connection, sqlite3.Connection)
    marks = ", ".join("?" if is_sqlite else f"${number + 1}" for number in range(len(row)))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"

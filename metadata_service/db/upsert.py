"""INSERT that leaves an existing row alone: both databases have it, each under its own import."""

from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.base import Table


def insert_new(session: AsyncSession, table: type[Table], rows: dict[str, Any] | list[dict[str, Any]]) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING`: with RETURNING it gives back only the rows that are new."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).values(rows).on_conflict_do_nothing()
    return postgresql.insert(table).values(rows).on_conflict_do_nothing()

"""INSERT that meets rows which are there already: both databases have it, each under its own import."""

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.base import Table

Insert = sqlite.Insert | postgresql.Insert


def _insert(session: AsyncSession, table: type[Table]) -> Insert:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def insert_new(session: AsyncSession, table: type[Table]) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING`: with RETURNING it gives back only the rows that are new."""
    return _insert(session, table).on_conflict_do_nothing()


def upsert(session: AsyncSession, table: type[Table], unique: Sequence[str], changed: Sequence[str]) -> Insert:
    """`INSERT … ON CONFLICT (unique) DO UPDATE`: where the row is there, only the `changed` columns are set."""
    statement = _insert(session, table)
    return statement.on_conflict_do_update(
        index_elements=list(unique), set_={name: statement.excluded[name] for name in changed}
    )

"""Work in queues: each kind of work by itself, owners in turn, parts of a picture side by side."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
_DUE = sa.text("due_at IS NOT NULL")
_PART = sa.text("parent_id IS NOT NULL")
_COUNTED = ["session_id", "status", "stage"]


def upgrade() -> None:
    """Go forward."""
    for column in _columns():
        op.add_column("upload_jobs", column)
    # SQLite takes a constraint with a new column only inline.
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE upload_jobs ADD COLUMN parent_id {uuid}"
        " CONSTRAINT fk_upload_jobs_parent_id_upload_jobs REFERENCES upload_jobs (id) ON DELETE CASCADE"
    )
    op.add_column("analysis_tiles", sa.Column("pixels_key", sa.String(length=255), nullable=True))
    # What is done next says who does it; what was looked at in halves is looked at anew.
    op.execute("UPDATE upload_jobs SET queue = 'io' WHERE stage IN ('thumbnail', 'summary')")
    op.execute("UPDATE upload_jobs SET queue = 'analysis' WHERE stage = 'analysis'")
    op.execute("DELETE FROM analyses WHERE status = 'pending'")
    op.drop_index("ix_upload_jobs_due", table_name="upload_jobs")
    _index("next", ["queue", "owner_id", "due_at", "id"], _DUE)
    _index("parent", ["parent_id", "part"], _PART, unique=True)
    op.drop_index("ix_upload_jobs_counts", table_name="upload_jobs")
    # SQLite looks at the rows themselves unless the index holds what its own condition speaks of.
    _index("counts", [*_COUNTED, "archived_at", "parent_id"], sa.text("archived_at IS NULL AND parent_id IS NULL"))
    for statement in _sql():
        op.execute(statement)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("queue", sa.String(length=16), nullable=False, server_default="core"),
        sa.Column("warnings", _JSON, nullable=False, server_default="[]"),
        sa.Column("part", sa.BigInteger(), nullable=True),
        sa.Column("parts_left", sa.BigInteger(), nullable=True),
    ]


def _index(name: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(
        f"ix_upload_jobs_{name}", "upload_jobs", columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def _sql() -> list[str]:
    """The trigger that gives up the pixels of tiles that go."""
    path = Path(__file__).parent.parent / "sql" / f"0010_{op.get_bind().dialect.name}.sql"
    return [statement for statement in path.read_text().split("----\n") if statement.strip()]


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM upload_jobs WHERE parent_id IS NOT NULL")
    op.execute("DELETE FROM analyses WHERE status = 'pending'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER analysis_tiles_go ON analysis_tiles")
        op.execute("DROP FUNCTION analysis_tiles_go()")
    else:
        op.execute("DROP TRIGGER analysis_tiles_go")
    for name in ("next", "parent", "counts"):
        op.drop_index(f"ix_upload_jobs_{name}", table_name="upload_jobs")
    op.execute("ALTER TABLE analysis_tiles DROP COLUMN pixels_key")
    for name in ("queue", "warnings", "parent_id", "part", "parts_left"):
        op.execute(f"ALTER TABLE upload_jobs DROP COLUMN {name}")
    _index("due", ["due_at", "id"], _DUE)
    _index("counts", _COUNTED, sa.text("archived_at IS NULL"))

"""Tell less of the time: how exactly owners tell others when their photos were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HIDING = {"disclosures": ["owner_id", "level"], "photo_disclosures": ["photo_id"]}


def upgrade() -> None:
    """Go forward; until somebody says otherwise, all of it is told."""
    for table, kept in (("disclosures", "NOT NULL DEFAULT 2"), ("photo_disclosures", "")):
        # In one clause: SQLite adds no constraint to a table that is there.
        check = f"CONSTRAINT ck_{table}_time CHECK (time BETWEEN 0 AND 2)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN time SMALLINT {kept} {check}")
    for table, columns in _HIDING.items():
        few = sa.text("time < 2")
        op.create_index(f"ix_{table}_time", table, columns, sqlite_where=few, postgresql_where=few)


def downgrade() -> None:
    """Go back; times are told as they are again."""
    for table in _HIDING:
        op.drop_index(f"ix_{table}_time", table_name=table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN time")  # and its check: Alembic would make the table again

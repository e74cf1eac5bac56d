"""Find what is alike and what is near: perceptual hashes, places on the map."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
_TRIGGERS = {
    "sqlite": (
        *("come_to_a_place", "go_from_a_place", "leave_a_place", "arrive_at_a_place"),
        *("come_with_a_hash", "go_with_a_hash", "change_hash"),
    ),
    "postgresql": (
        *("come_to_a_place", "go_from_a_place", "change_place"),
        *("come_with_a_hash", "go_with_a_hash", "change_hash"),
    ),
}


def upgrade() -> None:
    """Go forward; photos that are there already are counted, and wait to be compared."""
    _create_cells()
    _create_likeness()
    op.create_table(
        "dismissed_stacks",
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_dismissed_stacks")),
        _refers("dismissed_stacks", "owner_id", "users", "CASCADE"),
    )
    path = Path(__file__).parent.parent / "sql" / f"0007_{op.get_bind().dialect.name}.sql"
    for statement in path.read_text().split("\n----\n"):
        op.execute(statement)


def _keys(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _BIG, autoincrement=False, nullable=False) for name in names]


def _refers(table: str, column: str, to: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=on_delete)


def _create_cells() -> None:
    op.create_table(
        "photo_cells",
        *_keys("owner_id"),
        sa.Column("depth", sa.SmallInteger(), autoincrement=False, nullable=False),
        *_keys("y", "x"),
        sa.Column("visibility", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("photo_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "depth", "y", "x", "visibility", name=op.f("pk_photo_cells")),
        sqlite_with_rowid=False,
    )
    shared = sa.text("visibility >= 2 AND depth <= 12")
    op.create_index(
        "ix_photo_cells_shared",
        "photo_cells",
        ["depth", "y", "x", "visibility", "owner_id", "count", "photo_id"],
        sqlite_where=shared,
        postgresql_where=shared,
    )
    op.create_index("ix_photo_disclosures_place", "photo_disclosures", ["place", "photo_id"])


def _create_likeness() -> None:
    op.create_table(
        "photo_bands",
        *_keys("owner_id", "band", "photo_id"),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "band", "photo_id", name=op.f("pk_photo_bands")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_photo_bands_photo_id", "photo_bands", ["photo_id"])
    op.create_table(
        "unpaired_photos",
        *_keys("photo_id"),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_unpaired_photos")),
        _refers("unpaired_photos", "photo_id", "photos", "CASCADE"),
    )
    op.create_index("ix_unpaired_photos_owner_id", "unpaired_photos", ["owner_id", "photo_id"])
    op.create_table(
        "photo_pairs",
        *_keys("owner_id", "photo_id", "other_id"),
        sa.Column("distance", sa.SmallInteger(), nullable=False),
        sa.Column("is_dismissed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "photo_id", "other_id", name=op.f("pk_photo_pairs")),
        _refers("photo_pairs", "photo_id", "photos", "CASCADE"),
        _refers("photo_pairs", "other_id", "photos", "CASCADE"),
        sa.CheckConstraint("photo_id < other_id", name=op.f("ck_photo_pairs_once")),
    )
    op.create_index("ix_photo_pairs_photo_id", "photo_pairs", ["photo_id"])
    op.create_index("ix_photo_pairs_other_id", "photo_pairs", ["other_id"])
    op.create_table(
        "photo_merges",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("kept_id", _BIG, nullable=True),
        sa.Column("merged_id", _BIG, nullable=True),
        sa.Column("record", _JSON, nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_merges")),
        _refers("photo_merges", "owner_id", "users", "CASCADE"),
        _refers("photo_merges", "kept_id", "photos", "SET NULL"),
        _refers("photo_merges", "merged_id", "photos", "SET NULL"),
        sqlite_autoincrement=True,
    )
    for column in ("owner_id", "kept_id", "merged_id"):
        op.create_index(f"ix_photo_merges_{column}", "photo_merges", [column])


def downgrade() -> None:
    """Go back: counts and pairs can be made again, merged photos stay in the trash."""
    dialect = op.get_bind().dialect.name
    for name in _TRIGGERS[dialect]:
        op.execute(f"DROP TRIGGER photos_{name}{' ON photos' if dialect == 'postgresql' else ''}")
    if dialect == "postgresql":
        for name in _TRIGGERS[dialect]:
            op.execute(f"DROP FUNCTION photos_{name}")
        op.execute("DROP FUNCTION change_photo_cells")
        op.execute("DROP TYPE photo_place")
        op.execute("DROP FUNCTION photo_cell")
    for table in ("dismissed_stacks", "photo_merges", "photo_pairs", "unpaired_photos", "photo_bands", "photo_cells"):
        op.drop_table(table)
    op.drop_index("ix_photo_disclosures_place", table_name="photo_disclosures")

"""Find photos among a million: indexes, the summary of days, the search index, and what keeps them true."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNSHARED = "visibility < 2 AND deleted_at IS NULL"
_SHARED = "visibility >= 2 AND deleted_at IS NULL"
_LOCATED = "gps_latitude IS NOT NULL AND deleted_at IS NULL"
_FACETS = ("rating", "camera_make", "camera_model", "lens_model", "image_format")
_INDEXES: dict[str, tuple[list[str], str]] = {
    **{f"ix_photos_own_{name}": (["owner_id", name, "sort_ts", "id"], _UNSHARED) for name in _FACETS},
    **{f"ix_photos_shared_{name}": ([name, "sort_ts", "id"], _SHARED) for name in _FACETS},
    "ix_photos_own_arrival": (["owner_id", "id"], _UNSHARED),
    "ix_photos_shared_arrival": (["id"], _SHARED),
    "ix_photos_authenticated": (["sort_ts", "id"], "visibility = 2 AND deleted_at IS NULL"),
    "ix_photos_space": (["owner_id", "sort_ts", "id"], "visibility = 1 AND deleted_at IS NULL"),
    "ix_photos_undated": (["owner_id", "sort_ts", "id"], "taken_at IS NULL AND deleted_at IS NULL"),
    "ix_photos_located": (["owner_id", "sort_ts", "id"], _LOCATED),
    "ix_photos_unlocated": (["owner_id", "sort_ts", "id"], "gps_latitude IS NULL AND deleted_at IS NULL"),
    "ix_photos_with_raw": (["owner_id", "sort_ts", "id"], "has_raw AND deleted_at IS NULL"),
    "ix_photos_category": (["owner_id", "category", "sort_ts", "id"], "category IS NOT NULL"),
    "ix_photos_place": (["owner_id", "gps_latitude", "gps_longitude"], _LOCATED),
}


def upgrade() -> None:
    """Go forward; photos that are there already are counted."""
    for name, (columns, where) in _INDEXES.items():
        op.create_index(name, "photos", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    levels = ("private", "space", "authenticated", "public")
    op.create_table(
        "photo_days",
        sa.Column("owner_id", big, autoincrement=False, nullable=False),
        sa.Column("day", big, autoincrement=False, nullable=False),
        *(sa.Column(level, sa.BigInteger(), nullable=False) for level in levels),
        sa.PrimaryKeyConstraint("owner_id", "day", name=op.f("pk_photo_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shared_days",
        sa.Column("day", big, autoincrement=False, nullable=False),
        *(sa.Column(level, sa.BigInteger(), nullable=False) for level in levels[2:]),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_shared_days")),
        sqlite_with_rowid=False,
    )
    for statement in _sql():
        op.execute(statement)
    _count_what_is_there()


def _sql() -> list[str]:
    """The triggers and the search index, which each database spells its own way."""
    path = Path(__file__).parent.parent / "sql" / f"0002_{op.get_bind().dialect.name}.sql"
    return path.read_text().split("\n----\n")


def _count_what_is_there() -> None:
    day = """CASE WHEN taken_at IS NULL THEN -2147483648
        ELSE (sort_ts - (sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END"""
    at_level = ", ".join(f"coalesce(sum(CASE visibility WHEN {level} THEN 1 END), 0)" for level in range(4))
    op.execute(
        f"INSERT INTO photo_days SELECT owner_id, {day}, {at_level}"  # noqa: S608  # our own text
        " FROM photos WHERE deleted_at IS NULL GROUP BY 1, 2"
    )
    op.execute(
        "INSERT INTO shared_days SELECT day, sum(authenticated), sum(public)"
        " FROM photo_days GROUP BY day HAVING sum(authenticated) + sum(public) > 0"
    )


def downgrade() -> None:
    """Go back; nothing is lost that cannot be counted again."""
    op.execute("DROP TABLE photo_search")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("unfind", "move", "arrive", "leave", "go", "come"):
            op.execute(f"DROP TRIGGER photos_{name}")
    else:
        for name in ("move", "change", "go", "come"):
            op.execute(f"DROP FUNCTION photos_{name} CASCADE")  # with its trigger
        op.execute("DROP FUNCTION change_photo_days")
        op.execute("DROP TYPE photo_days_change")
        op.execute("DROP FUNCTION photo_day")
    op.drop_table("shared_days")
    op.drop_table("photo_days")
    for name in reversed(_INDEXES):
        op.drop_index(name, table_name="photos")

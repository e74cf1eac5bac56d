"""Correct without destroying: time, place and view as rows with a history; where on Earth in words; reading again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
# Inline, for both databases know this spelling, and SQLite would rebuild the table for any other.
_PLACES = {"city": "VARCHAR(255)", "region": "VARCHAR(255)", "country": "VARCHAR(255)", "country_code": "VARCHAR(2)"}
_CORRECTED = ("timeloc_correction", "view_correction")
_INDEXED = ("city", "country")
# All that statistics read, and a condition that only they repeat: no other query is tempted by this index.
_STATISTICS = ["owner_id", "camera_make", "camera_model", "lens_model", "rating", "image_format"]
_STATISTICS += ["file_size_bytes", "coldpreview_size", "deleted_at"]  # the last, or SQLite looks it up in the row
_COUNTED = "deleted_at IS NULL AND id > 0"


def upgrade() -> None:
    """Go forward."""
    json = "JSON" if op.get_bind().dialect.name == "sqlite" else "JSONB"
    for name, kind in {**dict.fromkeys(_CORRECTED, json), **_PLACES}.items():
        op.execute(f"ALTER TABLE photos ADD COLUMN {name} {kind}")
    for name in _INDEXED:
        where = sa.text(f"{name} IS NOT NULL")
        columns = ["owner_id", name, "sort_ts", "id"]
        op.create_index(f"ix_photos_{name}", "photos", columns, sqlite_where=where, postgresql_where=where)
    where = sa.text(_COUNTED)
    op.create_index("ix_photos_statistics", "photos", _STATISTICS, sqlite_where=where, postgresql_where=where)
    _create_batches()
    _create_corrections()
    _create_camera_values()
    _create_reparse_runs()


def _owned(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f(f"fk_{table}_owner_id_users"), ondelete="CASCADE"
        ),
    )


def _of_photo(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["photo_id"], ["photos.id"], name=op.f(f"fk_{table}_photo_id_photos"), ondelete="CASCADE"
    )


def _create_batches() -> None:
    op.create_table(
        "correction_batches",
        *_owned("correction_batches"),
        sa.Column("change", _JSON, nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("photo_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_correction_batches_owner_id", "correction_batches", ["owner_id", "id"])


def _create_corrections() -> None:
    op.create_table(
        "corrections",
        *_owned("corrections"),
        sa.Column("photo_id", _BIG, nullable=False),
        sa.Column("batch_id", _BIG, nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", _JSON, nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        _of_photo("corrections"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["correction_batches.id"],
            name=op.f("fk_corrections_batch_id_correction_batches"),
            ondelete="SET NULL",
        ),
        sa.CheckConstraint("kind IN ('time', 'place', 'view')", name=op.f("ck_corrections_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_photo_id", "corrections", ["photo_id", "id"])
    op.create_index("ix_corrections_owner_id", "corrections", ["owner_id"])
    where = sa.text("batch_id IS NOT NULL")
    columns = ["batch_id", "photo_id"]
    op.create_index("ix_corrections_batch_id", "corrections", columns, sqlite_where=where, postgresql_where=where)


def _create_camera_values() -> None:
    op.create_table(
        "camera_values",
        sa.Column("photo_id", _BIG, nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("taken_at_offset", sa.String(length=6), nullable=True),
        sa.Column("taken_at_source", sa.String(length=255), nullable=True),
        *(sa.Column(f"gps_{name}", sa.Double(), nullable=True) for name in ("latitude", "longitude", "altitude")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_camera_values")),
        _of_photo("camera_values"),
    )


def _create_reparse_runs() -> None:
    counts = ("last_photo_id", "total", "compared", "different", "unreadable", "applied")
    op.create_table(
        "reparse_runs",
        *_owned("reparse_runs"),
        sa.Column("status", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in counts),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('comparing', 'compared', 'applying', 'completed', 'cancelled')",
            name=op.f("ck_reparse_runs_status"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reparse_runs_owner_id", "reparse_runs", ["owner_id", "id"])
    where = sa.text("status IN ('comparing', 'applying')")
    op.create_index("ix_reparse_runs_at_work", "reparse_runs", ["id"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "reparse_differences",
        sa.Column("run_id", _BIG, nullable=False),
        sa.Column("photo_id", _BIG, nullable=False),
        sa.Column("changes", _JSON, nullable=False),
        sa.Column("is_applied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "photo_id", name=op.f("pk_reparse_differences")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reparse_runs.id"], name=op.f("fk_reparse_differences_run_id_reparse_runs"), ondelete="CASCADE"
        ),
        _of_photo("reparse_differences"),
    )
    op.create_index("ix_reparse_differences_photo_id", "reparse_differences", ["photo_id"])


def downgrade() -> None:
    """Go back: photos say again what the camera says, for nobody could undo a correction any more."""
    op.drop_table("reparse_differences")
    op.drop_table("reparse_runs")
    _put_back_what_the_camera_says()
    for table in ("camera_values", "corrections", "correction_batches"):
        op.drop_table(table)
    op.drop_index("ix_photos_statistics", table_name="photos")
    for name in _INDEXED:
        op.drop_index(f"ix_photos_{name}", table_name="photos")
    for name in (*_PLACES, *_CORRECTED):
        op.execute(f"ALTER TABLE photos DROP COLUMN {name}")


def _put_back_what_the_camera_says() -> None:
    names = ("taken_at", "taken_at_offset", "taken_at_source", "gps_latitude", "gps_longitude", "gps_altitude")
    said = ", ".join(f"{name} = said.{name}" for name in names)
    instant = "coalesce(said.taken_at, photos.created_at)"
    if op.get_bind().dialect.name == "sqlite":
        # As text: julianday() and strftime() round to the nearest millisecond, and sort_ts is cut to it.
        milliseconds = f"strftime('%s', substr({instant}, 1, 19)) * 1000 + CAST(substr({instant}, 21, 3) AS INTEGER)"
    else:
        instant = "coalesce(said.taken_at, photos.created_at AT TIME ZONE 'UTC')"
        milliseconds = f"floor(extract(epoch FROM {instant}) * 1000)"
    op.execute(
        f"UPDATE photos SET {said}, sort_ts = {milliseconds}"  # noqa: S608  # our own text
        " FROM camera_values AS said WHERE said.photo_id = photos.id"
    )

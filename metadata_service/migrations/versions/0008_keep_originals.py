"""Keep originals: uploads and the work on them, named places, what a model saw."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
_INSTANT = UtcDateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    _create_stray_objects()
    _create_partial_uploads()
    _create_places()
    _create_upload_sessions()
    _create_uploads()
    _create_analyses()
    _create_place_events()
    _create_upload_jobs()
    _create_analysis_tiles()
    for statement in _sql():
        op.execute(statement)


def _sql() -> list[str]:
    """The triggers that give up the objects of rows that go."""
    path = Path(__file__).parent.parent / "sql" / f"0008_{op.get_bind().dialect.name}.sql"
    return [statement for statement in path.read_text().split("----\n") if statement.strip()]


def _create_stray_objects() -> None:
    op.create_table(
        "stray_objects",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("missing", sa.String(length=8), nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.CheckConstraint("missing IN ('row', 'object')", name=op.f("ck_stray_objects_missing")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stray_objects")),
    )


def _create_partial_uploads() -> None:
    op.create_table(
        "partial_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("pieces", _JSON, nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.CheckConstraint("received <= file_size", name=op.f("ck_partial_uploads_received")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_partial_uploads_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partial_uploads")),
    )
    op.create_index("ix_partial_uploads_expires_at", "partial_uploads", ["expires_at"])
    op.create_index("ix_partial_uploads_owner", "partial_uploads", ["owner_id"])


def _create_places() -> None:
    op.create_table(
        "places",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("parent_id", _BIG, nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("polygon", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("radius_m", sa.Double(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("analysis", _JSON, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('site', 'area', 'spot')", name=op.f("ck_places_kind")),
        sa.CheckConstraint("(polygon IS NULL) <> (radius_m IS NULL)", name=op.f("ck_places_one_shape")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_places_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["owner_id", "parent_id"], ["places.owner_id", "places.id"], name="fk_places_parent_id_places"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_places_owner_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("owner_id", "id", name=op.f("uq_places_owner_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_places_parent_id", "places", ["owner_id", "parent_id"])


def _create_upload_sessions() -> None:
    op.create_table(
        "upload_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_upload_sessions_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_sessions")),
    )
    op.create_index("ix_upload_sessions_owner", "upload_sessions", ["owner_id", "id"])


def _create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", _BIG, nullable=True),
        sa.Column("place_id", _BIG, nullable=True),
        sa.Column("place_is_manual", sa.Boolean(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_key", sa.String(length=255), nullable=False),
        sa.Column("thumbnail_key", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("is_duplicate", sa.Boolean(), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("warnings", _JSON, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "status IN ('uploaded', 'processing', 'ready', 'warning', 'failed', 'cancelled')",
            name=op.f("ck_uploads_status"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_uploads_owner_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_uploads_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_uploads_place_id_places"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["upload_sessions.id"],
            name=op.f("fk_uploads_session_id_upload_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("original_key", name=op.f("uq_uploads_original_key")),
    )
    op.create_index("ix_uploads_owner", "uploads", ["owner_id", "id"])
    op.create_index("ix_uploads_owner_status", "uploads", ["owner_id", "status", "id"])
    op.create_index("ix_uploads_photo_id", "uploads", ["photo_id"])
    op.create_index("ix_uploads_place", "uploads", ["place_id", "id"])
    op.create_index("ix_uploads_session", "uploads", ["session_id", "id"])


def _create_analyses() -> None:
    op.create_table(
        "analyses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.Uuid(), nullable=False),
        sa.Column("place_id", _BIG, nullable=True),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("detections", _JSON, nullable=False),
        sa.Column("total_detected", sa.BigInteger(), nullable=False),
        sa.Column("category_counts", _JSON, nullable=False),
        sa.Column("avg_confidence", sa.Double(), nullable=True),
        sa.Column("annotated_key", sa.String(length=255), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("validated", sa.Boolean(), nullable=False),
        sa.Column("validated_by", _BIG, nullable=True),
        sa.Column("validated_at", _INSTANT, nullable=True),
        sa.Column("manual_adjustments", _JSON, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("status IN ('pending', 'completed', 'failed')", name=op.f("ck_analyses_status")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_analyses_place_id_places"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_analyses_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["validated_by"], ["users.id"], name=op.f("fk_analyses_validated_by_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
        sa.UniqueConstraint("upload_id", "run", name=op.f("uq_analyses_upload_id_run")),
    )
    op.create_index(op.f("ix_analyses_place_id"), "analyses", ["place_id"])
    op.create_index("ix_analyses_upload_id", "analyses", ["upload_id", "id"])
    op.create_index(op.f("ix_analyses_validated_by"), "analyses", ["validated_by"])


def _create_place_events() -> None:
    op.create_table(
        "place_events",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("place_id", _BIG, nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint("event IN ('matched', 'assigned', 'removed')", name=op.f("ck_place_events_event")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_place_events_place_id_places"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_place_events_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_events_place", "place_events", ["place_id", "id"])
    op.create_index("ix_place_events_upload_id", "place_events", ["upload_id"])


def _create_upload_jobs() -> None:
    op.create_table(
        "upload_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=True),
        sa.Column("stages", _JSON, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("waits", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("due_at", _INSTANT, nullable=True),
        sa.Column("waiting_for", sa.String(length=255), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("is_parked", sa.Boolean(), nullable=False),
        sa.Column("result", _JSON, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("started_at", _INSTANT, nullable=True),
        sa.Column("finished_at", _INSTANT, nullable=True),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("archived_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "(due_at IS NULL) = (status IN ('completed', 'failed', 'cancelled'))", name=op.f("ck_upload_jobs_due_at")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')",
            name=op.f("ck_upload_jobs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_upload_jobs_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["upload_sessions.id"],
            name=op.f("fk_upload_jobs_session_id_upload_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_jobs_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_jobs")),
    )
    op.create_index(
        "ix_upload_jobs_due",
        "upload_jobs",
        ["due_at", "id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_upload_jobs_finished",
        "upload_jobs",
        ["finished_at"],
        sqlite_where=sa.text("finished_at IS NOT NULL AND archived_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NOT NULL AND archived_at IS NULL"),
    )
    op.create_index("ix_upload_jobs_owner", "upload_jobs", ["owner_id", "id"])
    op.create_index("ix_upload_jobs_session", "upload_jobs", ["session_id", "id"])
    in_sight = sa.text("archived_at IS NULL")
    op.create_index(
        "ix_upload_jobs_counts",
        "upload_jobs",
        ["session_id", "status", "stage"],
        sqlite_where=in_sight,
        postgresql_where=in_sight,
    )
    op.create_index("ix_upload_jobs_upload", "upload_jobs", ["upload_id", "id"])


def _create_analysis_tiles() -> None:
    op.create_table(
        "analysis_tiles",
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("box", _JSON, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("detections", _JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analyses.id"], name=op.f("fk_analysis_tiles_analysis_id_analyses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("analysis_id", "number", name=op.f("pk_analysis_tiles")),
    )


def downgrade() -> None:
    """Go back; photos stay, their originals are left in the store."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("uploads", "analyses", "partial_uploads"):
            op.execute(f"DROP TRIGGER {table}_go ON {table}")
            op.execute(f"DROP FUNCTION {table}_go()")
    op.drop_table("analysis_tiles")
    op.drop_table("upload_jobs")
    op.drop_table("place_events")
    op.drop_table("analyses")
    op.drop_table("uploads")
    op.drop_table("upload_sessions")
    op.drop_table("places")
    op.drop_table("partial_uploads")
    op.drop_table("stray_objects")

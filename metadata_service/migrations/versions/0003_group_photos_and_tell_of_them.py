"""Group photos and tell of them: events, collections, saved searches, stories."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")


def upgrade() -> None:
    """Go forward."""
    _create_events()
    # SQLite takes a constraint with a new column only inline; to add it afterwards would rebuild the table, and lose
    # its triggers. Both databases know this spelling.
    integer = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE photos ADD COLUMN event_id {integer}"
        " CONSTRAINT fk_photos_event_id_events REFERENCES events (id) ON DELETE SET NULL"
    )
    where = sa.text("event_id IS NOT NULL")
    columns = ["event_id", "sort_ts", "id"]
    op.create_index("ix_photos_event_id", "photos", columns, sqlite_where=where, postgresql_where=where)
    _create_collections()
    _create_saved_searches()
    _create_stories()


def _owned(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint]:
    """What every thing has that belongs to somebody."""
    return (
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f(f"fk_{table}_owner_id_users"), ondelete="CASCADE"
        ),
    )


def _dated() -> tuple[sa.Column[object], sa.Column[object]]:
    return (
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        *_owned("events"),
        sa.Column("parent_event_id", _BIG, nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("location_name", sa.String(length=255), nullable=True),
        sa.Column("gps_latitude", sa.Double(), nullable=True),
        sa.Column("gps_longitude", sa.Double(), nullable=True),
        sa.Column("sort_order", sa.BigInteger(), nullable=False),
        *_dated(),
        sa.UniqueConstraint("owner_id", "id", name=op.f("uq_events_owner_id_id")),
        sa.ForeignKeyConstraint(
            ["owner_id", "parent_event_id"],
            ["events.owner_id", "events.id"],
            name=op.f("fk_events_parent_event_id_events"),
        ),
        sa.CheckConstraint("parent_event_id <> id", name=op.f("ck_events_not_its_own_parent")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_parent_event_id", "events", ["owner_id", "parent_event_id"])


def _create_collections() -> None:
    op.create_table(
        "collections",
        *_owned("collections"),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        *_dated(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collections_owner_id", "collections", ["owner_id"])
    op.create_table(
        "collection_items",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("collection_id", _BIG, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("photo_id", _BIG, nullable=True),
        sa.Column("card_title", sa.String(length=255), nullable=True),
        sa.Column("card_body", sa.Text(), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_items")),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_collection_items_collection_id_collections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_collection_items_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("collection_id", "position", name=op.f("uq_collection_items_collection_id_position")),
        sa.UniqueConstraint("collection_id", "photo_id", name=op.f("uq_collection_items_collection_id_photo_id")),
        sa.CheckConstraint(
            "(photo_id IS NULL) = (card_title IS NOT NULL) AND (photo_id IS NULL) = (card_body IS NOT NULL)",
            name=op.f("ck_collection_items_photo_or_card"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collection_items_photo_id", "collection_items", ["photo_id"])


def _create_saved_searches() -> None:
    op.create_table(
        "saved_searches",
        *_owned("saved_searches"),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("search_criteria", _JSON, nullable=False),
        sa.Column("is_favorite", sa.Boolean(), nullable=False),
        sa.Column("result_count", sa.BigInteger(), nullable=True),
        sa.Column("last_executed", UtcDateTime(timezone=True), nullable=True),
        *_dated(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_searches_owner_id", "saved_searches", ["owner_id"])


def _create_stories() -> None:
    op.create_table(
        "stories",
        *_owned("stories"),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("document_type", sa.String(length=16), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("abstract", sa.Text(), nullable=True),
        sa.Column("cover_image_hash", sa.String(length=255), nullable=True),
        sa.Column("cover_image_alt", sa.String(length=255), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("visibility", sa.SmallInteger(), nullable=False),
        *_dated(),
        sa.CheckConstraint("visibility BETWEEN 0 AND 3", name=op.f("ck_stories_visibility")),
        sa.CheckConstraint("document_type IN ('general', 'album', 'slideshow')", name=op.f("ck_stories_document_type")),
        sa.CheckConstraint("is_published = (published_at IS NOT NULL)", name=op.f("ck_stories_published_at")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stories_owner_id", "stories", ["owner_id"])
    where = sa.text("is_published AND visibility >= 2")
    op.create_index("ix_stories_shared", "stories", ["visibility", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Go back; photos stay, what grouped them goes."""
    op.drop_table("stories")
    op.drop_table("saved_searches")
    op.drop_table("collection_items")
    op.drop_table("collections")
    op.drop_index("ix_photos_event_id", table_name="photos")
    op.execute("ALTER TABLE photos DROP COLUMN event_id")
    op.drop_table("events")

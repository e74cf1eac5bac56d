"""Create the first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("username_key", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("display_name", sa.String(length=255), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "authors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_authors_owner_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("authors", schema=None) as batch_op:
        batch_op.create_index("ix_authors_owner_id", ["owner_id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_idempotency_keys_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_keys_created_at", ["created_at"], unique=False)

    op.create_table(
        "photo_stacks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stack_type", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("cover_photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_photo_stacks_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_stacks")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("photo_stacks", schema=None) as batch_op:
        batch_op.create_index("ix_photo_stacks_owner_id", ["owner_id"], unique=False)

    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_tags_owner_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("owner_id", "name_key", name=op.f("uq_tags_owner_id_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_path", sa.Text(), nullable=True),
        sa.Column("source_description", sa.Text(), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("default_author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("total_files_found", sa.BigInteger(), nullable=False),
        sa.Column("files_processed", sa.BigInteger(), nullable=False),
        sa.Column("current_file", sa.Text(), nullable=True),
        sa.Column("images_imported", sa.BigInteger(), nullable=False),
        sa.Column("duplicates_skipped", sa.BigInteger(), nullable=False),
        sa.Column("errors_count", sa.BigInteger(), nullable=False),
        sa.Column("claimed_imported", sa.BigInteger(), nullable=False),
        sa.Column("claimed_duplicates", sa.BigInteger(), nullable=False),
        sa.Column("claimed_errors", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_activity_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("completed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('in_progress', 'completed', 'cancelled', 'failed', 'stale')",
            name=op.f("ck_import_sessions_status"),
        ),
        sa.ForeignKeyConstraint(
            ["default_author_id"],
            ["authors.id"],
            name=op.f("fk_import_sessions_default_author_id_authors"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_import_sessions_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_sessions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("import_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_import_sessions_owner", ["owner_id", "id"], unique=False)

    op.create_table(
        "photos",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hothash", sa.String(length=64), nullable=False),
        sa.Column("sort_ts", sa.BigInteger(), nullable=False),
        sa.Column("visibility", sa.SmallInteger(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=100), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deleted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("taken_at_offset", sa.String(length=6), nullable=True),
        sa.Column("taken_at_source", sa.String(length=255), nullable=True),
        sa.Column("camera_make", sa.String(length=255), nullable=True),
        sa.Column("camera_model", sa.String(length=255), nullable=True),
        sa.Column("lens_model", sa.String(length=255), nullable=True),
        sa.Column("focal_length", sa.Double(), nullable=True),
        sa.Column("f_number", sa.Double(), nullable=True),
        sa.Column("iso", sa.BigInteger(), nullable=True),
        sa.Column("exposure_time", sa.String(length=255), nullable=True),
        sa.Column("gps_latitude", sa.Double(), nullable=True),
        sa.Column("gps_longitude", sa.Double(), nullable=True),
        sa.Column("gps_altitude", sa.Double(), nullable=True),
        sa.Column("image_format", sa.String(length=255), nullable=True),
        sa.Column("file_size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("primary_filename", sa.String(length=255), nullable=True),
        sa.Column("has_raw", sa.Boolean(), nullable=False),
        sa.Column("perceptual_hash", sa.BigInteger(), nullable=True),
        sa.Column("placeholder", sa.String(length=64), nullable=True),
        sa.Column("recipe", sa.String(length=255), nullable=True),
        sa.Column("hotpreview_width", sa.BigInteger(), nullable=True),
        sa.Column("hotpreview_height", sa.BigInteger(), nullable=True),
        sa.Column("coldpreview_key", sa.String(length=255), nullable=True),
        sa.Column("coldpreview_width", sa.BigInteger(), nullable=True),
        sa.Column("coldpreview_height", sa.BigInteger(), nullable=True),
        sa.Column("coldpreview_size", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating BETWEEN 0 AND 5", name=op.f("ck_photos_rating")),
        sa.CheckConstraint("visibility BETWEEN 0 AND 3", name=op.f("ck_photos_visibility")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["authors.id"], name=op.f("fk_photos_author_id_authors"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["import_session_id"],
            ["import_sessions.id"],
            name=op.f("fk_photos_import_session_id_import_sessions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_photos_owner_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["photo_stacks.id"], name=op.f("fk_photos_stack_id_photo_stacks"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("owner_id", "hothash", name=op.f("uq_photos_owner_id_hothash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.create_index(
            "ix_photos_author_id",
            ["author_id", "sort_ts", "id"],
            unique=False,
            sqlite_where=sa.text("author_id IS NOT NULL"),
            postgresql_where=sa.text("author_id IS NOT NULL"),
        )
        batch_op.create_index("ix_photos_hothash", ["hothash"], unique=False)
        batch_op.create_index(
            "ix_photos_import_session_id",
            ["import_session_id", "sort_ts", "id"],
            unique=False,
            sqlite_where=sa.text("import_session_id IS NOT NULL"),
            postgresql_where=sa.text("import_session_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_photos_own",
            ["owner_id", "sort_ts", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_photos_own_unshared",
            ["owner_id", "sort_ts", "id"],
            unique=False,
            sqlite_where=sa.text("visibility < 2 AND deleted_at IS NULL"),
            postgresql_where=sa.text("visibility < 2 AND deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_photos_public",
            ["sort_ts", "id"],
            unique=False,
            sqlite_where=sa.text("visibility = 3 AND deleted_at IS NULL"),
            postgresql_where=sa.text("visibility = 3 AND deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_photos_shared",
            ["sort_ts", "id"],
            unique=False,
            sqlite_where=sa.text("visibility >= 2 AND deleted_at IS NULL"),
            postgresql_where=sa.text("visibility >= 2 AND deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_photos_stack_id",
            ["stack_id"],
            unique=False,
            sqlite_where=sa.text("stack_id IS NOT NULL"),
            postgresql_where=sa.text("stack_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_photos_trash",
            ["owner_id", "deleted_at", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )

    op.create_table(
        "image_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("file_format", sa.String(length=255), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("import_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_session_id"],
            ["import_sessions.id"],
            name=op.f("fk_image_files_import_session_id_import_sessions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_image_files_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_files")),
        sa.UniqueConstraint("photo_id", "filename", "sha256", name=op.f("uq_image_files_photo_id_filename_sha256")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("image_files", schema=None) as batch_op:
        batch_op.create_index("ix_image_files_photo_id", ["photo_id"], unique=False)

    op.create_table(
        "import_items",
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('imported', 'duplicate', 'error')", name=op.f("ck_import_items_outcome")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_import_items_photo_id_photos"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["import_sessions.id"],
            name=op.f("fk_import_items_session_id_import_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "key", name=op.f("pk_import_items")),
    )
    with op.batch_alter_table("import_items", schema=None) as batch_op:
        batch_op.create_index("ix_import_items_photo_id", ["photo_id"], unique=False)

    op.create_table(
        "photo_exif",
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "exif_dict", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "warnings", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_exif_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_photo_exif")),
    )
    op.create_table(
        "photo_identities",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_photo_identities_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_identities_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "kind", "value", name=op.f("pk_photo_identities")),
    )
    with op.batch_alter_table("photo_identities", schema=None) as batch_op:
        batch_op.create_index("ix_photo_identities_photo_id", ["photo_id"], unique=False)

    op.create_table(
        "photo_previews",
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hotpreview", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_previews_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_photo_previews")),
    )
    op.create_table(
        "photo_tags",
        sa.Column("tag_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sort_ts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_tags_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_photo_tags_tag_id_tags"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "photo_id", name=op.f("pk_photo_tags")),
    )
    with op.batch_alter_table("photo_tags", schema=None) as batch_op:
        batch_op.create_index("ix_photo_tags_newest", ["tag_id", "sort_ts", "photo_id"], unique=False)
        batch_op.create_index("ix_photo_tags_photo_id", ["photo_id"], unique=False)

    op.create_table(
        "file_locations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("image_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("volume", sa.Text(), nullable=False),
        sa.Column("relative_path", sa.Text(), nullable=False),
        sa.Column("stem_key", sa.String(length=32), nullable=False),
        sa.Column("last_seen", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_file_id"],
            ["image_files.id"],
            name=op.f("fk_file_locations_image_file_id_image_files"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_locations")),
        sa.UniqueConstraint(
            "image_file_id",
            "machine",
            "volume",
            "relative_path",
            name=op.f("uq_file_locations_image_file_id_machine_volume_relative_path"),
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("file_locations", schema=None) as batch_op:
        batch_op.create_index("ix_file_locations_stem_key", ["stem_key"], unique=False)

    op.create_table(
        "raw_exif",
        sa.Column("image_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["image_file_id"],
            ["image_files.id"],
            name=op.f("fk_raw_exif_image_file_id_image_files"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("image_file_id", name=op.f("pk_raw_exif")),
    )
    with op.batch_alter_table("raw_exif", schema=None) as batch_op:
        batch_op.create_index(
            "ix_raw_exif_pending",
            ["image_file_id"],
            unique=False,
            sqlite_where=sa.text("state = 0"),
            postgresql_where=sa.text("state = 0"),
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("raw_exif", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_raw_exif_pending", sqlite_where=sa.text("state = 0"), postgresql_where=sa.text("state = 0")
        )

    op.drop_table("raw_exif")
    with op.batch_alter_table("file_locations", schema=None) as batch_op:
        batch_op.drop_index("ix_file_locations_stem_key")

    op.drop_table("file_locations")
    with op.batch_alter_table("photo_tags", schema=None) as batch_op:
        batch_op.drop_index("ix_photo_tags_photo_id")
        batch_op.drop_index("ix_photo_tags_newest")

    op.drop_table("photo_tags")
    op.drop_table("photo_previews")
    with op.batch_alter_table("photo_identities", schema=None) as batch_op:
        batch_op.drop_index("ix_photo_identities_photo_id")

    op.drop_table("photo_identities")
    op.drop_table("photo_exif")
    with op.batch_alter_table("import_items", schema=None) as batch_op:
        batch_op.drop_index("ix_import_items_photo_id")

    op.drop_table("import_items")
    with op.batch_alter_table("image_files", schema=None) as batch_op:
        batch_op.drop_index("ix_image_files_photo_id")

    op.drop_table("image_files")
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_photos_trash",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_photos_stack_id",
            sqlite_where=sa.text("stack_id IS NOT NULL"),
            postgresql_where=sa.text("stack_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_photos_shared",
            sqlite_where=sa.text("visibility >= 2 AND deleted_at IS NULL"),
            postgresql_where=sa.text("visibility >= 2 AND deleted_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_photos_public",
            sqlite_where=sa.text("visibility = 3 AND deleted_at IS NULL"),
            postgresql_where=sa.text("visibility = 3 AND deleted_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_photos_own_unshared",
            sqlite_where=sa.text("visibility < 2 AND deleted_at IS NULL"),
            postgresql_where=sa.text("visibility < 2 AND deleted_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_photos_own", sqlite_where=sa.text("deleted_at IS NULL"), postgresql_where=sa.text("deleted_at IS NULL")
        )
        batch_op.drop_index(
            "ix_photos_import_session_id",
            sqlite_where=sa.text("import_session_id IS NOT NULL"),
            postgresql_where=sa.text("import_session_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_photos_hothash")
        batch_op.drop_index(
            "ix_photos_author_id",
            sqlite_where=sa.text("author_id IS NOT NULL"),
            postgresql_where=sa.text("author_id IS NOT NULL"),
        )

    op.drop_table("photos")
    with op.batch_alter_table("import_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_import_sessions_owner")

    op.drop_table("import_sessions")
    op.drop_table("tags")
    with op.batch_alter_table("photo_stacks", schema=None) as batch_op:
        batch_op.drop_index("ix_photo_stacks_owner_id")

    op.drop_table("photo_stacks")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotency_keys_created_at")

    op.drop_table("idempotency_keys")
    with op.batch_alter_table("authors", schema=None) as batch_op:
        batch_op.drop_index("ix_authors_owner_id")

    op.drop_table("authors")
    op.drop_table("users")

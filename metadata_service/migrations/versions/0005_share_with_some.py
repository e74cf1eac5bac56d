"""Share with some: spaces, links, what an audience is told."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
_TABLES = (
    "photo_disclosures",
    "disclosures",
    "share_link_photos",
    "share_links",
    "space_days",
    "photo_spaces",
    "space_invites",
    "space_members",
    "spaces",
)
_SHOWN = {
    "shown": ["space_id", "sort_ts", "photo_id"],
    "shown_arrival": ["space_id", "photo_id"],
    "shown_rating": ["space_id", "rating", "sort_ts", "photo_id"],
}


def upgrade() -> None:
    """Go forward."""
    _create_spaces()
    _create_invites()
    _create_photo_spaces()
    _create_links()
    _create_disclosures()
    path = Path(__file__).parent.parent / "sql" / f"0005_{op.get_bind().dialect.name}.sql"
    for statement in path.read_text().split("\n----\n"):
        op.execute(statement)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    """A key that takes its row along when what it refers to goes."""
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete="CASCADE")


def _now(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def _create_spaces() -> None:
    op.create_table(
        "spaces",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        _now("created_at"),
        _now("updated_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        _refers("spaces", "owner_id", "users"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_spaces_owner_id", "spaces", ["owner_id"])
    op.create_table(
        "space_members",
        sa.Column("space_id", _BIG, nullable=False),
        sa.Column("user_id", _BIG, nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        _now("joined_at"),
        sa.PrimaryKeyConstraint("space_id", "user_id", name=op.f("pk_space_members")),
        _refers("space_members", "space_id", "spaces"),
        _refers("space_members", "user_id", "users"),
        sa.CheckConstraint("role BETWEEN 0 AND 2", name=op.f("ck_space_members_role")),
    )
    op.create_index("ix_space_members_user_id", "space_members", ["user_id", "space_id"])


def _create_invites() -> None:
    op.create_table(
        "space_invites",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("space_id", _BIG, nullable=False),
        sa.Column("sent_to", sa.String(length=320), nullable=True),
        sa.Column("user_id", _BIG, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("uses_left", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        _now("expires_at"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_invites")),
        _refers("space_invites", "space_id", "spaces"),
        _refers("space_invites", "user_id", "users"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_space_invites_token_hash")),
        sa.CheckConstraint("role BETWEEN 0 AND 1", name=op.f("ck_space_invites_role")),
        sa.CheckConstraint(
            "(sent_to IS NULL) = (token_hash IS NOT NULL)", name=op.f("ck_space_invites_person_or_link")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_space_invites_space_id", "space_invites", ["space_id"])
    op.create_index("ix_space_invites_user_id", "space_invites", ["user_id"])


def _create_photo_spaces() -> None:
    op.create_table(
        "photo_spaces",
        sa.Column("space_id", _BIG, nullable=False),
        sa.Column("photo_id", _BIG, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("owner_id", "sort_ts", "day")),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_only", sa.Boolean(), nullable=False),
        _now("added_at"),
        sa.PrimaryKeyConstraint("space_id", "photo_id", name=op.f("pk_photo_spaces")),
        _refers("photo_spaces", "space_id", "spaces"),
        _refers("photo_spaces", "photo_id", "photos"),
    )
    op.create_index("ix_photo_spaces_photo_id", "photo_spaces", ["photo_id", "space_id"])
    op.create_index("ix_photo_spaces_newest", "photo_spaces", ["space_id", "sort_ts", "photo_id"])
    for name, columns in _SHOWN.items():
        _create_partial(f"ix_photo_spaces_{name}", columns, "is_shown")
    _create_partial("ix_photo_spaces_several", ["space_id", "day"], "is_shown AND NOT is_only")
    op.create_table(
        "space_days",
        *(sa.Column(name, _BIG, autoincrement=False, nullable=False) for name in ("space_id", "day", "owner_id")),
        sa.Column("photos", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "day", "owner_id", name=op.f("pk_space_days")),
        sqlite_with_rowid=False,
    )


def _create_partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "photo_spaces", columns, sqlite_where=condition, postgresql_where=condition)


def _create_links() -> None:
    op.create_table(
        "share_links",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("collection_id", _BIG, nullable=True),
        sa.Column("criteria", _JSON, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        _now("expires_at"),
        _now("revoked_at", nullable=True),
        sa.Column("max_views", sa.BigInteger(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=False),
        _now("last_viewed_at", nullable=True),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_links")),
        _refers("share_links", "owner_id", "users"),
        _refers("share_links", "collection_id", "collections"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_links_token_hash")),
        sa.CheckConstraint("kind IN ('photos', 'collection', 'filter')", name=op.f("ck_share_links_kind")),
        sa.CheckConstraint(
            "(kind = 'collection') = (collection_id IS NOT NULL)", name=op.f("ck_share_links_collection")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_share_links_owner_id", "share_links", ["owner_id", "id"])
    op.create_index("ix_share_links_collection_id", "share_links", ["collection_id"])
    op.create_table(
        "share_link_photos",
        sa.Column("link_id", _BIG, nullable=False),
        sa.Column("photo_id", _BIG, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("link_id", "photo_id", name=op.f("pk_share_link_photos")),
        _refers("share_link_photos", "link_id", "share_links"),
        _refers("share_link_photos", "photo_id", "photos"),
    )
    op.create_index("ix_share_link_photos_position", "share_link_photos", ["link_id", "position"])
    op.create_index("ix_share_link_photos_photo_id", "share_link_photos", ["photo_id"])


def _create_disclosures() -> None:
    told = ("camera", "filename", "exif")
    op.create_table(
        "disclosures",
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in told),
        sa.PrimaryKeyConstraint("owner_id", "level", name=op.f("pk_disclosures")),
        _refers("disclosures", "owner_id", "users"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_disclosures_level")),
        sa.CheckConstraint("place BETWEEN 0 AND 3", name=op.f("ck_disclosures_place")),
    )
    op.create_table(
        "photo_disclosures",
        sa.Column("photo_id", _BIG, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=True) for name in told),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_photo_disclosures")),
        _refers("photo_disclosures", "photo_id", "photos"),
        sa.CheckConstraint("place BETWEEN 0 AND 3", name=op.f("ck_photo_disclosures_place")),
    )


def downgrade() -> None:
    """Go back; photos stay, with whom they were shared is forgotten."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("photo_spaces_change", "photo_spaces_go", "photo_spaces_come", "photos_respace"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name in ("photo_spaces_change", "photo_spaces_go", "photo_spaces_come", "photos_respace"):
            op.execute(f"DROP FUNCTION {name} CASCADE")  # with its trigger
        op.execute("DROP FUNCTION change_space_days")
    for table in _TABLES:
        op.drop_table(table)

"""Know who is asking: sign-ins, keys, invites, what happened to an account, how much it may hold."""

import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from metadata_service.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
_INSTANT = UtcDateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    # Both databases know this spelling, and SQLite does not rebuild the table for it.
    op.execute("ALTER TABLE users ADD COLUMN is_admin BOOLEAN NOT NULL DEFAULT false")
    op.execute("ALTER TABLE users ADD COLUMN quota_photos BIGINT")
    op.execute("ALTER TABLE users ADD COLUMN quota_bytes BIGINT")
    _fold_names("username_key")
    _fold_names("email_key")
    _create_login_sessions()
    _create_api_keys()
    _create_security_events()
    _create_invites()
    _create_provider_identities()
    op.create_table(
        "abandoned_blobs",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_abandoned_blobs")),
    )


def _fold_names(column: str) -> None:
    """Compare names as `accounts/names.py` does from now on. Where two become one, the later keeps its old key."""
    connection = op.get_bind()
    users = sa.table("users", sa.column("id", sa.BigInteger()), sa.column(column, sa.Text()))
    key = users.c[column]
    rows = connection.execute(sa.select(users.c.id, key).order_by(users.c.id)).all()
    taken = {old for _, old in rows}
    for number, old in rows:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", old).casefold())
        if folded not in taken:
            taken.add(folded)
            connection.execute(sa.update(users).where(users.c.id == number).values({column: folded}))


def _of_user(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.Column("id", _BIG, nullable=False),
        sa.Column("user_id", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"),
    )


def _create_login_sessions() -> None:
    op.create_table(
        "login_sessions",
        *_of_user("login_sessions"),
        sa.Column("family_hash", sa.String(length=64), nullable=False),
        sa.Column("turn_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("user_agent", sa.String(length=255), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        *(
            sa.Column(name, _INSTANT, nullable=False)
            for name in ("created_at", "rotated_at", "last_used_at", "expires_at")
        ),
        sa.UniqueConstraint("family_hash", name=op.f("uq_login_sessions_family_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_login_sessions_user_id", "login_sessions", ["user_id"])


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        *_of_user("api_keys"),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", _JSON, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT, nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_keys_secret_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"])


def _create_security_events() -> None:
    op.create_table(
        "security_events",
        *_of_user("security_events"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("user_agent", sa.String(length=255), nullable=True),
        sa.Column("detail", _JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_security_events_user_id", "security_events", ["user_id", "id"])
    op.create_index("ix_security_events_at", "security_events", ["at"])


def _create_invites() -> None:
    op.create_table(
        "invites",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.Column("used_by", _BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invites_code_hash")),
        sa.ForeignKeyConstraint(["used_by"], ["users.id"], name=op.f("fk_invites_used_by_users"), ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invites_used_by", "invites", ["used_by"])


def _create_provider_identities() -> None:
    op.create_table(
        "provider_identities",
        *_of_user("provider_identities"),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_identities_issuer_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_provider_identities_user_id", "provider_identities", ["user_id"])


def downgrade() -> None:
    """Go back; accounts stay, everybody signs in anew."""
    for table in (
        "abandoned_blobs",
        "provider_identities",
        "invites",
        "security_events",
        "api_keys",
        "login_sessions",
    ):
        op.drop_table(table)
    for column in ("quota_bytes", "quota_photos", "is_admin"):
        op.execute(f"ALTER TABLE users DROP COLUMN {column}")

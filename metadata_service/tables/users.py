"""Who has an account."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class User(Table):
    """A person. The `*_key` columns hold the names as they are compared: see `accounts/names.py`.

    Without a quota there is no limit of photos, or of bytes in the blob store.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("username_key"), UniqueConstraint("email_key"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(50))
    username_key: Mapped[str] = mapped_column(String(50))
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    display_name: Mapped[str | None] = mapped_column(String(255))
    password_hash: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    quota_photos: Mapped[int | None]
    quota_bytes: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

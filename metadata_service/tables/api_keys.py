"""Keys with which programs act for somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class ApiKey(Table):
    """A key: its first characters to know it by, the SHA-256 of all of it, and the scopes it was given."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("secret_hash"), Index("ix_api_keys_user_id", "user_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    prefix: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

"""Where somebody is signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class LoginSession(Table):
    """One sign-in of a browser or program, and the refresh token that it holds; signed out, the row is gone.

    A refresh token is two secrets: the family's, which stays, and the turn's, which each refresh replaces. Kept are
    SHA-256 digests: both secrets have 256 random bits, so nothing is gained by a slower one.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (
        UniqueConstraint("family_hash"),
        Index("ix_login_sessions_user_id", "user_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    family_hash: Mapped[str] = mapped_column(String(64))
    turn_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(16))
    user_agent: Mapped[str | None] = mapped_column(String(255))
    ip: Mapped[str | None] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    rotated_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_used_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]

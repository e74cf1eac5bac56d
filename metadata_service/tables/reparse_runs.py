"""Reading kept EXIF again: one row for each run over a library, and one for each photo that it would change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now

REPARSE_STATUSES = ("comparing", "compared", "applying", "completed", "cancelled")
_AT_WORK = "status IN ('comparing', 'applying')"


class ReparseRun(Table):
    """One run: it compares all photos first, and applies what it found when its owner says so.

    `last_photo_id` is how far the present phase has come. Who works on it holds it until `leased_until`.
    """

    __tablename__ = "reparse_runs"
    __table_args__ = (
        CheckConstraint(f"status IN {REPARSE_STATUSES}", name="status"),
        Index("ix_reparse_runs_owner_id", "owner_id", "id"),
        Index("ix_reparse_runs_at_work", "id", sqlite_where=text(_AT_WORK), postgresql_where=text(_AT_WORK)),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(16), default="comparing")
    last_photo_id: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    compared: Mapped[int] = mapped_column(default=0)
    different: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)
    applied: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class ReparseDifference(Table):
    """What the run would change of one photo: by field, what it says now and what its EXIF says when read again."""

    __tablename__ = "reparse_differences"
    __table_args__ = (Index("ix_reparse_differences_photo_id", "photo_id"),)

    run_id: Mapped[int] = mapped_column(BigId, ForeignKey("reparse_runs.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    changes: Mapped[dict[str, Any]]
    is_applied: Mapped[bool] = mapped_column(default=False)

"""Work on uploads that outlives whoever does it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table
from metadata_service.db.types import utc_now


class JobStatus(StrEnum):
    """Where a job is."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    """What a job does."""

    PROCESS = "process"
    REPROCESS = "reprocess"


_NEXT = ("queue", "owner_id", "due_at", "id")
_PARTS = ("parent_id", "part")
# The last two are what the index's own condition speaks of: without them SQLite looks at the rows as well.
_COUNTED = ("session_id", "status", "stage", "archived_at", "parent_id")
_IN_SIGHT = text("archived_at IS NULL AND parent_id IS NULL")
_PART = text("parent_id IS NOT NULL")
_DUE = text("due_at IS NOT NULL")
_ENDED = text("finished_at IS NOT NULL AND archived_at IS NULL")


class UploadJob(Table):
    """One run over one upload, or a part of one that is done by itself and has a parent.

    `queue` says who may take it: those who have room for work of that kind. `due_at` is when somebody may: for a
    waiting one when it may be tried, for one under way when its lease ends, nothing for one that has ended. `lease`
    counts the takings; whoever works writes only as long as it is theirs. `stages` holds what was done: `{stage,
    seconds}` in order. A run that waits for its parts counts in `parts_left` those that have not ended; the last one
    makes it due.
    """

    __tablename__ = "upload_jobs"
    __table_args__ = (
        CheckConstraint(f"status IN {tuple(map(str, JobStatus))}", name="status"),
        CheckConstraint("(due_at IS NULL) = (status IN ('completed', 'failed', 'cancelled'))", name="due_at"),
        Index("ix_upload_jobs_next", *_NEXT, sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_upload_jobs_parent", *_PARTS, unique=True, sqlite_where=_PART, postgresql_where=_PART),
        Index("ix_upload_jobs_session", "session_id", "id"),
        Index("ix_upload_jobs_counts", *_COUNTED, sqlite_where=_IN_SIGHT, postgresql_where=_IN_SIGHT),
        Index("ix_upload_jobs_upload", "upload_id", "id"),
        Index("ix_upload_jobs_owner", "owner_id", "id"),
        Index("ix_upload_jobs_finished", "finished_at", sqlite_where=_ENDED, postgresql_where=_ENDED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("upload_sessions.id", ondelete="CASCADE"))
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("upload_jobs.id", ondelete="CASCADE"))
    part: Mapped[int | None]
    parts_left: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), default=JobStatus.PENDING)
    queue: Mapped[str] = mapped_column(String(16), server_default="core")
    stage: Mapped[str | None] = mapped_column(String(16))
    stages: Mapped[list[Any]] = mapped_column(default=list)
    warnings: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    attempts: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)
    lease: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(100))
    due_at: Mapped[datetime | None] = mapped_column(default=utc_now)
    waiting_for: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None] = mapped_column(Text)
    is_parked: Mapped[bool] = mapped_column(default=False)
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    archived_at: Mapped[datetime | None]

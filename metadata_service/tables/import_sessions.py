"""Imports: one row for each run over a folder of the owner's, and one for each thing that it did."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now

STATUSES = ("in_progress", "completed", "cancelled", "failed", "stale")


class ImportSession(Table):
    """One import. Later clients call the same rows input channels, with a title, a description, a default author.

    `images_imported`, `duplicates_skipped` and `errors_count` count rows of `import_items`, in the transaction that
    writes those. The `claimed_*` columns hold what clients say that count by themselves.
    """

    __tablename__ = "import_sessions"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        Index("ix_import_sessions_owner", "owner_id", "id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    source_path: Mapped[str | None] = mapped_column(Text)
    source_description: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    default_author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("authors.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(16), default="in_progress")
    total_files_found: Mapped[int] = mapped_column(default=0)
    files_processed: Mapped[int] = mapped_column(default=0)
    current_file: Mapped[str | None] = mapped_column(Text)
    images_imported: Mapped[int] = mapped_column(default=0)
    duplicates_skipped: Mapped[int] = mapped_column(default=0)
    errors_count: Mapped[int] = mapped_column(default=0)
    claimed_imported: Mapped[int] = mapped_column(default=0)
    claimed_duplicates: Mapped[int] = mapped_column(default=0)
    claimed_errors: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_activity_at: Mapped[datetime] = mapped_column(default=utc_now)
    completed_at: Mapped[datetime | None]


class ImportItem(Table):
    """What one import did with one thing. `key` recognises it when it comes again: a hothash, else a name."""

    __tablename__ = "import_items"
    __table_args__ = (
        CheckConstraint("outcome IN ('imported', 'duplicate', 'error')", name="outcome"),
        Index("ix_import_items_photo_id", "photo_id"),
    )

    session_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("import_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    photo_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photos.id", ondelete="SET NULL"))
    filename: Mapped[str | None] = mapped_column(String(255))
    detail: Mapped[str | None] = mapped_column(Text)

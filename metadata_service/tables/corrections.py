"""Corrections of time, place and view: rows beside the photo, so that nothing that a camera said is ever lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now

KINDS = ("time", "place", "view")


class CorrectionBatch(Table):
    """One correction of many photos. `change` is what was asked for, `photo_count` how many photos it changed."""

    __tablename__ = "correction_batches"
    __table_args__ = (Index("ix_correction_batches_owner_id", "owner_id", "id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    change: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(String(255))
    source: Mapped[str] = mapped_column(String(32))
    photo_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]


class Correction(Table):
    """One step of a photo's history: what is not undone is applied to the camera's values in the order of ids."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_corrections_photo_id", "photo_id", "id"),
        Index("ix_corrections_owner_id", "owner_id"),
        Index(
            "ix_corrections_batch_id",
            "batch_id",
            "photo_id",
            sqlite_where=text("batch_id IS NOT NULL"),
            postgresql_where=text("batch_id IS NOT NULL"),
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("correction_batches.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(String(255))
    source: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]


class CameraValues(Table):
    """What the camera says of a photo whose time or place was ever corrected; the photo's row says what counts.

    A photo without such a row was never corrected: its own row says what the camera says.
    """

    __tablename__ = "camera_values"

    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    taken_at: Mapped[datetime | None] = mapped_column(DateTime)
    taken_at_offset: Mapped[str | None] = mapped_column(String(6))
    taken_at_source: Mapped[str | None] = mapped_column(String(255))
    gps_latitude: Mapped[float | None]
    gps_longitude: Mapped[float | None]
    gps_altitude: Mapped[float | None]

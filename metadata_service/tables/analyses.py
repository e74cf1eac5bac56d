"""What a model saw on an upload, and what people say of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table
from metadata_service.db.types import utc_now


class Analysis(Table):
    """One run of a model over one upload: boxes `{label, confidence, box: [x1, y1, x2, y2]}` in pixels as displayed."""

    __tablename__ = "analyses"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'completed', 'failed')", name="status"),
        UniqueConstraint("upload_id", "run"),
        Index("ix_analyses_upload_id", "upload_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    run: Mapped[UUID]
    place_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("places.id", ondelete="SET NULL"), index=True)
    model: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default="pending")
    detections: Mapped[list[Any]] = mapped_column(default=list)
    total_detected: Mapped[int] = mapped_column(default=0)
    category_counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    avg_confidence: Mapped[float | None]
    annotated_key: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None] = mapped_column(Text)
    validated: Mapped[bool] = mapped_column(default=False)
    validated_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id", ondelete="SET NULL"), index=True)
    validated_at: Mapped[datetime | None]
    manual_adjustments: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class AnalysisTile(Table):
    """A part of the picture that is looked at by itself: left, top, width, height. It goes when all are put together.

    `pixels_key` names its pixels in the store; when the row goes, a trigger writes it to `abandoned_blobs`.
    """

    __tablename__ = "analysis_tiles"

    analysis_id: Mapped[UUID] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    box: Mapped[list[Any]]
    attempts: Mapped[int] = mapped_column(default=0)
    pixels_key: Mapped[str | None] = mapped_column(String(255))
    detections: Mapped[list[Any] | None]

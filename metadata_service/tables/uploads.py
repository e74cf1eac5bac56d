"""Files that people gave to the server to keep: the sessions in which they came, and each of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table
from metadata_service.db.types import utc_now


class UploadStatus(StrEnum):
    """How far an upload is: a `warning` is a photo that asks for something, a `failed` one is no photo."""

    UPLOADED = "uploaded"
    PROCESSING = "processing"
    READY = "ready"
    WARNING = "warning"
    FAILED = "failed"
    CANCELLED = "cancelled"


class UploadSession(Table):
    """What one person sent at one time, in one request or in several."""

    __tablename__ = "upload_sessions"
    __table_args__ = (Index("ix_upload_sessions_owner", "owner_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Upload(Table):
    """One original and what was made of it. Ids are UUIDs of version 7: their order is that of arrival.

    The keys name objects in the store. When a row goes, however it goes, a trigger writes them to `abandoned_blobs`
    in the same transaction. An upload goes with its photo when that is removed for good.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint(f"status IN {tuple(map(str, UploadStatus))}", name="status"),
        UniqueConstraint("original_key"),
        Index("ix_uploads_owner", "owner_id", "id"),
        Index("ix_uploads_owner_status", "owner_id", "status", "id"),
        Index("ix_uploads_place", "place_id", "id"),
        Index("ix_uploads_photo_id", "photo_id"),
        Index("ix_uploads_session", "session_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("upload_sessions.id", ondelete="CASCADE"))
    photo_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"))
    place_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("places.id", ondelete="SET NULL"))
    place_is_manual: Mapped[bool] = mapped_column(default=False)
    filename: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    file_size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_key: Mapped[str] = mapped_column(String(255))
    thumbnail_key: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default=UploadStatus.UPLOADED)
    is_duplicate: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(String(16), default="private")
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class PartialUpload(Table):
    """An upload that comes in pieces (tus): each piece is an object, `received` counts the bytes of all of them."""

    __tablename__ = "partial_uploads"
    __table_args__ = (
        CheckConstraint("received <= file_size", name="received"),
        Index("ix_partial_uploads_owner", "owner_id"),
        Index("ix_partial_uploads_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID | None]
    place_id: Mapped[int | None]
    filename: Mapped[str] = mapped_column(String(255))
    file_size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[list[Any]] = mapped_column(default=list)
    visibility: Mapped[str] = mapped_column(String(16), default="private")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]


class StrayObject(Table):
    """What the last comparisons of rows and objects found: an object without a row, or a row without its object."""

    __tablename__ = "stray_objects"
    __table_args__ = (CheckConstraint("missing IN ('row', 'object')", name="missing"),)

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    missing: Mapped[str] = mapped_column(String(8))
    found_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)

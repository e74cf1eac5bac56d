"""The files on the owner's disks that a photo was read from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class FileRole(StrEnum):
    """What a file is to its photo."""

    PRIMARY = "primary"
    RAW = "raw"
    SIDECAR = "sidecar"
    OTHER = "other"


class ImageFile(Table):
    """One file. The server never had it; it knows its name, format, size in bytes and SHA-256."""

    __tablename__ = "image_files"
    __table_args__ = (
        UniqueConstraint("photo_id", "filename", "sha256"),
        Index("ix_image_files_photo_id", "photo_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"))
    filename: Mapped[str] = mapped_column(String(255))
    file_format: Mapped[str | None] = mapped_column(String(255))
    file_size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16), default=FileRole.PRIMARY)
    import_session_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("import_sessions.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

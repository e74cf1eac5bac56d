"""EXIF exactly as it came from clients that do not parse it, so that it can be read again by better readers."""

from enum import IntEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table


class ParseState(IntEnum):
    """Whether core_service has read the blob."""

    PENDING = 0
    PARSED = 1
    UNREADABLE = 2


class RawExif(Table):
    """The blob of one file."""

    __tablename__ = "raw_exif"
    __table_args__ = (
        Index(
            "ix_raw_exif_pending",
            "image_file_id",
            sqlite_where=text("state = 0"),
            postgresql_where=text("state = 0"),
        ),
    )

    image_file_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("image_files.id", ondelete="CASCADE"), primary_key=True
    )
    blob: Mapped[bytes]
    state: Mapped[int] = mapped_column(SmallInteger, default=ParseState.PENDING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)

"""Where the originals lie."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table


class FileLocation(Table):
    """One place where a file was seen: a path below a volume of a machine. Empty words stand for unknown.

    `stem_key` is a digest of the place without the file's extension: what a raw file and its JPEG have in common.
    """

    __tablename__ = "file_locations"
    __table_args__ = (
        UniqueConstraint("image_file_id", "machine", "volume", "relative_path"),
        Index("ix_file_locations_stem_key", "stem_key"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    image_file_id: Mapped[int] = mapped_column(BigId, ForeignKey("image_files.id", ondelete="CASCADE"))
    machine: Mapped[str] = mapped_column(Text)
    volume: Mapped[str] = mapped_column(Text)
    relative_path: Mapped[str] = mapped_column(Text)
    stem_key: Mapped[str] = mapped_column(String(32))
    last_seen: Mapped[datetime]

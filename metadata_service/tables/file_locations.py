"""Where the originals lie."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table


class FileLocation(Table):
    """One place where a file was seen: a path below a volume of a machine. Empty words stand for unknown."""

    __tablename__ = "file_locations"
    __table_args__ = (UniqueConstraint("image_file_id", "machine", "volume", "relative_path"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    image_file_id: Mapped[int] = mapped_column(BigId, ForeignKey("image_files.id", ondelete="CASCADE"))
    machine: Mapped[str] = mapped_column(Text)
    volume: Mapped[str] = mapped_column(Text)
    relative_path: Mapped[str] = mapped_column(Text)
    last_seen: Mapped[datetime]

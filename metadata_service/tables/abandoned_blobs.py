"""Blobs that nothing refers to any more."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import Table
from metadata_service.db.types import utc_now


class AbandonedBlob(Table):
    """A blob to be removed: written down with the change that left it, so that a crash leaves no picture behind."""

    __tablename__ = "abandoned_blobs"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=utc_now)

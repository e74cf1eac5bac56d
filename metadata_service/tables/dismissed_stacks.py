"""Stacks that were suggested, and that the owner does not want."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table
from metadata_service.db.types import utc_now


class DismissedStack(Table):
    """A suggestion by its key: a digest of its kind and its photos."""

    __tablename__ = "dismissed_stacks"

    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    dismissed_at: Mapped[datetime] = mapped_column(default=utc_now)

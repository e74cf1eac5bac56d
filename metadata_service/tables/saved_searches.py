"""Searches that their owner gave a name, to ask again."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class SavedSearch(Table):
    """What was asked, as it was sent, and how many photos were found the last time."""

    __tablename__ = "saved_searches"
    __table_args__ = (Index("ix_saved_searches_owner_id", "owner_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    search_criteria: Mapped[dict[str, Any]]
    is_favorite: Mapped[bool] = mapped_column(default=False)
    result_count: Mapped[int | None]
    last_executed: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

"""Stories: text with photos in it, which their owner may publish."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now

_SHARED = text("is_published AND visibility >= 2")


class Story(Table):
    """A story. Its blocks name photos by hothash; whoever reads it sees those that they may see.

    `visibility` is a number of `metadata_service.visibility.Visibility`, and counts once the story is published.
    """

    __tablename__ = "stories"
    __table_args__ = (
        CheckConstraint("visibility BETWEEN 0 AND 3", name="visibility"),
        CheckConstraint("document_type IN ('general', 'album', 'slideshow')", name="document_type"),
        CheckConstraint("is_published = (published_at IS NOT NULL)", name="published_at"),
        Index("ix_stories_owner_id", "owner_id"),
        Index("ix_stories_shared", "visibility", "id", sqlite_where=_SHARED, postgresql_where=_SHARED),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(255))
    document_type: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    abstract: Mapped[str | None] = mapped_column(Text)
    cover_image_hash: Mapped[str | None] = mapped_column(String(255))
    cover_image_alt: Mapped[str | None] = mapped_column(String(255))
    is_published: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    visibility: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

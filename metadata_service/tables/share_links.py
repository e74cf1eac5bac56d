"""Links that show chosen photos to whoever has them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class ShareLink(Table):
    """What is shown, and for how long. Of the token only its hash is kept.

    A set of photos has rows of `share_link_photos`, an album its `collection_id`, a filter its `criteria`.
    """

    __tablename__ = "share_links"
    __table_args__ = (
        CheckConstraint("kind IN ('photos', 'collection', 'filter')", name="kind"),
        CheckConstraint("(kind = 'collection') = (collection_id IS NOT NULL)", name="collection"),
        UniqueConstraint("token_hash"),
        Index("ix_share_links_owner_id", "owner_id", "id"),
        Index("ix_share_links_collection_id", "collection_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str | None] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(16))
    collection_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("collections.id", ondelete="CASCADE"))
    criteria: Mapped[dict[str, Any] | None]
    token_hash: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    max_views: Mapped[int | None]
    views: Mapped[int] = mapped_column(default=0)
    last_viewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ShareLinkPhoto(Table):
    """One photo of a set, in the order that its owner chose."""

    __tablename__ = "share_link_photos"
    __table_args__ = (
        Index("ix_share_link_photos_position", "link_id", "position"),
        Index("ix_share_link_photos_photo_id", "photo_id"),
    )

    link_id: Mapped[int] = mapped_column(BigId, ForeignKey("share_links.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]

"""Collections: photos and text cards in an order that their owner chose."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class Collection(Table):
    """An album, a slideshow, a selection. Who changes its items locks this row first."""

    __tablename__ = "collections"
    __table_args__ = (Index("ix_collections_owner_id", "owner_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class CollectionItem(Table):
    """A photo, which is in a collection once, or a card with a title and a text.

    `position` orders the items and is unique, but may have gaps, where a photo was removed for good. The photo of an
    item may lie in the trash: the item then is not shown, and keeps its place until the photo comes back.
    """

    __tablename__ = "collection_items"
    __table_args__ = (
        UniqueConstraint("collection_id", "position"),
        UniqueConstraint("collection_id", "photo_id"),
        CheckConstraint(
            "(photo_id IS NULL) = (card_title IS NOT NULL) AND (photo_id IS NULL) = (card_body IS NOT NULL)",
            name="photo_or_card",
        ),
        Index("ix_collection_items_photo_id", "photo_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    collection_id: Mapped[int] = mapped_column(BigId, ForeignKey("collections.id", ondelete="CASCADE"))
    position: Mapped[int]
    photo_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"))
    card_title: Mapped[str | None] = mapped_column(String(255))
    card_body: Mapped[str | None] = mapped_column(Text)
    caption: Mapped[str | None] = mapped_column(Text)
    visible: Mapped[bool] = mapped_column(default=True)

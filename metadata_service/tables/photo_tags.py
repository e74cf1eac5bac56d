"""Which photos bear which tags."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table


class PhotoTag(Table):
    """One tag on one photo. `sort_ts` repeats the photo's, so that one index finds a tag's newest photos."""

    __tablename__ = "photo_tags"
    __table_args__ = (
        Index("ix_photo_tags_newest", "tag_id", "sort_ts", "photo_id"),
        Index("ix_photo_tags_photo_id", "photo_id"),
    )

    tag_id: Mapped[int] = mapped_column(BigId, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    sort_ts: Mapped[int]

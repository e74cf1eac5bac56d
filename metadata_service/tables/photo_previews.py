"""The hotpreview's bytes, apart from the photo's row."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table


class PhotoPreview(Table):
    """The hotpreview of a photo: a JPEG of 5–15 KB whose SHA-256 is the photo's hothash."""

    __tablename__ = "photo_previews"

    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    hotpreview: Mapped[bytes]

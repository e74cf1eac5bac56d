"""All that was read from the file, apart from the photo's row because it is large and rarely asked for."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table


class PhotoExif(Table):
    """The egg's `exif_dict` and the warnings that came with it."""

    __tablename__ = "photo_exif"

    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    exif_dict: Mapped[dict[str, Any]]
    warnings: Mapped[list[Any]]

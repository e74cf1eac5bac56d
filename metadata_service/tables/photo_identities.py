"""By which names a photo is recognised when it comes again."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table


class IdentityKind(StrEnum):
    """What recognises the photo. Older clients name photos by hashes of their own, which prove nothing."""

    HOTHASH = "hothash"
    FILE_SHA256 = "file_sha256"
    CLIENT_HASH = "client_hash"


class PhotoIdentity(Table):
    """One name of one photo, unique per owner. A photo may have several: of each file, of each recipe."""

    __tablename__ = "photo_identities"
    __table_args__ = (Index("ix_photo_identities_photo_id", "photo_id"),)

    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"))

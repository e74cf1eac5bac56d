"""What others than the owner are told of photos that they see."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table


class Disclosure(Table):
    """What an owner tells by default of photos of one level; 4 stands for share links. No row: the safe default."""

    __tablename__ = "disclosures"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("place BETWEEN 0 AND 3", name="place"),
    )

    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger)
    camera: Mapped[bool]
    filename: Mapped[bool]
    exif: Mapped[bool]


class PhotoDisclosure(Table):
    """What an owner tells of one photo, whatever its level; what is null follows the level."""

    __tablename__ = "photo_disclosures"
    __table_args__ = (
        CheckConstraint("place BETWEEN 0 AND 3", name="place"),
        Index("ix_photo_disclosures_place", "place", "photo_id"),
    )

    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int | None] = mapped_column(SmallInteger)
    camera: Mapped[bool | None]
    filename: Mapped[bool | None]
    exif: Mapped[bool | None]

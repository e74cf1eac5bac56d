"""What others than the owner are told of photos that they see."""

from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table

EXACT_TIME: Final = 2
"""The `time` of those who tell all of it; below are the day and the month."""


def _hiding_time(name: str, *columns: str) -> Index:
    """The few rows that tell less than the time: every list asks whether there are any."""
    return Index(name, *columns, sqlite_where=text("time < 2"), postgresql_where=text("time < 2"))


class Disclosure(Table):
    """What an owner tells by default of photos of one level; 4 stands for share links. No row: the safe default."""

    __tablename__ = "disclosures"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("place BETWEEN 0 AND 3", name="place"),
        CheckConstraint("time BETWEEN 0 AND 2", name="time"),
        _hiding_time("ix_disclosures_time", "owner_id", "level"),
    )

    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger)
    time: Mapped[int] = mapped_column(SmallInteger, default=EXACT_TIME, server_default=text(str(EXACT_TIME)))
    camera: Mapped[bool]
    filename: Mapped[bool]
    exif: Mapped[bool]


class PhotoDisclosure(Table):
    """What an owner tells of one photo, whatever its level; what is null follows the level."""

    __tablename__ = "photo_disclosures"
    __table_args__ = (
        CheckConstraint("place BETWEEN 0 AND 3", name="place"),
        CheckConstraint("time BETWEEN 0 AND 2", name="time"),
        Index("ix_photo_disclosures_place", "place", "photo_id"),
        _hiding_time("ix_photo_disclosures_time", "photo_id"),
    )

    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int | None] = mapped_column(SmallInteger)
    time: Mapped[int | None] = mapped_column(SmallInteger)
    camera: Mapped[bool | None]
    filename: Mapped[bool | None]
    exif: Mapped[bool | None]

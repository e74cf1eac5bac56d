"""Which photos are in which spaces, and how many photos that makes a day."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table
from metadata_service.db.types import utc_now


def _shown(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text("is_shown"), postgresql_where=text("is_shown"))


class PhotoSpace(Table):
    """One photo in one space.

    `owner_id`, `sort_ts`, `day` and `rating` repeat the photo's, and `is_shown` says whether it is live and of the
    level `space`, so that one index finds what a space shows. `is_only`: the photo is in no other space. Triggers of
    the database keep all of them.
    """

    __tablename__ = "photo_spaces"
    __table_args__ = (
        Index("ix_photo_spaces_photo_id", "photo_id", "space_id"),
        Index("ix_photo_spaces_newest", "space_id", "sort_ts", "photo_id"),
        _shown("ix_photo_spaces_shown", "space_id", "sort_ts", "photo_id"),
        _shown("ix_photo_spaces_shown_arrival", "space_id", "photo_id"),
        _shown("ix_photo_spaces_shown_rating", "space_id", "rating", "sort_ts", "photo_id"),
        Index(
            "ix_photo_spaces_several",
            *("space_id", "day"),
            sqlite_where=text("is_shown AND NOT is_only"),
            postgresql_where=text("is_shown AND NOT is_only"),
        ),
    )

    space_id: Mapped[int] = mapped_column(BigId, ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int]
    sort_ts: Mapped[int]
    day: Mapped[int]
    rating: Mapped[int] = mapped_column(SmallInteger)
    is_shown: Mapped[bool]
    is_only: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(default=utc_now)


class SpaceDay(Table):
    """How many photos of one owner a space shows of one day, without those that are in several spaces."""

    __tablename__ = "space_days"
    __table_args__ = ({"sqlite_with_rowid": False},)

    space_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    photos: Mapped[int]

"""Which photos look alike: perceptual hashes by their parts, and pairs that were found."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class PhotoBand(Table):
    """One of the four parts of a photo's perceptual hash: `band` is part * 65536 + its sixteen bits.

    Triggers of the database keep the table (ADR 66); `hash` repeats the whole, so that a search reads nothing else.
    """

    __tablename__ = "photo_bands"
    __table_args__ = (Index("ix_photo_bands_photo_id", "photo_id"), {"sqlite_with_rowid": False})

    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    band: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    photo_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[int]


class UnpairedPhoto(Table):
    """A photo that was not compared with its owner's others yet; triggers put it here when its hash comes."""

    __tablename__ = "unpaired_photos"
    __table_args__ = (Index("ix_unpaired_photos_owner_id", "owner_id", "photo_id"),)

    photo_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    owner_id: Mapped[int]


class PhotoPair(Table):
    """Two photos of one owner whose hashes differ in `distance` bits; dismissed when the owner said they are two."""

    __tablename__ = "photo_pairs"
    __table_args__ = (
        CheckConstraint("photo_id < other_id", name="once"),
        Index("ix_photo_pairs_photo_id", "photo_id"),
        Index("ix_photo_pairs_other_id", "other_id"),
    )

    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    photo_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    other_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    distance: Mapped[int] = mapped_column(SmallInteger)
    is_dismissed: Mapped[bool] = mapped_column(default=False)


class PhotoMerge(Table):
    """One photo was united into another and went to the trash; `record` holds what is needed to undo it."""

    __tablename__ = "photo_merges"
    __table_args__ = (
        Index("ix_photo_merges_owner_id", "owner_id"),
        Index("ix_photo_merges_kept_id", "kept_id"),
        Index("ix_photo_merges_merged_id", "merged_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    kept_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photos.id", ondelete="SET NULL"))
    merged_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photos.id", ondelete="SET NULL"))
    record: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]

"""How many photos each day has: what a timeline counts without touching a photo.

Triggers of the database keep both tables, so that no way to change a photo can forget them (ADR 30). A day is a
number of days since 1970 of the wall clock. A row counts its day's live photos level by level, and goes when none is
left.
"""

from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table

DAY_MS: Final = 86_400_000
UNDATED: Final = -(2**31)
"""The `day` of photos that nobody knows the time of."""


class PhotoDay(Table):
    """One owner's photos of one day."""

    __tablename__ = "photo_days"
    __table_args__ = ({"sqlite_with_rowid": False},)

    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    private: Mapped[int]
    space: Mapped[int]
    authenticated: Mapped[int]
    public: Mapped[int]


class SharedDay(Table):
    """Everybody's photos of one day that are shared with the authenticated or with all."""

    __tablename__ = "shared_days"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    authenticated: Mapped[int]
    public: Mapped[int]

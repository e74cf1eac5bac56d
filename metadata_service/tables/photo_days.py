"""How many photos each day has: what a timeline counts without touching a photo.

Triggers of the database keep both tables, so that no way to change a photo can forget them (ADR 20). A day is a
number of days since 1970 of the wall clock; a row whose count reaches zero is removed.
"""

from typing import Final

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table

DAY_MS: Final = 86_400_000
UNDATED: Final = -(2**31)
"""The `day` of photos that nobody knows the time of."""


class PhotoDay(Table):
    """The live photos of one owner, one day, one visibility."""

    __tablename__ = "photo_days"

    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    visibility: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]


class SharedDay(Table):
    """The same for everybody's photos together, where they are shared at all."""

    __tablename__ = "shared_days"

    day: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    visibility: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]

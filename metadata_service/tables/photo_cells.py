"""How many photos lie in each cell of the earth: what a map counts without touching a photo.

Triggers of the database keep the table (ADR 65). The earth is cut into 2^depth columns by 2^depth rows of equal
degrees: `x` counts from -180° eastward, `y` from the south pole northward. A row counts the live photos of one owner
and one level of visibility in its cell, names one of them, and goes when none is left.
"""

from typing import Final

from sqlalchemy import Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import BigId, Table

DEPTHS: Final = (4, 8, 12, 16, 20)
"""The depths that are counted; at the greatest a cell is 38 metres wide on the equator, and 19 high."""

FINEST: Final = DEPTHS[-1]
SHARED_DEPTH: Final = 12
"""The finest cells that tell of photos of others: about ten kilometres."""

_SHARED: Final = f"visibility >= 2 AND depth <= {SHARED_DEPTH}"


class PhotoCell(Table):
    """An owner's photos of one level of visibility in one cell."""

    __tablename__ = "photo_cells"

    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    depth: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    y: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    x: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    visibility: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]
    photo_id: Mapped[int | None]

    __table_args__ = (
        Index(
            "ix_photo_cells_shared",
            *("depth", "y", "x", "visibility", "owner_id", "count", "photo_id"),
            sqlite_where=text(_SHARED),
            postgresql_where=text(_SHARED),
        ),
        {"sqlite_with_rowid": False},
    )

"""Named areas on the ground, and what happened in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class Place(Table):
    """A site, an area in it, a spot in that: a polygon, or a circle around a point.

    `polygon` is a list of `[longitude, latitude]`, in degrees; `radius_m` is in metres. `area_m2` orders what overlaps.
    """

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("owner_id", "id"),
        ForeignKeyConstraint(
            ["owner_id", "parent_id"], ["places.owner_id", "places.id"], name="fk_places_parent_id_places"
        ),
        CheckConstraint("kind IN ('site', 'area', 'spot')", name="kind"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("(polygon IS NULL) <> (radius_m IS NULL)", name="one_shape"),
        Index("ix_places_parent_id", "owner_id", "parent_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(255))
    polygon: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius_m: Mapped[float | None]
    area_m2: Mapped[float]
    analysis: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class PlaceEvent(Table):
    """A photo came to a place or left it: matched by its position, or assigned by hand."""

    __tablename__ = "place_events"
    __table_args__ = (
        CheckConstraint("event IN ('matched', 'assigned', 'removed')", name="event"),
        Index("ix_place_events_place", "place_id", "id"),
        Index("ix_place_events_upload_id", "upload_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    place_id: Mapped[int] = mapped_column(BigId, ForeignKey("places.id", ondelete="CASCADE"))
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(default=utc_now)

"""Events: what photos were taken at, as a tree that their owner makes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


class Event(Table):
    """A journey, a day of it, a visit on that day. Photos say in `photos.event_id` which one they belong to.

    The key to the parent holds the owner too: nobody can hang an event into another's tree. It says nothing of what
    becomes of children when their parent goes, because they move up first.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("owner_id", "id"),
        ForeignKeyConstraint(
            ["owner_id", "parent_event_id"], ["events.owner_id", "events.id"], name="fk_events_parent_event_id_events"
        ),
        CheckConstraint("parent_event_id <> id", name="not_its_own_parent"),
        Index("ix_events_parent_event_id", "owner_id", "parent_event_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    parent_event_id: Mapped[int | None] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    location_name: Mapped[str | None] = mapped_column(String(255))
    gps_latitude: Mapped[float | None]
    gps_longitude: Mapped[float | None]
    sort_order: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

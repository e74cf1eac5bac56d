"""Statements about events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos import listing
from metadata_service.photos.branches import branch
from metadata_service.photos.filters import Arm
from metadata_service.photos.order import Order
from metadata_service.tables import Event, Photo, User
from metadata_service.visibility import Viewer, own


async def lock_tree(session: AsyncSession, owner_id: int) -> None:
    """Let nobody else move the owner's events until this transaction ends: two moves together could make a cycle.

    The weaker lock (FOR NO KEY UPDATE): photos that arrive refer to their owner, and need not wait.
    """
    await session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))


async def find(session: AsyncSession, owner_id: int, event_id: int) -> Event | None:
    """Find an event of the owner."""
    query = select(Event).where(Event.id == event_id, Event.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


def _counted(owner_id: int, *conditions: ColumnElement[bool]) -> Select[Event, int]:
    """Events in order, with the number of their photos that are not in the trash."""
    theirs = Photo.event_id == Event.id, Photo.event_id.is_not(None), Photo.deleted_at.is_(None)
    number = select(func.count()).select_from(Photo).where(*theirs).correlate(Event).scalar_subquery()
    query = select(Event, number).where(Event.owner_id == owner_id, *conditions)
    return query.order_by(Event.sort_order, func.lower(Event.name), Event.id)


async def counted(session: AsyncSession, owner_id: int, event_id: int) -> tuple[Event, int] | None:
    """One event with its number of photos."""
    row = (await session.execute(_counted(owner_id, Event.id == event_id))).one_or_none()
    return None if row is None else (row[0], row[1])


async def children(session: AsyncSession, owner_id: int, parent_id: int | None) -> list[tuple[Event, int]]:
    """The events right below another, or at the top."""
    rows = await session.execute(_counted(owner_id, Event.parent_event_id.is_not_distinct_from(parent_id)))
    return [(event, number) for event, number in rows]


async def all_counted(session: AsyncSession, owner_id: int) -> list[tuple[Event, int]]:
    """All events of the owner."""
    return [(event, number) for event, number in await session.execute(_counted(owner_id))]


async def lineage(session: AsyncSession, owner_id: int, event_id: int) -> list[int]:
    """An event of the owner and all above it; nothing, if it is not theirs."""
    first = select(Event.id, Event.parent_event_id).where(Event.id == event_id, Event.owner_id == owner_id)
    line = first.cte("lineage", recursive=True)
    line = line.union_all(select(Event.id, Event.parent_event_id).join(line, Event.id == line.c.parent_event_id))
    return list(await session.scalars(select(line.c.id)))


async def height(session: AsyncSession, owner_id: int, event_id: int) -> int:
    """How many levels there are from an event down, with its own."""
    return await session.scalar(select(func.max(branch(owner_id, event_id).c.level))) or 0


async def raise_children(session: AsyncSession, event: Event) -> None:
    """Hang what lies right below an event to where the event hangs itself."""
    theirs = Event.owner_id == event.owner_id, Event.parent_event_id == event.id
    await session.execute(update(Event).where(*theirs).values(parent_event_id=event.parent_event_id))


async def release_photos(session: AsyncSession, event_id: int) -> None:
    """Let photos belong to no event. The foreign key would do it too, but not say that they changed."""
    await session.execute(update(Photo).where(Photo.event_id == event_id).values(event_id=None))


async def photos(
    session: AsyncSession, owner_id: int, event_id: int, *, with_descendants: bool, offset: int, limit: int
) -> Sequence[Row[Any]]:
    """Photos of an event, newest first, with the columns that the presenter reads."""
    below = select(branch(owner_id, event_id).c.id)
    theirs = Photo.event_id.in_(below) if with_descendants else Photo.event_id == event_id
    arms = [Arm(and_(where, Photo.event_id.is_not(None), theirs)) for where in own(Viewer(owner_id))]
    return await listing.page(session, arms, Order(), limit=limit, offset=offset)

"""Keeps the tree of an owner's events: no cycles, no more levels than clients can show."""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.events import repository
from metadata_service.events.errors import EventCycleError, EventNotFoundError, EventsTooDeepError
from metadata_service.events.schemas import EventChange, EventNode, EventOut, EventTree, NewEvent
from metadata_service.photos.companions import told_rows
from metadata_service.tables import Event
from metadata_service.visibility import Viewer
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

MAX_LEVELS: Final = 32


async def get(session: AsyncSession, owner_id: int, event_id: int) -> EventOut:
    """Show an event of the owner or raise `EventNotFoundError`."""
    found = await repository.counted(session, owner_id, event_id)
    if found is None:
        raise EventNotFoundError
    return _shown(*found)


async def children(session: AsyncSession, owner_id: int, parent_id: int | None) -> list[EventOut]:
    """The events right below another, or at the top."""
    if parent_id is not None:
        await _own(session, owner_id, parent_id)
    return [_shown(*row) for row in await repository.children(session, owner_id, parent_id)]


async def tree(session: AsyncSession, owner_id: int, root_id: int | None) -> EventTree:
    """All events, each inside its parent; or one with all that lies below it."""
    nodes: dict[int, EventNode] = {}
    for event, number in await repository.all_counted(session, owner_id):
        nodes[event.id] = EventNode.model_validate(event)
        nodes[event.id].photo_count = number
    for node in nodes.values():
        if node.parent_event_id is not None:
            nodes[node.parent_event_id].children.append(node)
    if root_id is None:
        return EventTree(
            events=[node for node in nodes.values() if node.parent_event_id is None], total_events=len(nodes)
        )
    if root_id not in nodes:
        raise EventNotFoundError
    return EventTree(events=[nodes[root_id]], total_events=_size(nodes[root_id]))


def _size(node: EventNode) -> int:
    return 1 + sum(map(_size, node.children))


async def create(session: AsyncSession, owner_id: int, new: NewEvent) -> EventOut:
    """Add an event."""
    await repository.lock_tree(session, owner_id)
    await _check_parent(session, owner_id, None, new.parent_event_id, "parent_event_id")
    event = Event(owner_id=owner_id, **new.model_dump())
    session.add(event)
    await session.flush()
    return _shown(event, 0)


async def change(session: AsyncSession, owner_id: int, event_id: int, wanted: EventChange) -> EventOut:
    """Set the fields that were given."""
    await repository.lock_tree(session, owner_id)
    event = await _own(session, owner_id, event_id)
    given = wanted.model_dump(exclude_unset=True)
    if "parent_event_id" in given:
        await _check_parent(session, owner_id, event_id, wanted.parent_event_id, "parent_event_id")
    for name, value in given.items():
        setattr(event, name, value)
    await session.flush()
    return await get(session, owner_id, event_id)


async def move(session: AsyncSession, owner_id: int, event_id: int, parent_id: int | None) -> EventOut:
    """Hang an event below another, with all that lies below it."""
    await repository.lock_tree(session, owner_id)
    event = await _own(session, owner_id, event_id)
    await _check_parent(session, owner_id, event_id, parent_id, "new_parent_id")
    event.parent_event_id = parent_id
    await session.flush()
    return await get(session, owner_id, event_id)


async def delete(session: AsyncSession, owner_id: int, event_id: int) -> None:
    """Remove an event; what lies below it moves up, its photos stay."""
    await repository.lock_tree(session, owner_id)
    event = await _own(session, owner_id, event_id)
    await repository.raise_children(session, event)
    await repository.release_photos(session, event_id)
    await session.delete(event)
    await session.flush()


async def photos(
    session: AsyncSession, owner_id: int, event_id: int, *, with_descendants: bool, skip: int, limit: int
) -> list[dict[str, Any]]:
    """Photos of an event, ready to be written."""
    await _own(session, owner_id, event_id)
    rows = await repository.photos(
        session, owner_id, event_id, with_descendants=with_descendants, offset=skip, limit=limit
    )
    return await told_rows(session, rows, Viewer(owner_id))


async def _own(session: AsyncSession, owner_id: int, event_id: int) -> Event:
    event = await repository.find(session, owner_id, event_id)
    if event is None:
        raise EventNotFoundError
    return event


async def _check_parent(
    session: AsyncSession, owner_id: int, event_id: int | None, parent_id: int | None, field: str
) -> None:
    """Refuse a parent that is not the owner's, lies below the event, or lies so deep that levels run out."""
    if parent_id is None:
        return
    line = await repository.lineage(session, owner_id, parent_id)
    if not line:
        wrong = FieldError(loc=["body", field], msg="must be one of your events.")
        raise InvalidRequestError(f"{field}: must be one of your events.", errors=[wrong])
    if event_id in line:
        raise EventCycleError("The new parent lies inside the event, or is the event itself.")
    levels = 1 if event_id is None else await repository.height(session, owner_id, event_id)
    if len(line) + levels > MAX_LEVELS:
        raise EventsTooDeepError(f"Events can be nested {MAX_LEVELS} levels deep.")


def _shown(event: Event, photo_count: int) -> EventOut:
    shown = EventOut.model_validate(event)
    shown.photo_count = photo_count
    return shown

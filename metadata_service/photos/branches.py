"""Branches of an owner's tree of events: an event and all that lies below it."""

from sqlalchemy import CTE, and_, literal, select

from metadata_service.tables import Event


def branch(owner_id: int | None, event_id: int) -> CTE:
    """An event of the owner and all below it, with how many levels below: a table of `id` and `level`."""
    first = select(Event.id, literal(1).label("level")).where(Event.id == event_id, Event.owner_id == owner_id)
    line = first.cte("branch", recursive=True)
    below = and_(Event.owner_id == owner_id, Event.parent_event_id == line.c.id)
    return line.union_all(select(Event.id, line.c.level + 1).join(line, below))

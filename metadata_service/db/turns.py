"""Takes turns: who changes an owner's photos takes the owner's turn first, so that writers never wait in a circle.

A photo's row, the summary of its day and its words change together. Two transactions that reach for them in different
orders would wait for each other; with the turn taken first there is one order, and whoever reads a photo to write down
its words reads it as it will stay. SQLite has one writer at a time, so there it is always one's turn.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# The very lock that the triggers of photo_days take (migrations/sql/0002_postgresql.sql): having it, they do not wait.
_TURN: Final = text("SELECT pg_advisory_xact_lock(20, CAST(:owner_id % 2147483647 AS integer))")


async def take_turn(session: AsyncSession, owner_id: int) -> None:
    """Wait until nobody else changes photos of `owner_id`; the turn ends with the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_TURN, {"owner_id": owner_id})

"""Compares derived data with what it was derived from, and makes it again where it is told to."""

from collections.abc import Sequence
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections import examining as corrections
from metadata_service.db.engine import Database
from metadata_service.derived import cells, days, import_counts, likeness, search, spaces


class Derived(Protocol):
    """A module that keeps something derived."""

    async def check(self, session: AsyncSession) -> list[str]:
        """Say where it differs from what it should be."""

    async def rebuild(self, session: AsyncSession) -> None:
        """Make all of it again."""


EXAMINED: Final[Sequence[Derived]] = (corrections, days, cells, likeness, spaces, search, import_counts)


async def examine(database: Database, *, repair: bool) -> list[str]:
    """Check all that is derived, in one transaction; make again what is wrong, if that is wanted."""
    async with database.writing() as session:
        found: list[str] = []
        for derived in EXAMINED:
            wrong = await derived.check(session)
            if wrong and repair:
                await derived.rebuild(session)
            found += wrong
    return found

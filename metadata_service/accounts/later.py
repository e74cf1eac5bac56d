"""What may be written down a little later: when sign-ins and keys were last used, and sign-ins that failed.

A request that only looks then writes nothing; and a wrong password is answered in the time of an unknown name.
"""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.audit import Happened
from metadata_service.accounts.client import Client
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.tables import ApiKey, LoginSession, SecurityEvent, User

log = structlog.get_logger(__name__)

_PAUSE_SECONDS: Final = 15.0
_MOST_FAILURES: Final = 10_000


class Later:
    """Collects in memory; a crash loses a quarter of a minute of it."""

    def __init__(self, database: Database) -> None:
        """Collect nothing yet."""
        self._database = database
        self._sessions: dict[int, datetime] = {}
        self._keys: dict[int, datetime] = {}
        self._failures: Counter[tuple[int, Client]] = Counter()

    def session_used(self, session_id: int) -> None:
        """Remember that a session was used now."""
        self._sessions[session_id] = utc_now()

    def key_used(self, key_id: int) -> None:
        """Remember that a key was used now."""
        self._keys[key_id] = utc_now()

    def sign_in_failed(self, user_id: int, client: Client) -> None:
        """Remember a wrong password; many from one place become one event that tells how many."""
        if len(self._failures) < _MOST_FAILURES or (user_id, client) in self._failures:
            self._failures[user_id, client] += 1

    async def write(self) -> None:
        """Write down what was collected."""
        sessions, self._sessions = self._sessions, {}
        keys, self._keys = self._keys, {}
        failures, self._failures = self._failures, Counter()
        if not (sessions or keys or failures):
            return
        async with self._database.writing() as session:
            await _used(session, LoginSession, sessions)
            await _used(session, ApiKey, keys)
            await _failed(session, failures)

    async def write_forever(self) -> None:
        """Write every so often, until cancelled; what cannot be written is dropped, and said."""
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            try:
                await self.write()
            except Exception as error:  # noqa: BLE001  # nobody's request depends on this
                log.warning("what was used last could not be written down", error=repr(error))


async def _used(session: AsyncSession, table: type[LoginSession | ApiKey], times: dict[int, datetime]) -> None:
    if not times:
        return
    statement = update(table.__table__).where(table.id == bindparam("b_id")).values(last_used_at=bindparam("b_at"))  # type: ignore[arg-type]  # a mapped class has a Table
    # In one order for all processes, so that none waits for another in a circle.
    await session.execute(statement, [{"b_id": number, "b_at": at} for number, at in sorted(times.items())])


async def _failed(session: AsyncSession, failures: Counter[tuple[int, Client]]) -> None:
    there = set(await session.scalars(select(User.id).where(User.id.in_({user_id for user_id, _ in failures}))))
    rows: list[dict[str, Any]] = [
        {
            "user_id": user_id,
            "kind": Happened.SIGN_IN_FAILED.value,
            "ip": client.ip,
            "user_agent": client.user_agent,
            "detail": {"times": times},
        }
        for (user_id, client), times in failures.items()
        if user_id in there
    ]
    if rows:
        await session.execute(insert(SecurityEvent), rows)


async def forget_old(session: AsyncSession, now: datetime, events_before: datetime) -> None:
    """Remove sign-ins that have expired, and events that are older than they are kept."""
    await session.execute(delete(LoginSession).where(LoginSession.expires_at < now))
    await session.execute(delete(SecurityEvent).where(SecurityEvent.at < events_before))

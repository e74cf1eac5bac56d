"""Remembers for a moment which sign-ins and keys are alive, so that not every request asks the database.

Whoever ends one in this process makes it forget at once; other processes notice within seconds.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import event

from metadata_service.accounts import repository
from metadata_service.accounts.tokens import Claims
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now

_SECONDS: Final = 5.0
_MOST: Final = 10_000
_CHANGES: Final = ("UPDATE users", "DELETE FROM users", "DELETE FROM login_sessions", "DELETE FROM api_keys")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """What a key stands for."""

    key_id: int
    user_id: int
    scopes: frozenset[str]
    expires_at: datetime | None


class Alive:
    """The sign-ins and keys that were found alive a moment ago."""

    def __init__(self, database: Database, seconds: float = _SECONDS) -> None:
        """Listen to what this process writes."""
        self._database = database
        self.seconds = seconds
        self._sessions: dict[Claims, float] = {}
        self._keys: dict[str, tuple[KeyHolder, float]] = {}
        self._trusts_from = 0.0
        event.listen(database.writer.sync_engine, "before_cursor_execute", self._notice)

    async def is_signed_in(self, claims: Claims) -> bool:
        """Tell whether the account may be used and the session has not ended."""
        now = time.monotonic()
        if self._sessions.get(claims, 0.0) > now:
            return True
        # A session of its own: a request that then waits for the writer must not keep a reader from others.
        async with self._database.reading() as session:
            found = await repository.is_signed_in(session, claims.user_id, claims.session_id)
        if found and now > self._trusts_from:
            if len(self._sessions) >= _MOST:
                self._sessions.clear()
            self._sessions[claims] = now + self.seconds
        return found

    async def holder(self, secret_hash: str) -> KeyHolder | None:
        """Tell what a key stands for, as long as it has not expired and its account may be used."""
        now = time.monotonic()
        known, until = self._keys.get(secret_hash, (None, 0.0))
        if known is None or until <= now:
            async with self._database.reading() as session:
                row = await repository.key(session, secret_hash)
            known = None if row is None else KeyHolder(row.id, row.user_id, frozenset(row.scopes), row.expires_at)
            if known is not None and now > self._trusts_from:
                if len(self._keys) >= _MOST:
                    self._keys.clear()
                self._keys[secret_hash] = (known, now + self.seconds)
        if known is None or (known.expires_at is not None and known.expires_at <= utc_now()):
            return None
        return known

    def _notice(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(_CHANGES):
            self._sessions.clear()
            self._keys.clear()
            # Nor is trusted what is read until the change is surely committed.
            self._trusts_from = time.monotonic() + _SECONDS

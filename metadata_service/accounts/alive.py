"""Remembers for a moment whose account is alive, so that not every request asks the database.

Whoever changes an account in this process makes it forget at once; other processes notice within seconds.
"""

import time
from typing import Any, Final

from sqlalchemy import event

from metadata_service.accounts import repository
from metadata_service.db.engine import Database

_SECONDS: Final = 5.0
_MOST: Final = 10_000
_CHANGES: Final = ("UPDATE users", "DELETE FROM users")


class Alive:
    """The accounts that were found alive a moment ago."""

    def __init__(self, database: Database, seconds: float = _SECONDS) -> None:
        """Listen to what this process writes."""
        self._database = database
        self._seconds = seconds
        self._until: dict[int, float] = {}
        self._trusts_from = 0.0
        event.listen(database.writer.sync_engine, "before_cursor_execute", self._notice)

    async def is_active(self, user_id: int) -> bool:
        """Tell whether the account exists and may be used."""
        now = time.monotonic()
        if self._until.get(user_id, 0.0) > now:
            return True
        # A session of its own: a request that then waits for the writer must not keep a reader from others.
        async with self._database.reading() as session:
            found = await repository.is_active(session, user_id)
        if found and now > self._trusts_from:
            if len(self._until) >= _MOST:
                self._until.clear()
            self._until[user_id] = now + self._seconds
        return found

    def _notice(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(_CHANGES):
            self._until.clear()
            # Nor is trusted what is read until the change is surely committed.
            self._trusts_from = time.monotonic() + self._seconds

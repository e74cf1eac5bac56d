"""SQLite's driver in one step: a statement and all its rows for one change of threads.

aiosqlite hands every call to the thread of its connection: cursor, execute, fetch and close make four trips, which is
more than most statements take. This cursor makes one.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.util import await_only


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement in the connection's thread, fetches everything there, and keeps the outcome here."""

    __slots__ = ("_outcome",)

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        """Open nothing: there is a cursor only while a statement runs."""
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection  # noqa: SLF001  # as the class that this one stands in for
        self._rows = deque()
        self._outcome: tuple[Any, int, int | None] = (None, -1, None)

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Run one statement."""
        self._run(lambda connection: connection.execute(operation, parameters or ()))

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> Any:
        """Run one statement for each of the parameters."""
        self._run(lambda connection: connection.executemany(operation, seq_of_parameters))

    def _run(self, statement: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def there() -> tuple[tuple[Any, int, int | None], list[Any]]:
            cursor = statement(self._connection._conn)  # noqa: SLF001  # aiosqlite keeps the driver's connection there
            rows = cursor.fetchall() if cursor.description else []
            outcome = (cursor.description, cursor.rowcount, cursor.lastrowid)
            cursor.close()
            return outcome, rows

        try:
            self._outcome, rows = await_only(self._connection._execute(there))  # noqa: SLF001
        except Exception as error:  # noqa: BLE001  # the adapter says which are the driver's
            self._adapt_connection._handle_exception(error)  # noqa: SLF001
        self._rows = deque(rows)

    @property
    def description(self) -> Any:
        """The columns of the rows."""
        return self._outcome[0]

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._outcome[1]

    @property
    def lastrowid(self) -> Any:
        """The id of the row that was inserted last."""
        return self._outcome[2]

    async def _async_soft_close(self) -> None:
        """It is closed already."""

    def close(self) -> None:
        """Drop what was not asked for."""
        self._rows.clear()


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    """A connection whose statements make one trip."""

    __slots__ = ()
    _cursor_cls = OneHopCursor  # type: ignore[assignment]  # it has less to open


def use_one_hop(engine: Engine) -> None:
    """Let `engine` connect that way."""

    def connect(dialect: Any, _record: Any, arguments: Any, options: Any) -> OneHopConnection:
        plain = dialect.dbapi.connect(*arguments, **options)
        return OneHopConnection(dialect.dbapi, plain._connection)  # noqa: SLF001

    event.listen(engine, "do_connect", connect)

"""What a database may refuse, by name."""

from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service_kit.errors import ServiceError, StorageFullError, full_or_none

_RETRY_SOON: Final = {"Retry-After": "1"}
_BUSY: Final = (
    "database is locked",
    "database table is locked",
    "deadlock detected",
    "could not serialize",
    "lock timeout",
)
_FULL: Final = ("database or disk is full", "disk full", "no space left", "disk I/O error")
_AWAY: Final = ("connect", "connection", "shutting down", "starting up", "unable to open database")


class DatabaseBusyError(ServiceError):
    """Others are writing, and it took too long."""

    slug = "database-busy"
    title = "The database is busy"
    status = 503


class DatabaseUnavailableError(ServiceError):
    """The database does not answer."""

    slug = "database-unavailable"
    title = "The database does not answer"
    status = 503


def named(error: Exception) -> ServiceError | None:
    """Say which of these a driver's error is; None when it is a fault of ours."""
    if isinstance(error, PoolTimeoutError):
        return _busy()
    if isinstance(error, OSError):
        return full_or_none(error) or DatabaseUnavailableError(headers=_RETRY_SOON)
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    if any(words in said for words in _BUSY):
        return _busy()
    if any(words.lower() in said for words in _FULL):
        return StorageFullError("The server's disk is full; nothing of this request was kept.")
    if error.connection_invalidated or any(words in said for words in _AWAY):
        return DatabaseUnavailableError(headers=_RETRY_SOON)
    return None


def _busy() -> DatabaseBusyError:
    return DatabaseBusyError("The database is busy; nothing of this request was kept. Try again.", headers=_RETRY_SOON)

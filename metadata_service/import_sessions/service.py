"""Runs import sessions, and counts in them what was really stored."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.import_sessions import repository
from metadata_service.import_sessions.errors import ImportEndedError, ImportNotFoundError, UnknownAuthorError
from metadata_service.import_sessions.schemas import ChannelChange, Counter, NewImport, Progress, Status
from metadata_service.tables import ImportSession

_STALE_AFTER: Final = timedelta(hours=12)
_COLUMN_OF: Final = {"imported": "images_imported", "duplicate": "duplicates_skipped", "error": "errors_count"}
_CLAIMED: Final[dict[Counter, str]] = {
    "imported": "claimed_imported",
    "duplicates_skipped": "claimed_duplicates",
    "errors": "claimed_errors",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing; see `ImportItem`."""

    key: str
    outcome: Literal["imported", "duplicate", "error"]
    photo_id: int | None = None
    filename: str | None = None
    detail: str | None = None


def status_of(row: ImportSession) -> Status:
    """The session's status: one in progress that nobody has moved for half a day is stale, until somebody does."""
    if row.status == "in_progress" and utc_now() - row.last_activity_at > _STALE_AFTER:
        return "stale"
    return row.status  # type: ignore[return-value]  # a constraint of the table


async def start(session: AsyncSession, owner_id: int, wanted: NewImport) -> ImportSession:
    """Begin an import."""
    await _know_author(session, owner_id, wanted.default_author_id)
    given = wanted.model_dump(exclude={"total_files_estimated"})
    row = ImportSession(owner_id=owner_id, total_files_found=wanted.total_files_estimated, **given)
    session.add(row)
    await session.flush()
    return row


async def _know_author(session: AsyncSession, owner_id: int, author_id: int | None) -> None:
    if author_id is not None and not await repository.has_author(session, owner_id, author_id):
        raise UnknownAuthorError(f"You have no author {author_id}.")


async def change(session: AsyncSession, owner_id: int, import_id: int, wanted: ChannelChange) -> ImportSession:
    """Set what is said of a channel."""
    row = await get(session, owner_id, import_id, to_change=True)
    await _know_author(session, owner_id, wanted.default_author_id)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(row, name, value)
    await session.flush()
    return row


async def delete(session: AsyncSession, owner_id: int, import_id: int) -> None:
    """Remove the session and its record; the photos stay."""
    row = await get(session, owner_id, import_id, to_change=True)
    await repository.leave_photos(session, import_id)
    await session.delete(row)
    await session.flush()


async def get(session: AsyncSession, owner_id: int, import_id: int, *, to_change: bool = False) -> ImportSession:
    """Find an owner's session or raise `ImportNotFoundError`."""
    row = await repository.find(session, owner_id, import_id, to_change=to_change)
    if row is None:
        raise ImportNotFoundError
    return row


async def report(session: AsyncSession, owner_id: int, import_id: int, progress: Progress) -> ImportSession:
    """Take a client's word for how far it has come."""
    row = await get(session, owner_id, import_id, to_change=True)
    for name in ("files_processed", "current_file", "total_files_found", "title", "description"):
        if name in progress.model_fields_set and (value := getattr(progress, name)) is not None:
            setattr(row, name, value)
    row.claimed_imported += progress.images_imported_increment
    row.claimed_duplicates += progress.duplicates_skipped_increment
    row.claimed_errors += progress.errors_increment
    row.last_activity_at = utc_now()
    if progress.status is not None:
        _end(row, progress.status)
    await session.flush()
    return row


async def claim(session: AsyncSession, owner_id: int, import_id: int, counter: Counter) -> ImportSession:
    """Count one more, for a client that counts by itself."""
    row = await get(session, owner_id, import_id, to_change=True)
    setattr(row, _CLAIMED[counter], getattr(row, _CLAIMED[counter]) + 1)
    row.last_activity_at = utc_now()
    await session.flush()
    return row


async def end(
    session: AsyncSession, owner_id: int, import_id: int, status: Literal["completed", "cancelled", "failed"]
) -> ImportSession:
    """End an import; ending it again in the same way changes nothing."""
    row = await get(session, owner_id, import_id, to_change=True)
    _end(row, status)
    await session.flush()
    return row


def _end(row: ImportSession, status: Literal["completed", "cancelled", "failed"]) -> None:
    if row.status == status:
        return
    if row.status != "in_progress":
        raise ImportEndedError(f"The import session is {row.status} already.")
    row.status = status
    row.completed_at = row.last_activity_at = utc_now()


async def record(session: AsyncSession, import_id: int, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of things, and count them: each once, however often it is told.

    What was imported stays imported when a retry finds it again. A file that failed and now succeeds is no failure
    any more.
    """
    row = await repository.locked(session, import_id)
    fresh = {item.key: item for item in reversed(outcomes)}
    before = await repository.outcomes(session, import_id, fresh)
    told = [item for key, item in fresh.items() if before.get(key) in {None, "error"}]
    if told:
        await repository.save(session, [{"session_id": import_id, **asdict(item)} for item in told])
    for item in told:
        _count(row, before.get(item.key), -1)
        _count(row, item.outcome, +1)
    names = {item.filename for item in told if item.filename and item.outcome != "error"}
    mended = await repository.failed_files(session, import_id, names) if names else []
    if mended:
        await repository.forget(session, import_id, mended)
        row.errors_count -= len(mended)
    row.last_activity_at = utc_now()
    await session.flush()


def _count(row: ImportSession, outcome: str | None, by: int) -> None:
    if outcome is not None:
        setattr(row, _COLUMN_OF[outcome], getattr(row, _COLUMN_OF[outcome]) + by)

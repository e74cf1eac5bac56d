"""What becomes of a job that did not end well: it waits, it is tried again, it has failed, it is parked."""

import random
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import update

from metadata_service.core_client import CoreRefusedError, CoreUnavailableError
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError, DatabaseUnavailableError
from metadata_service.db.types import utc_now
from metadata_service.storage import BlobMissingError, StoreAwayError
from metadata_service.tables import JobStatus, Upload, UploadJob, UploadStatus
from metadata_service.upload_jobs import leases, parts
from metadata_service.upload_jobs.analysing import TileFailedError
from metadata_service.upload_jobs.leases import MAX_ATTEMPTS, Lease
from service_kit.errors import ServiceError, StorageFullError

log = structlog.get_logger(__name__)

AWAY: Final = (
    CoreUnavailableError,
    StoreAwayError,
    StorageFullError,
    DatabaseBusyError,
    DatabaseUnavailableError,
)
"""What passes by itself; waiting for it uses up no attempt."""

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
_WITHOUT_A_WORD: Final = "We tried {attempts} times, and each time the work ended without a word."
_KEPT: Final = " The file was put aside; the original is kept, and you may try again."
_MISSING: Final = "The original is not in the store any more. Please upload the file again."


async def settle(database: Database, lease: Lease, error: Exception) -> None:
    """Write down what `error` means for the job."""
    if isinstance(error, AWAY):
        await _wait(database, lease, str(error))
    elif isinstance(error, BlobMissingError):
        await _fail(database, lease, _MISSING)
    elif isinstance(error, CoreRefusedError):
        await _fail(database, lease, str(error))
    elif isinstance(error, ServiceError):
        await _fail(database, lease, error.detail)
    elif isinstance(error, TileFailedError):
        await (_fail(database, lease, str(error)) if _was_last(lease) else _try_again(database, lease))
    else:
        log.error("an upload met what nobody foresaw", job=str(lease.job_id), exc_info=error)
        await (park(database, lease) if _was_last(lease) else _try_again(database, lease))


def _was_last(lease: Lease) -> bool:
    return lease.attempts >= MAX_ATTEMPTS


async def park(database: Database, lease: Lease) -> None:
    """Put a job aside that nobody survives."""
    why = _WITHOUT_A_WORD.format(attempts=lease.attempts)
    await _fail(database, lease, why if lease.parent_id else why + _KEPT, is_parked=True)


async def give_back(database: Database, lease: Lease) -> None:
    """Let others do it at once: this worker ends."""
    async with database.writing() as session:
        await leases.write(
            session, lease, status=JobStatus.PENDING, due_at=utc_now(), attempts=UploadJob.attempts - 1, worker=None
        )


async def _wait(database: Database, lease: Lease, what_for: str) -> None:
    async with database.writing() as session:
        await leases.write(
            session,
            lease,
            status=JobStatus.PENDING,
            attempts=UploadJob.attempts - 1,
            waits=UploadJob.waits + 1,
            due_at=utc_now() + timedelta(seconds=_pause(lease.waits)),
            waiting_for=what_for[:255],
        )


async def _try_again(database: Database, lease: Lease) -> None:
    async with database.writing() as session:
        due_at = utc_now() + timedelta(seconds=_pause(lease.attempts))
        await leases.write(session, lease, status=JobStatus.PENDING, due_at=due_at)


async def _fail(database: Database, lease: Lease, why: str, *, is_parked: bool = False) -> None:
    """End it; what a part could not do is its parent's to tell, else the upload has failed."""
    async with database.writing() as session:
        if lease.parent_id is not None:
            await parts.one_ended(session, lease.parent_id)
            await leases.write(session, lease, status=JobStatus.FAILED, due_at=None, error=why, is_parked=is_parked)
            return
        failed = update(Upload).where(Upload.id == lease.upload_id)
        await session.execute(failed.values(status=UploadStatus.FAILED, error=why, updated_at=utc_now()))
        await leases.write(
            session,
            lease,
            status=JobStatus.FAILED,
            due_at=None,
            finished_at=utc_now(),
            error=why,
            is_parked=is_parked,
        )


def _pause(times: int) -> float:
    """Longer each time, and by chance, so that not all come back at once."""
    return min(_FIRST_PAUSE * 2.0 ** min(times, 10), _LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311  # no secret

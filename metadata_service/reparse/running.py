"""Works on runs, piece by piece: each piece is one transaction with its progress, so that a run goes on where it was.

A run is leased for a minute, and again with every piece. Who dies lets it go; who comes first takes it up.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.core_client import CoreClient, CoreRefusedError, CoreUnavailableError, ExifAnswer
from metadata_service.db.engine import Database
from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.db.upsert import upsert
from metadata_service.ingest.raw_exif import apply
from metadata_service.reparse import repository
from metadata_service.reparse.comparing import changes, read_again
from metadata_service.tables import ReparseDifference, ReparseRun

log = structlog.get_logger(__name__)

_LEASE: Final = timedelta(seconds=60)
_PIECE: Final = 50
_AT_WORK: Final = ("comparing", "applying")

Answers = Mapping[int, ExifAnswer | CoreRefusedError]


async def run_forever(database: Database, core: CoreClient, pause_seconds: float) -> None:
    """Look again and again for runs that nobody works on."""
    while True:
        try:
            while (run_id := await claim(database)) is not None:
                await work_on(database, core, run_id)
        except CoreUnavailableError:
            log.info("reading EXIF again waits for core_service")
        except Exception:
            log.exception("reading EXIF again failed")
        await asyncio.sleep(pause_seconds)


async def claim(database: Database, run_id: int | None = None) -> int | None:
    """Lease a run that waits, the given one or any; None when there is none."""
    waits = ReparseRun.status.in_(_AT_WORK) & or_(
        ReparseRun.leased_until.is_(None), ReparseRun.leased_until < utc_now()
    )
    if run_id is not None:
        waits &= ReparseRun.id == run_id
    async with database.reading() as session:
        if await session.scalar(select(ReparseRun.id).where(waits).limit(1)) is None:
            return None
    async with database.writing() as session:
        first = select(ReparseRun.id).where(waits).order_by(ReparseRun.id).limit(1).scalar_subquery()
        lease = update(ReparseRun).where(ReparseRun.id == first, waits).values(leased_until=utc_now() + _LEASE)
        return await session.scalar(lease.returning(ReparseRun.id))


async def work_on(database: Database, core: CoreClient, run_id: int) -> None:
    """Work until the phase of the run is finished or somebody cancels it; raise `CoreUnavailableError`."""
    try:
        while await _piece(database, core, run_id):
            pass
    except CoreUnavailableError:
        async with database.writing() as session:
            waiting = update(ReparseRun).where(ReparseRun.id == run_id, ReparseRun.status.in_(_AT_WORK))
            await session.execute(waiting.values(leased_until=None, message="core_service is away; the run waits."))
        raise


async def _piece(database: Database, core: CoreClient, run_id: int) -> bool:
    async with database.reading() as session:
        run = await session.get(ReparseRun, run_id)
        if run is None or run.status not in _AT_WORK:
            return False
        if run.status == "comparing":
            ids = await repository.next_photos(session, run.owner_id, run.last_photo_id, _PIECE)
        else:
            found = await repository.differences(session, run_id, after=run.last_photo_id, limit=_PIECE, open_only=True)
            ids = [row.photo_id for row in found]
        blobs = await repository.blobs(session, ids)
    answers = await read_again(core, blobs)
    async with database.writing() as session:
        await take_turn(session, run.owner_id)
        now = await repository.run(session, run.owner_id, run_id, to_change=True)
        if now is None or (now.status, now.last_photo_id) != (run.status, run.last_photo_id):
            return False  # cancelled meanwhile, or taken over by somebody who thought us dead
        step = _compare if run.status == "comparing" else _apply
        await step(session, now, ids, answers)
        now.last_photo_id = max(ids, default=now.last_photo_id)
        now.leased_until, now.message = utc_now() + _LEASE, None
        if not ids:
            now.status = "compared" if now.status == "comparing" else "completed"
            now.leased_until = None
    return bool(ids)


async def _compare(session: AsyncSession, run: ReparseRun, ids: list[int], answers: Answers) -> None:
    known = await repository.known(session, ids)
    rows = []
    for photo_id in ids:
        answer = answers.get(photo_id)
        if photo_id not in known or answer is None:
            continue
        if isinstance(answer, CoreRefusedError):
            run.unreadable += 1
        elif found := changes(*known[photo_id], answer):
            rows.append({"run_id": run.id, "photo_id": photo_id, "changes": found, "is_applied": False})
    if rows:
        await session.execute(upsert(session, ReparseDifference, ("run_id", "photo_id"), ("changes",)), rows)
    run.compared += len(ids)
    run.different += len(rows)
    await session.flush()


async def _apply(session: AsyncSession, run: ReparseRun, ids: list[int], answers: Answers) -> None:
    done = 0
    for photo_id in ids:
        answer = answers.get(photo_id)
        if answer is not None and not isinstance(answer, CoreRefusedError):
            await apply(session, photo_id, answer)
            done += 1
    chosen = (ReparseDifference.run_id == run.id) & ReparseDifference.photo_id.in_(ids)
    await session.execute(update(ReparseDifference).where(chosen).values(is_applied=True))
    run.applied += done
    await session.flush()

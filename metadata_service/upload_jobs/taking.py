"""Who is next: in each queue every owner in turn, and of an owner's jobs the one that has been due longest.

So somebody's single photo waits for one job of whoever sends ten thousand, and not for all of them. Each worker goes
round the owners by itself and remembers only whom it served last.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CTE, Select, exists, func, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from metadata_service.db.types import utc_now
from metadata_service.tables import JobStatus, Upload, UploadJob, UploadStatus
from metadata_service.upload_jobs.leases import Lease
from metadata_service.upload_jobs.stages import Queue

Shares = Mapping[Queue, Mapping[int, int]]
"""How many jobs of which owner are to be taken from which queue."""

_LEASE: Final = (
    UploadJob.id,
    UploadJob.upload_id,
    UploadJob.parent_id,
    UploadJob.queue,
    UploadJob.lease,
    UploadJob.attempts,
    UploadJob.waits,
    UploadJob.stage,
)


class Rota:
    """Whose turn it is, in each queue."""

    def __init__(self) -> None:
        """Begin with whoever comes first."""
        self._served: dict[Queue, int] = {}

    def deal(self, queue: Queue, owners: Sequence[int], places: int) -> dict[int, int]:
        """Deal out so many places to owners, given in order, one after the other; begin after whom was served last."""
        if not owners:
            return {}
        first = bisect_right(owners, self._served.get(queue, 0))
        order = [owners[(first + turn) % len(owners)] for turn in range(places)]
        self._served[queue] = order[-1]
        return {owner: order.count(owner) for owner in order}


async def waiting(session: AsyncSession, queues: Iterable[Queue]) -> dict[Queue, list[int]]:
    """The owners who have something due, in order, by queue: asked often, and only a look."""
    now = utc_now()
    arms = [_owners(queue, now) for queue in queues]
    found: dict[Queue, list[int]] = {}
    for queue, owner_id in await session.execute(union_all(*arms)) if arms else ():
        found.setdefault(Queue(queue), []).append(owner_id)
    return {queue: sorted(owners) for queue, owners in found.items()}


def _owners(queue: Queue, now: datetime) -> Select[Any]:
    """Go from owner to owner over the index, however many jobs each has, and look whether one is due."""
    least, more, due = aliased(UploadJob), aliased(UploadJob), aliased(UploadJob)
    first = select(func.min(least.owner_id).label("id")).where(least.queue == queue, least.due_at.is_not(None))
    owners = first.cte(f"owners_{queue}", recursive=True)
    further = select(func.min(more.owner_id)).where(
        more.queue == queue, more.due_at.is_not(None), more.owner_id > owners.c.id
    )
    owners = owners.union_all(select(further.correlate(owners).scalar_subquery()).where(owners.c.id.is_not(None)))
    is_due = exists().where(due.queue == queue, due.owner_id == owners.c.id, due.due_at <= now)
    return select(literal(queue.value), owners.c.id).where(is_due)


async def take(session: AsyncSession, worker: str, shares: Shares, seconds: float) -> list[Lease]:
    """Take jobs that are due, of each owner as many as are its share."""
    now = utc_now()
    wanted = [(queue, *share) for queue, owners in shares.items() for share in owners.items()]
    if not wanted:
        return []
    # Numbered, not named after their owners: it is the same statement for all of them.
    due = [_due(f"due_{number}", *share, now) for number, share in enumerate(wanted)]
    taken = (
        update(UploadJob)
        .where(UploadJob.id.in_(union_all(*(select(one.c.id) for one in due))))
        .values(
            status=JobStatus.PROCESSING,
            worker=worker,
            lease=UploadJob.lease + 1,
            attempts=UploadJob.attempts + 1,
            due_at=now + timedelta(seconds=seconds),
            waiting_for=None,
            started_at=func.coalesce(UploadJob.started_at, now),
            updated_at=now,
        )
        .returning(*_LEASE)
        .execution_options(synchronize_session=False)
    )
    found = [_lease(*row) for row in await session.execute(taken)]
    await _mark(session, found, now)
    return found


def _due(name: str, queue: Queue, owner_id: int, count: int, now: datetime) -> CTE:
    query = select(UploadJob.id).where(
        UploadJob.queue == queue, UploadJob.owner_id == owner_id, UploadJob.due_at <= now
    )
    longest = query.order_by(UploadJob.due_at, UploadJob.id).limit(count)
    # As a mere subquery PostgreSQL might run it several times, and take more than `count`.
    return longest.with_for_update(skip_locked=True).cte(name)


def _lease(job_id: Any, upload_id: Any, parent_id: Any, queue: str, *rest: Any) -> Lease:
    return Lease(job_id, upload_id, parent_id, Queue(queue), *rest)


async def _mark(session: AsyncSession, taken: Sequence[Lease], now: datetime) -> None:
    """Say of uploads that they are being worked on, if that is news; one that is just being changed can go without."""
    news = {lease.upload_id for lease in taken if lease.stage is None}
    if not news:
        return
    free = select(Upload.id).where(Upload.id.in_(sorted(news)), Upload.status == UploadStatus.UPLOADED)
    marked = update(Upload).where(Upload.id.in_(select(free.with_for_update(skip_locked=True).cte("free").c.id)))
    changed = marked.values(status=UploadStatus.PROCESSING, updated_at=now)
    await session.execute(changed.execution_options(synchronize_session=False))

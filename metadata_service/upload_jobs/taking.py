"""Who is next: in each queue every owner in turn, and of an owner's jobs the one that has been due longest.

So somebody's single photo waits for one job of whoever sends ten thousand, and not for all of them. Each worker goes
round the owners by itself and remembers only whom it served last.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Integer,
    Select,
    Update,
    Uuid,
    bindparam,
    exists,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from metadata_service.db.types import UtcDateTime, utc_now
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
    found: dict[Queue, list[int]] = {}
    for queue, owner_id in await session.execute(_look(frozenset(queues)), {"now": utc_now()}):
        found.setdefault(Queue(queue), []).append(owner_id)
    return {queue: sorted(owners) for queue, owners in found.items()}


async def take(session: AsyncSession, worker: str, shares: Shares, seconds: float) -> list[Lease]:
    """Take jobs that are due, of each owner as many as are its share."""
    wanted = [(queue, *share) for queue, owners in shares.items() for share in owners.items()]
    if not wanted:
        return []
    now = utc_now()
    asked: dict[str, Any] = {"taker": worker, "now": now, "until": now + timedelta(seconds=seconds)}
    for number, (queue, owner_id, count) in enumerate(wanted):
        asked |= {f"queue_{number}": queue, f"owner_{number}": owner_id, f"count_{number}": count}
    found = [_lease(*row) for row in await session.execute(_taking(len(wanted)), asked)]
    begun = [lease.upload_id for lease in found if lease.stage is None]
    if begun:
        await session.execute(_marking(), {"ids": begun, "now": now})
    return found


def _lease(job_id: Any, upload_id: Any, parent_id: Any, queue: str, *rest: Any) -> Lease:
    return Lease(job_id, upload_id, parent_id, Queue(queue), *rest)


# The statements are put together once: that takes ten times as long as to run them.

_NOW: Final = bindparam("now", type_=UtcDateTime())


@cache
def _look(queues: frozenset[Queue]) -> CompoundSelect[Any]:
    return union_all(*map(_owners, sorted(queues)))


def _owners(queue: Queue) -> Select[Any]:
    """Go from owner to owner over the index, however many jobs each has, and look whether one is due."""
    least, more, due = aliased(UploadJob), aliased(UploadJob), aliased(UploadJob)
    first = select(func.min(least.owner_id).label("id")).where(least.queue == queue, least.due_at.is_not(None))
    owners = first.cte(f"owners_{queue}", recursive=True)
    further = select(func.min(more.owner_id)).where(
        more.queue == queue, more.due_at.is_not(None), more.owner_id > owners.c.id
    )
    owners = owners.union_all(select(further.correlate(owners).scalar_subquery()).where(owners.c.id.is_not(None)))
    is_due = exists().where(due.queue == queue, due.owner_id == owners.c.id, due.due_at <= _NOW)
    return select(literal(queue.value), owners.c.id).where(is_due)


@cache
def _taking(count: int) -> ReturningUpdate[*tuple[Any, ...]]:
    """Take what is due of so many shares."""
    due = [_due(number) for number in range(count)]
    return (
        update(UploadJob)
        .where(UploadJob.id.in_(union_all(*(select(one.c.id) for one in due))))
        .values(
            status=JobStatus.PROCESSING,
            worker=bindparam("taker"),
            lease=UploadJob.lease + 1,
            attempts=UploadJob.attempts + 1,
            due_at=bindparam("until", type_=UtcDateTime()),
            waiting_for=None,
            started_at=func.coalesce(UploadJob.started_at, _NOW),
            updated_at=_NOW,
        )
        .returning(*_LEASE)
        .execution_options(synchronize_session=False)
    )


def _due(number: int) -> CTE:
    """An owner's jobs that have been due longest. As a mere subquery PostgreSQL might run it several times."""
    query = select(UploadJob.id).where(
        UploadJob.queue == bindparam(f"queue_{number}"),
        UploadJob.owner_id == bindparam(f"owner_{number}"),
        UploadJob.due_at <= _NOW,
    )
    longest = query.order_by(UploadJob.due_at, UploadJob.id).limit(bindparam(f"count_{number}", type_=Integer))
    return longest.with_for_update(skip_locked=True).cte(f"due_{number}")


@cache
def _marking() -> Update:
    """Say of uploads that they are being worked on; one that is just being changed can go without."""
    ids = bindparam("ids", expanding=True, type_=Uuid())
    new = select(Upload.id).where(Upload.id.in_(ids), Upload.status == UploadStatus.UPLOADED)
    free = new.with_for_update(skip_locked=True).cte("free")
    marked = update(Upload).where(Upload.id.in_(select(free.c.id)))
    changed = marked.values(status=UploadStatus.PROCESSING, updated_at=_NOW)
    return changed.execution_options(synchronize_session=False)

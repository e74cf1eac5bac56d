"""`python -m metadata_service reparse`: the runs of everybody, or of one, from the command line."""

from collections import Counter
from collections.abc import Callable

from sqlalchemy import func, select

from metadata_service.core_client import CoreClient
from metadata_service.db.engine import Database
from metadata_service.reparse import repository, service
from metadata_service.reparse.running import claim, work_on
from metadata_service.tables import ReparseDifference, ReparseRun, User

Say = Callable[[str], None]


class UnknownUserError(Exception):
    """Nobody has this name."""


async def reparse(database: Database, core: CoreClient, say: Say, *, username: str | None, apply: bool) -> None:
    """Compare, report, and apply where that is wanted; raise `CoreUnavailableError`, and go on when called again."""
    async with database.reading() as session:
        query = select(User.id, User.username).order_by(User.id)
        users = (await session.execute(query if username is None else query.where(User.username == username))).all()
    if not users and username is not None:
        raise UnknownUserError(username)
    for user_id, name in users:
        run_id = await _begun(database, user_id)
        await _work(database, core, run_id)
        say(f"{name}: {await _report(database, run_id)}")
        if apply and await _begin_to_apply(database, user_id, run_id):
            await _work(database, core, run_id)
            say(f"{name}: {await _report(database, run_id)}")


async def _begun(database: Database, user_id: int) -> int:
    """The run that was interrupted, else a new one."""
    async with database.writing() as session:
        if (going_on := await repository.at_work(session, user_id)) is not None:
            return going_on
        return (await service.start(session, user_id)).id


async def _work(database: Database, core: CoreClient, run_id: int) -> None:
    while await claim(database, run_id) is not None:
        await work_on(database, core, run_id)


async def _begin_to_apply(database: Database, user_id: int, run_id: int) -> bool:
    async with database.writing() as session:
        run = await service.get(session, user_id, run_id)
        if run.status == "compared":
            await service.begin_to_apply(session, user_id, run_id)
        return run.status in {"compared", "applying"}


async def _report(database: Database, run_id: int) -> str:
    fields: Counter[str] = Counter()
    async with database.reading() as session:
        run = (await session.scalars(select(ReparseRun).where(ReparseRun.id == run_id))).one()
        after = 0
        while rows := await repository.differences(session, run_id, after=after, limit=500):
            fields.update(name for row in rows for name in row.changes)
            after = rows[-1].photo_id
        left = await session.scalar(
            select(func.count()).where(ReparseDifference.run_id == run_id, ~ReparseDifference.is_applied)
        )
    told = ", ".join(f"{name} of {count}" for name, count in fields.most_common())
    said = f"{run.status}, {run.compared} of {run.total} photos compared, {run.unreadable} unreadable"
    return f"{said}, {run.different} differ ({told or 'nothing'}), {run.applied} changed, {left} left."

"""The counts of import sessions: how many of their items were imported, known already, or failed."""

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import ImportItem, ImportSession

_KEPT = (ImportSession.images_imported, ImportSession.duplicates_skipped, ImportSession.errors_count)
_OUTCOMES = ("imported", "duplicate", "error")


async def check(session: AsyncSession) -> list[str]:
    """Say which sessions count otherwise than their items do."""
    counted = _counted().subquery()
    query = select(
        ImportSession.id, *_KEPT, *(func.coalesce(counted.c[outcome], 0) for outcome in _OUTCOMES)
    ).outerjoin(counted, counted.c.session_id == ImportSession.id)
    return [
        f"import session {import_id} counts {tuple(numbers[:3])}, its items are {tuple(numbers[3:])}"
        for import_id, *numbers in await session.execute(query)
        if numbers[:3] != numbers[3:]
    ]


async def rebuild(session: AsyncSession) -> None:
    """Count all items again."""
    counted = _counted().subquery()
    values = {
        column.key: func.coalesce(
            select(counted.c[outcome]).where(counted.c.session_id == ImportSession.id).scalar_subquery(), 0
        )
        for column, outcome in zip(_KEPT, _OUTCOMES, strict=True)
    }
    await session.execute(update(ImportSession).values(values).execution_options(synchronize_session=False))


def _counted() -> Select[int, int, int, int]:
    numbers = (func.sum(case((ImportItem.outcome == outcome, 1), else_=0)).label(outcome) for outcome in _OUTCOMES)
    imported, duplicate, error = numbers
    return select(ImportItem.session_id, imported, duplicate, error).group_by(ImportItem.session_id)

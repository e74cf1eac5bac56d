"""Statements about saved searches."""

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.tables import SavedSearch


async def find(session: AsyncSession, owner_id: int, search_id: int) -> SavedSearch | None:
    """Find a search of the owner."""
    query = select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


def _of(owner_id: int, *, favorites_only: bool) -> ColumnElement[bool]:
    mine = SavedSearch.owner_id == owner_id
    return and_(mine, SavedSearch.is_favorite) if favorites_only else mine


async def page(
    session: AsyncSession, owner_id: int, *, favorites_only: bool, offset: int, limit: int
) -> list[SavedSearch]:
    """Searches of the owner, favourites first, then by name."""
    query = select(SavedSearch).where(_of(owner_id, favorites_only=favorites_only))
    order = (SavedSearch.is_favorite.desc(), func.lower(SavedSearch.name), SavedSearch.id)
    return list(await session.scalars(query.order_by(*order).offset(offset).limit(limit)))


async def count(session: AsyncSession, owner_id: int, *, favorites_only: bool) -> int:
    """How many searches there are on all pages."""
    query = select(func.count()).select_from(SavedSearch).where(_of(owner_id, favorites_only=favorites_only))
    return await session.scalar(query) or 0


async def note(session: AsyncSession, owner_id: int, search_id: int, result_count: int) -> None:
    """Write down that a search was executed, and what came of it: that changes nothing of the search itself."""
    query = update(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.owner_id == owner_id)
    await session.execute(
        query.values(result_count=result_count, last_executed=utc_now(), updated_at=SavedSearch.updated_at)
    )

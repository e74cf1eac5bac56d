"""Keeps an owner's searches and asks them again."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.gallery.schemas import Listing
from metadata_service.gallery.service import photos
from metadata_service.photo_searches import repository
from metadata_service.photo_searches.errors import SearchNotFoundError
from metadata_service.photo_searches.schemas import NewSearch, SearchChange, SearchList, SearchOut
from metadata_service.tables import SavedSearch
from metadata_service.visibility import Viewer
from service_kit.errors import InvalidRequestError


async def get(session: AsyncSession, owner_id: int, search_id: int) -> SavedSearch:
    """Find a search of the owner or raise `SearchNotFoundError`."""
    search = await repository.find(session, owner_id, search_id)
    if search is None:
        raise SearchNotFoundError
    return search


async def page(session: AsyncSession, owner_id: int, *, favorites_only: bool, offset: int, limit: int) -> SearchList:
    """List searches of the owner."""
    found = await repository.page(session, owner_id, favorites_only=favorites_only, offset=offset, limit=limit)
    total = await repository.count(session, owner_id, favorites_only=favorites_only)
    searches = [SearchOut.model_validate(search) for search in found]
    return SearchList(searches=searches, total=total, offset=offset, limit=limit)


async def create(session: AsyncSession, owner_id: int, new: NewSearch) -> SearchOut:
    """Keep a search."""
    search = SavedSearch(owner_id=owner_id, **new.model_dump())
    session.add(search)
    await session.flush()
    return SearchOut.model_validate(search)


async def change(session: AsyncSession, owner_id: int, search_id: int, wanted: SearchChange) -> SearchOut:
    """Set the fields that were given."""
    search = await get(session, owner_id, search_id)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(search, name, value)
    await session.flush()
    return SearchOut.model_validate(search)


async def delete(session: AsyncSession, owner_id: int, search_id: int) -> None:
    """Forget a search."""
    await session.delete(await get(session, owner_id, search_id))
    await session.flush()


async def execute(
    session: AsyncSession, owner_id: int, search_id: int, *, offset: int | None, limit: int | None
) -> dict[str, Any]:
    """Ask a search again, for the page that it was saved for or another; count exactly, because the number is kept."""
    search = await get(session, owner_id, search_id)
    try:
        asked = Listing.model_validate(search.search_criteria)
    except ValidationError as error:
        raise InvalidRequestError("The search was saved with criteria that are not known any more.") from error
    here = {
        "offset": (asked.skipped or 0) if offset is None else offset,
        "limit": asked.limit if limit is None else limit,
        "page": None,
        "cursor": None,
        "exact_total": True,
    }
    return await photos(session, Viewer(owner_id), asked.model_copy(update=here))

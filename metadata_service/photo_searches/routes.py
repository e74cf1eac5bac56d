"""`/photo-searches`: ask for photos, and keep what was asked."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.answers import JsonResponse
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.gallery.routes import search_photos
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET, InvalidCursorError, Page
from metadata_service.photo_searches import repository, service
from metadata_service.photo_searches.errors import SearchNotFoundError
from metadata_service.photo_searches.schemas import NewSearch, SearchChange, SearchList, SearchOut
from metadata_service.photos.paths import RowId
from metadata_service.photos.schemas import PhotoOut
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/photo-searches", tags=["searches"])

_READ = answers(NotSignedInError, InvalidTokenError, SearchNotFoundError)
_WRITE = {**_READ, **answers(CrossSiteRequestError, DatabaseBusyError)}
_PAGE: Final[dict[int | str, dict[str, Any]]] = {200: {"model": Page[PhotoOut], "description": "One page."}}
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET)]

router.post(
    "/ad-hoc",
    summary="The photos that you see and ask for, as `POST /photos/search` gives them",
    response_class=JsonResponse,
    responses={**_PAGE, **answers(InvalidCursorError, InvalidTokenError, MalformedRequestError)},
)(search_photos)


@router.get("", summary="Your saved searches, favourites first", responses=answers(NotSignedInError, InvalidTokenError))
async def list_searches(
    owner_id: SignedIn,
    *,
    session: ReadSession,
    favorites_only: Annotated[bool, Query()] = False,
    offset: Offset = 0,
    limit: Limit = 100,
) -> SearchList:
    return await service.page(session, owner_id, favorites_only=favorites_only, offset=offset, limit=limit)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Keep a search", responses=_WRITE)
async def create_search(new: NewSearch, owner_id: SignedIn, session: WriteSession) -> SearchOut:
    return await service.create(session, owner_id, new)


@router.get("/{search_id:int}", summary="A saved search of yours", responses=_READ)
async def get_search(search_id: RowId, owner_id: SignedIn, session: ReadSession) -> SearchOut:
    return SearchOut.model_validate(await service.get(session, owner_id, search_id))


@router.put("/{search_id:int}", summary="Change a saved search", responses=_WRITE)
async def change_search(search_id: RowId, wanted: SearchChange, owner_id: SignedIn, session: WriteSession) -> SearchOut:
    return await service.change(session, owner_id, search_id, wanted)


@router.delete(
    "/{search_id:int}", status_code=status.HTTP_204_NO_CONTENT, summary="Forget a saved search", responses=_WRITE
)
async def delete_search(search_id: RowId, owner_id: SignedIn, session: WriteSession) -> None:
    await service.delete(session, owner_id, search_id)


@router.post(
    "/{search_id:int}/execute",
    summary="The photos that a saved search finds now",
    response_class=JsonResponse,
    responses={**_PAGE, **_WRITE},
)
async def execute_search(
    search_id: RowId,
    owner_id: SignedIn,
    *,
    database: Annotated[Database, Depends(database)],
    override_offset: Offset | None = None,
    override_limit: Limit | None = None,
) -> Response:
    # Two sessions: other writers need not wait while photos are looked for.
    async with database.reading() as session:
        found = await service.execute(session, owner_id, search_id, offset=override_offset, limit=override_limit)
    async with database.writing() as session:
        await repository.note(session, owner_id, search_id, found["meta"]["total"])
    return JsonResponse(found)

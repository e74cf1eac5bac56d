"""`/places`."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT, Cursor, InvalidCursorError
from metadata_service.photos.paths import RowId
from metadata_service.places import repository, service
from metadata_service.places.errors import PlaceHasPartsError, PlaceNotFoundError, PlaceRefusedError
from metadata_service.places.schemas import NewPlace, PlaceDeleted, PlaceEventOut, PlaceHistory, PlaceList, PlaceOut
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/places", tags=["places"])

_ORDER = 110
_READ = (NotSignedInError, InvalidTokenError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError, MalformedRequestError, PlaceRefusedError)


@router.get("", summary="Your places", responses=answers(*_READ))
async def list_places(owner_id: SignedIn, session: ReadSession) -> PlaceList:
    return PlaceList(data=await service.show_all(session, owner_id))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Draw a place", responses=answers(*_WRITE))
async def create_place(wanted: NewPlace, owner_id: SignedIn, session: WriteSession) -> PlaceOut:
    return await service.create(session, owner_id, wanted)


@router.get("/{place_id:int}", summary="One place", responses=answers(*_READ, PlaceNotFoundError))
async def get_place(place_id: RowId, owner_id: SignedIn, session: ReadSession) -> PlaceOut:
    return await service.show(session, owner_id, place_id)


@router.put(
    "/{place_id:int}",
    summary="Draw a place anew",
    responses=answers(*_WRITE, PlaceNotFoundError, PlaceHasPartsError),
)
async def change_place(place_id: RowId, wanted: NewPlace, owner_id: SignedIn, session: WriteSession) -> PlaceOut:
    return await service.change(session, owner_id, place_id, wanted)


@router.delete(
    "/{place_id:int}",
    summary="Remove a place; its photos stay",
    responses=answers(*_READ, CrossSiteRequestError, DatabaseBusyError, PlaceNotFoundError, PlaceHasPartsError),
)
async def delete_place(place_id: RowId, owner_id: SignedIn, session: WriteSession) -> PlaceDeleted:
    return PlaceDeleted(id=place_id, photos_left=await service.delete(session, owner_id, place_id))


@router.get(
    "/{place_id:int}/history",
    summary="Which uploads came to a place and left it, the last first",
    responses=answers(*_READ, PlaceNotFoundError, InvalidCursorError),
)
async def place_history(
    place_id: RowId,
    owner_id: SignedIn,
    session: ReadSession,
    *,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> PlaceHistory:
    await service.get(session, owner_id, place_id)
    before = Cursor.parse(cursor, order=_ORDER, keys=1).keys[0] if cursor else None
    rows = await repository.history(session, place_id, before=before, limit=limit + 1)
    events = [
        PlaceEventOut(timestamp=at, event=event, image_id=upload_id, filename=filename, photo_id=photo_id)
        for _, at, event, upload_id, filename, photo_id in rows[:limit]
    ]
    following = str(Cursor(_ORDER, (rows[limit - 1][0],))) if len(rows) > limit else None
    return PlaceHistory(data=events, next_cursor=following)

"""`/events` and `/photos/{ref}/event`: the caller's events, seen by nobody else, and the photos that belong to them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query, Response, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.answers import JsonResponse
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.events import service
from metadata_service.events.errors import EventCycleError, EventNotFoundError, EventsTooDeepError
from metadata_service.events.schemas import EventChange, EventOut, EventTree, Move, NewEvent, PhotoEvent
from metadata_service.paging import MAX_OFFSET
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from metadata_service.photos.schemas import Id, PhotoChange, PhotoDetail, PhotoOut
from metadata_service.photos.service import change as change_photo
from service_kit.problems import answers

router = APIRouter(prefix="/events", tags=["events"])
photo_router = APIRouter(prefix="/photos/{ref}/event", tags=["events"])

_Wanted = Annotated[PhotoEvent | Id | None, Body(description="The event's number; some clients send it alone.")]
# Older clients ask for all photos of an event at once.
_MOST_PHOTOS: Final = 10_000
_READ = answers(NotSignedInError, InvalidTokenError, EventNotFoundError)
_WRITE = {**_READ, **answers(CrossSiteRequestError, DatabaseBusyError)}
_HANG = {**_WRITE, **answers(EventCycleError, EventsTooDeepError)}
_PHOTOS: Final[dict[int | str, dict[str, Any]]] = {200: {"model": list[PhotoOut], "description": "Newest first."}}


@router.get("", summary="Your events right below one, or at the top", responses=_READ)
async def list_events(
    owner_id: SignedIn, session: ReadSession, parent_id: Annotated[Id | None, Query()] = None
) -> list[EventOut]:
    return await service.children(session, owner_id, parent_id)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Add an event", responses=_HANG)
async def create_event(new: NewEvent, owner_id: SignedIn, session: WriteSession) -> EventOut:
    return await service.create(session, owner_id, new)


@router.get("/tree", summary="Your events as a tree, all or from one down", responses=_READ)
async def event_tree(
    owner_id: SignedIn, session: ReadSession, root_id: Annotated[Id | None, Query()] = None
) -> EventTree:
    return await service.tree(session, owner_id, root_id)


@router.get("/{event_id:int}", summary="An event of yours", responses=_READ)
async def get_event(event_id: RowId, owner_id: SignedIn, session: ReadSession) -> EventOut:
    return await service.get(session, owner_id, event_id)


@router.put("/{event_id:int}", summary="Change an event", responses=_HANG)
async def change_event(event_id: RowId, wanted: EventChange, owner_id: SignedIn, session: WriteSession) -> EventOut:
    return await service.change(session, owner_id, event_id, wanted)


@router.post("/{event_id:int}/move", summary="Move an event with all below it", responses=_HANG)
async def move_event(event_id: RowId, wanted: Move, owner_id: SignedIn, session: WriteSession) -> EventOut:
    return await service.move(session, owner_id, event_id, wanted.new_parent_id)


@router.delete(
    "/{event_id:int}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete an event; what lies below it moves up, its photos stay",
    responses=_WRITE,
)
async def delete_event(event_id: RowId, owner_id: SignedIn, session: WriteSession) -> None:
    await service.delete(session, owner_id, event_id)


@router.get(
    "/{event_id:int}/photos",
    summary="The photos of an event",
    response_class=JsonResponse,
    responses={**_PHOTOS, **_READ},
)
async def event_photos(
    event_id: RowId,
    owner_id: SignedIn,
    *,
    session: ReadSession,
    include_descendants: Annotated[bool, Query(description="Also of all events below it.")] = False,
    skip: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_PHOTOS)] = _MOST_PHOTOS,
) -> Response:
    found = await service.photos(
        session, owner_id, event_id, with_descendants=include_descendants, skip=skip, limit=limit
    )
    return JsonResponse(found)


@photo_router.put(
    "",
    summary="Say which event a photo belongs to, or that it belongs to none",
    responses=answers(
        PhotoNotFoundError,
        NotSignedInError,
        InvalidTokenError,
        NotYourPhotoError,
        CrossSiteRequestError,
        DatabaseBusyError,
    ),
)
async def set_event(ref: PathRef, *, wanted: _Wanted = None, owner_id: SignedIn, session: WriteSession) -> PhotoDetail:
    event_id = wanted.event_id if isinstance(wanted, PhotoEvent) else wanted
    return await change_photo(session, owner_id, ref, PhotoChange(event_id=event_id))

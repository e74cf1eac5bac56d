"""`/collections`: the caller's collections, seen by nobody else, and the photos in them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.answers import JsonResponse
from metadata_service.collections import items, service
from metadata_service.collections.errors import CollectionFullError, CollectionNotFoundError
from metadata_service.collections.item_schemas import MAX_ITEMS, CleanedUp, Managed, PhotoItem, Photos
from metadata_service.collections.schemas import (
    CollectionChange,
    CollectionDetail,
    CollectionList,
    CollectionOut,
    NewCollection,
)
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET
from metadata_service.photos.paths import RowId
from metadata_service.photos.schemas import PhotoOut
from service_kit.problems import answers

router = APIRouter(prefix="/collections", tags=["collections"])

_LIST: Final = answers(NotSignedInError, InvalidTokenError)
_READ: Final = answers(NotSignedInError, InvalidTokenError, CollectionNotFoundError)
_WRITE: Final = {**_READ, **answers(CrossSiteRequestError, DatabaseBusyError)}
_ADD: Final = {**_WRITE, **answers(CollectionFullError)}
_DETAIL: Final[dict[int | str, dict[str, Any]]] = {200: {"model": CollectionDetail, "description": "With its items."}}
_PHOTOS: Final[dict[int | str, dict[str, Any]]] = {200: {"model": list[PhotoOut], "description": "In order."}}
Skip = Annotated[int, Query(ge=0, le=MAX_OFFSET)]


@router.get("", summary="Your collections, the latest changed first", responses=_LIST)
async def list_collections(
    owner_id: SignedIn, session: ReadSession, skip: Skip = 0, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100
) -> CollectionList:
    return await service.page(session, owner_id, offset=skip, limit=limit)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Make a collection", responses=_ADD)
async def create_collection(new: NewCollection, owner_id: SignedIn, session: WriteSession) -> CollectionOut:
    collection = await service.create(session, owner_id, new.name, new.description)
    await items.insert(session, owner_id, collection.id, _items(new.hothashes))
    return await service.summary(session, collection)


@router.get(
    "/{collection_id:int}",
    summary="A collection with its items",
    response_class=JsonResponse,
    responses={**_DETAIL, **_READ},
)
async def get_collection(collection_id: RowId, owner_id: SignedIn, session: ReadSession) -> Response:
    return JsonResponse(await service.detail(session, owner_id, collection_id))


@router.patch("/{collection_id:int}", summary="Rename a collection, or say more of it", responses=_WRITE)
@router.put("/{collection_id:int}", summary="The same, for clients that say PUT", responses=_WRITE)
async def change_collection(
    collection_id: RowId, wanted: CollectionChange, owner_id: SignedIn, session: WriteSession
) -> CollectionOut:
    return await service.change(session, owner_id, collection_id, wanted)


@router.delete(
    "/{collection_id:int}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete a collection; its photos stay",
    responses=_WRITE,
)
async def delete_collection(collection_id: RowId, owner_id: SignedIn, session: WriteSession) -> None:
    await service.delete(session, owner_id, collection_id)


@router.get(
    "/{collection_id:int}/photos",
    summary="The photos of a collection, in its order",
    response_class=JsonResponse,
    responses={**_PHOTOS, **_READ},
)
async def collection_photos(
    collection_id: RowId,
    owner_id: SignedIn,
    *,
    session: ReadSession,
    skip: Skip = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_ITEMS)] = 100,
) -> Response:
    return JsonResponse(await service.photos(session, owner_id, collection_id, offset=skip, limit=limit))


@router.post("/{collection_id:int}/photos", summary="Add photos of yours at the end", responses=_ADD)
async def add_photos(collection_id: RowId, wanted: Photos, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.insert(session, owner_id, collection_id, _items(wanted.hothashes))


@router.delete("/{collection_id:int}/photos", summary="Take photos out", responses=_WRITE)
async def remove_photos(collection_id: RowId, wanted: Photos, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.remove_photos(session, owner_id, collection_id, wanted.hothashes)


@router.put("/{collection_id:int}/photos/reorder", summary="Put photos in order; text cards stay", responses=_WRITE)
async def order_photos(collection_id: RowId, wanted: Photos, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.order_photos(session, owner_id, collection_id, wanted.hothashes)


@router.post("/{collection_id:int}/cleanup", summary="Give up the places of photos in the trash", responses=_WRITE)
async def clean_up(collection_id: RowId, owner_id: SignedIn, session: WriteSession) -> CleanedUp:
    return await items.clean_up(session, owner_id, collection_id)


def _items(hothashes: list[str]) -> list[PhotoItem]:
    return [PhotoItem(type="photo", photo_hothash=hothash) for hothash in hothashes]

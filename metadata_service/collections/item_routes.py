"""`/collections/{id}/items`: photos and text cards in the order of a collection."""

from typing import Annotated, Final

from fastapi import APIRouter, Path

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.collections import items
from metadata_service.collections.errors import CollectionFullError, CollectionNotFoundError, NoSuchItemError
from metadata_service.collections.item_schemas import (
    MAX_ITEMS,
    Caption,
    CardChange,
    Insertion,
    Items,
    Managed,
    Move,
    Positions,
    Visible,
)
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import WriteSession
from metadata_service.photos.paths import RowId
from service_kit.problems import answers

router = APIRouter(prefix="/collections/{collection_id:int}/items", tags=["collections"])

_WRITE: Final = answers(
    NotSignedInError,
    InvalidTokenError,
    CrossSiteRequestError,
    CollectionNotFoundError,
    NoSuchItemError,
    DatabaseBusyError,
)
_ADD: Final = {**_WRITE, **answers(CollectionFullError)}
At = Annotated[int, Path(ge=0, le=MAX_ITEMS, description="Counted from 0, among the items that are shown.")]


@router.post("", summary="Add photos and text cards at the end", responses=_ADD)
async def add_items(collection_id: RowId, wanted: Items, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.insert(session, owner_id, collection_id, wanted.items)


@router.post("/insert", summary="Put items before another", responses=_ADD)
async def insert_items(collection_id: RowId, wanted: Insertion, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.insert(session, owner_id, collection_id, wanted.items, wanted.position)


@router.post("/move", summary="Move neighbours to another place", responses=_WRITE)
async def move_items(collection_id: RowId, wanted: Move, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.move(session, owner_id, collection_id, wanted)


@router.put("/reorder", summary="Give all items anew, in their order", responses=_ADD)
async def replace_items(collection_id: RowId, wanted: Items, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.replace(session, owner_id, collection_id, wanted.items)


@router.delete("", summary="Take items out", responses=_WRITE)
async def remove_items(collection_id: RowId, wanted: Positions, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.remove(session, owner_id, collection_id, wanted.positions)


@router.delete("/{position:int}", summary="Take an item out", responses=_WRITE)
async def remove_item(collection_id: RowId, position: At, owner_id: SignedIn, session: WriteSession) -> Managed:
    return await items.remove(session, owner_id, collection_id, [position])


@router.patch("/{position:int}", summary="Change a text card", responses=_WRITE)
async def change_card(
    collection_id: RowId, position: At, wanted: CardChange, *, owner_id: SignedIn, session: WriteSession
) -> Managed:
    given = {f"card_{name}": value for name, value in wanted.model_dump(exclude_unset=True).items()}
    return await items.change(session, owner_id, collection_id, position, given)


@router.patch("/{position:int}/caption", summary="Say something of a photo in this collection", responses=_WRITE)
async def change_caption(
    collection_id: RowId, position: At, wanted: Caption, *, owner_id: SignedIn, session: WriteSession
) -> Managed:
    return await items.change(session, owner_id, collection_id, position, {"caption": wanted.caption})


@router.patch("/{position:int}/visibility", summary="Show an item in slideshows, or leave it out", responses=_WRITE)
async def change_visibility(
    collection_id: RowId, position: At, wanted: Visible, *, owner_id: SignedIn, session: WriteSession
) -> Managed:
    return await items.change(session, owner_id, collection_id, position, {"visible": wanted.visible})

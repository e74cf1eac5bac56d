"""`/share-links`: an owner's links."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.answers import JsonResponse
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET, InvalidCursorError, Page, PageMeta, offset_meta
from metadata_service.photos.paths import RowId
from metadata_service.photos.schemas import PhotoOut
from metadata_service.sharing import repository, service
from metadata_service.sharing.errors import LinkNotFoundError
from metadata_service.sharing.schemas import LinkChange, LinkDone, LinkOut, NewLink, NewLinkOut
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/share-links", tags=["sharing"])

_SIGNED_IN = (NotSignedInError, InvalidTokenError)
_READ = (*_SIGNED_IN, LinkNotFoundError)
_WRITE = (*_READ, CrossSiteRequestError, MalformedRequestError, DatabaseBusyError)


@router.get("", summary="Your links, newest first", responses=answers(*_SIGNED_IN))
async def list_links(
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> Page[LinkOut]:
    found = await repository.of_owner(session, owner_id, offset=offset, limit=limit)
    total = await repository.count(session, owner_id)
    shown = [LinkOut(**service.present(link)) for link in found]
    return Page(data=shown, meta=offset_meta(total=total, offset=offset, limit=limit, next_cursor=None))


@router.post(
    "", status_code=status.HTTP_201_CREATED, summary="Make a link; its token is shown once", responses=answers(*_WRITE)
)
async def create(new: NewLink, owner_id: SignedIn, session: WriteSession) -> NewLinkOut:
    return await service.create(session, owner_id, new)


@router.get("/{link_id}", summary="A link of yours", responses=answers(*_READ))
async def get_link(link_id: RowId, owner_id: SignedIn, session: ReadSession) -> LinkOut:
    return LinkOut(**service.present(await service.get(session, owner_id, link_id)))


@router.get(
    "/{link_id}/photos",
    summary="What a link of yours shows now, told as its visitors are told",
    response_class=JsonResponse,
    responses={
        200: {"model": Page[PhotoOut], "description": "One page."},
        **answers(*_READ, InvalidCursorError),
    },
)
async def list_photos(
    link_id: RowId,
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    link = await service.get(session, owner_id, link_id)
    shown, more = await service.page(session, link, limit=limit, cursor=cursor, path=None)
    return JsonResponse({"data": shown, "meta": PageMeta(limit=limit, next_cursor=more).model_dump()})


@router.patch("/{link_id}", summary="Change a link", responses=answers(*_WRITE))
async def change(link_id: RowId, wanted: LinkChange, owner_id: SignedIn, session: WriteSession) -> LinkOut:
    return await service.change(session, owner_id, link_id, wanted)


@router.post("/{link_id}/revoke", summary="Close a link at once, for good", responses=answers(*_WRITE))
async def revoke(link_id: RowId, owner_id: SignedIn, session: WriteSession) -> LinkOut:
    return await service.revoke(session, owner_id, link_id)


@router.delete("/{link_id}", summary="Close a link and forget it", responses=answers(*_WRITE))
async def delete(link_id: RowId, owner_id: SignedIn, session: WriteSession) -> LinkDone:
    await session.delete(await service.get(session, owner_id, link_id))
    await session.flush()
    return LinkDone(message="The link was removed.")

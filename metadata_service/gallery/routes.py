"""`GET /photos` and `POST /photos/search`: the photos that a viewer sees and asks for."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.accounts.viewer import CurrentViewer
from metadata_service.answers import JsonResponse
from metadata_service.db.session import ReadSession
from metadata_service.gallery import service
from metadata_service.gallery.schemas import Listing
from metadata_service.paging import InvalidCursorError, Page
from metadata_service.photos.schemas import PhotoOut
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["gallery"])

_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Page[PhotoOut], "description": "One page."},
    **answers(InvalidCursorError, InvalidTokenError),
}


@router.get("", summary="The photos you see, newest first", response_class=JsonResponse, responses=_PAGE)
async def list_photos(viewer: CurrentViewer, session: ReadSession, asked: Annotated[Listing, Query()]) -> Response:
    return JsonResponse(await service.photos(session, viewer, asked))


@router.post(
    "/search",
    summary="The same, asked for in a body",
    response_class=JsonResponse,
    responses={**_PAGE, **answers(MalformedRequestError)},
)
async def search_photos(viewer: CurrentViewer, session: ReadSession, asked: Listing) -> Response:
    if asked.cursor is None and asked.skipped is None:
        asked.offset = 0  # older clients count pages and say nothing of the first
    return JsonResponse(await service.photos(session, viewer, asked))

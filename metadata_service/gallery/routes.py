"""`GET /photos`, `POST /photos/search`, `GET /photos/timeline/…/photos`: photos that a viewer sees and asks for."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.accounts.viewer import CurrentViewer
from metadata_service.answers import JsonResponse
from metadata_service.asking import by_query, parameters
from metadata_service.db.session import ReadSession
from metadata_service.gallery import service
from metadata_service.gallery.schemas import Listing
from metadata_service.paging import InvalidCursorError, Page
from metadata_service.photos.schemas import PhotoOut
from service_kit.errors import InvalidRequestError, MalformedRequestError
from service_kit.problems import answers
from shared_schemas.problem import FieldError

router = APIRouter(prefix="/photos", tags=["gallery"])

Asked = Annotated[Listing, Depends(by_query(Listing))]
_DOCUMENTED: Final = parameters(Listing)
_YEAR: Final = "/timeline/year/{year}"
_MONTH: Final = f"{_YEAR}/month/{{month}}"
_DAY: Final = f"{_MONTH}/day/{{day}}"
Year = Annotated[int, Path(ge=1, le=9999)]
Month = Annotated[int, Path(ge=1, le=12)]
Day = Annotated[int, Path(ge=1, le=31)]
Hour = Annotated[int, Path(ge=0, le=23)]
_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Page[PhotoOut], "description": "One page."},
    **answers(InvalidCursorError, InvalidTokenError),
}


@router.get(
    "",
    summary="The photos you see, newest first",
    response_class=JsonResponse,
    responses=_PAGE,
    openapi_extra=_DOCUMENTED,
)
async def list_photos(viewer: CurrentViewer, session: ReadSession, asked: Asked) -> Response:
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


async def _of_period(viewer: CurrentViewer, session: ReadSession, asked: Listing, **period: int) -> Response:
    try:
        within = asked.within(**period)
    except ValueError as error:
        wrong = FieldError(loc=["path", "day"], msg="must be one that the month has.")
        raise InvalidRequestError("day: must be one that the month has.", errors=[wrong]) from error
    within.offset = within.skipped if within.cursor else within.skipped or 0
    return JsonResponse(await service.photos(session, viewer, within))


@router.get(
    f"{_YEAR}/photos",
    summary="The photos of a year",
    response_class=JsonResponse,
    responses=_PAGE,
    openapi_extra=_DOCUMENTED,
)
async def photos_of_year(year: Year, viewer: CurrentViewer, session: ReadSession, asked: Asked) -> Response:
    return await _of_period(viewer, session, asked, year=year)


@router.get(
    f"{_MONTH}/photos",
    summary="The photos of a month",
    response_class=JsonResponse,
    responses=_PAGE,
    openapi_extra=_DOCUMENTED,
)
async def photos_of_month(
    year: Year, month: Month, *, viewer: CurrentViewer, session: ReadSession, asked: Asked
) -> Response:
    return await _of_period(viewer, session, asked, year=year, month=month)


@router.get(
    f"{_DAY}/photos",
    summary="The photos of a day",
    response_class=JsonResponse,
    responses=_PAGE,
    openapi_extra=_DOCUMENTED,
)
async def photos_of_day(
    year: Year,
    month: Month,
    day: Day,
    *,
    viewer: CurrentViewer,
    session: ReadSession,
    asked: Asked,
) -> Response:
    return await _of_period(viewer, session, asked, year=year, month=month, day=day)


@router.get(
    f"{_DAY}/hour/{{hour}}/photos",
    summary="The photos of an hour",
    response_class=JsonResponse,
    responses=_PAGE,
    openapi_extra=_DOCUMENTED,
)
async def photos_of_hour(
    year: Year,
    month: Month,
    day: Day,
    hour: Hour,
    *,
    viewer: CurrentViewer,
    session: ReadSession,
    asked: Asked,
) -> Response:
    return await _of_period(viewer, session, asked, year=year, month=month, day=day, hour=hour)

"""`/timeline`: periods with their pictures, and segments."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response, status

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.accounts.viewer import CurrentViewer
from metadata_service.answers import VARY, JsonResponse, KnownTags
from metadata_service.asking import by_query, parameters
from metadata_service.db.session import ReadSession
from metadata_service.paging import InvalidCursorError
from metadata_service.timeline import segments, service
from metadata_service.timeline.periods import Period
from metadata_service.timeline.schemas import PeriodCriteria, Segment, SegmentQuery, Segments, Timeline, TimelineQuery
from service_kit.errors import InvalidRequestError
from service_kit.problems import answers
from shared_schemas.problem import FieldError

router = APIRouter(prefix="/timeline", tags=["timeline"])

_FARTHEST: Final = 300_000_000_000_000
_AT = Annotated[int, Path(ge=-_FARTHEST, le=_FARTHEST, description="Milliseconds of the wall clock since 1970.")]
_SEGMENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Segment, "description": "At most a thousand photos."},
    304: {"description": "The caller has it."},
    **answers(InvalidTokenError, InvalidCursorError),
}


@router.get(
    "",
    summary="Years, months, days or hours that have photos, the newest first",
    response_class=JsonResponse,
    responses={200: {"model": Timeline, "description": "The periods."}, **answers(InvalidTokenError)},
    openapi_extra=parameters(TimelineQuery),
)
async def get_timeline(
    viewer: CurrentViewer, session: ReadSession, asked: Annotated[TimelineQuery, Depends(by_query(TimelineQuery))]
) -> Response:
    return JsonResponse(await service.timeline(session, viewer, asked))


@router.get(
    "/segments",
    summary="Where how many photos lie, cut into segments; with a day, that day cut finer",
    response_class=JsonResponse,
    responses={200: {"model": Segments, "description": "The segments."}, **answers(InvalidTokenError)},
    openapi_extra=parameters(PeriodCriteria),
)
async def get_layout(
    viewer: CurrentViewer, session: ReadSession, asked: Annotated[PeriodCriteria, Depends(by_query(PeriodCriteria))]
) -> Response:
    return JsonResponse(await segments.layout(session, viewer, asked))


@router.get(
    "/segments/undated",
    summary="The photos that nobody knows the time of",
    response_class=JsonResponse,
    responses=_SEGMENT,
    openapi_extra=parameters(SegmentQuery),
)
async def get_undated(
    viewer: CurrentViewer,
    session: ReadSession,
    known: KnownTags,
    asked: Annotated[SegmentQuery, Depends(by_query(SegmentQuery))],
) -> Response:
    part = await segments.part(session, viewer, asked.criteria(), None, asked.cursor)
    return await _answer(session, part, known)


@router.get(
    "/segments/{first}/{end}",
    summary="The photos of one segment",
    response_class=JsonResponse,
    responses=_SEGMENT,
    openapi_extra=parameters(SegmentQuery),
)
async def get_segment(
    first: _AT,
    end: _AT,
    *,
    viewer: CurrentViewer,
    session: ReadSession,
    known: KnownTags,
    asked: Annotated[SegmentQuery, Depends(by_query(SegmentQuery))],
) -> Response:
    if first >= end:
        wrong = FieldError(loc=["path", "end"], msg="must be greater than first.")
        raise InvalidRequestError("end: must be greater than first.", errors=[wrong])
    part = await segments.part(session, viewer, asked.criteria(), Period(first, end), asked.cursor)
    return await _answer(session, part, known)


async def _answer(session: ReadSession, part: segments.Part, known: frozenset[str]) -> Response:
    headers = {"Cache-Control": "private, no-cache", "Vary": VARY}
    if known and (tag := await segments.etag(session, part)) in known:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers | {"ETag": f'"{tag}"'})
    content, tag = await segments.photos(session, part)
    return JsonResponse(content, headers=headers | {"ETag": f'"{tag}"'})

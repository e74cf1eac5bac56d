"""`/photos/map`: photos on the map."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.accounts.viewer import CurrentViewer
from metadata_service.answers import VARY, JsonResponse
from metadata_service.db.session import ReadSession
from metadata_service.map import service
from metadata_service.map.schemas import Clusters, MapQuery
from service_kit.problems import answers

router = APIRouter(prefix="/photos/map", tags=["map"])


@router.get(
    "/clusters",
    summary="How many photos lie where, for a part of the earth and a zoom, with a picture of each place",
    response_class=JsonResponse,
    responses={200: {"model": Clusters, "description": "At most 4,096 clusters."}, **answers(InvalidTokenError)},
)
async def get_clusters(viewer: CurrentViewer, session: ReadSession, asked: Annotated[MapQuery, Query()]) -> Response:
    content = await service.clusters(session, viewer, asked)
    return JsonResponse(content, headers={"Cache-Control": "private, no-cache", "Vary": VARY})

"""`/statistics`, and `/database-stats` for existing clients."""

from fastapi import APIRouter

from metadata_service.accounts.errors import InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.session import ReadSession
from metadata_service.statistics import service
from metadata_service.statistics.schemas import DatabaseStats, Statistics
from service_kit.problems import answers

router = APIRouter(tags=["statistics"])

_READ = answers(NotSignedInError, InvalidTokenError)


@router.get("/statistics", summary="Your photos, counted", responses=_READ)
async def statistics(owner_id: SignedIn, session: ReadSession) -> Statistics:
    return await service.statistics(session, owner_id)


@router.get("/database-stats", summary="The same in the shape of existing clients", responses=_READ, deprecated=True)
async def database_stats(owner_id: SignedIn, session: ReadSession) -> DatabaseStats:
    return await service.database_stats(session, owner_id)

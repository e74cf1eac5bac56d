"""`/users/me/sessions`: where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Path

from metadata_service.accounts.asked_from import AskedFrom
from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import Caller
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.sessions import service
from metadata_service.sessions.errors import SessionNotFoundError
from metadata_service.sessions.schemas import SessionEnded, SessionList
from service_kit.problems import answers

router = APIRouter(prefix="/users/me/sessions", tags=["accounts"])


@router.get("", summary="Where you are signed in", responses=answers(NotSignedInError, InvalidTokenError))
async def listed(who: Caller, session: ReadSession) -> SessionList:
    return SessionList(data=await service.listed(session, who.user_id, who.session_id))


@router.delete(
    "/{session_id}",
    summary="End one of your sign-ins",
    responses=answers(
        NotSignedInError, InvalidTokenError, CrossSiteRequestError, SessionNotFoundError, DatabaseBusyError
    ),
)
async def end(
    session_id: Annotated[int, Path(ge=1, lt=2**63)], who: Caller, client: AskedFrom, session: WriteSession
) -> SessionEnded:
    await service.end_one(session, who.user_id, session_id, client)
    return SessionEnded()

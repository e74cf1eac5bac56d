"""`/photo-stacks/suggestions`: stacks that the evidence speaks for."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import InvalidCursorError
from metadata_service.stacks import suggestions
from metadata_service.stacks.errors import SuggestionGoneError
from metadata_service.stacks.schemas import StackDone
from metadata_service.stacks.suggestion_schemas import Accept, Dismiss, DismissedOut, Suggestions
from service_kit.problems import answers

router = APIRouter(prefix="/photo-stacks/suggestions", tags=["stacks"])

_SIGNED_IN = (NotSignedInError, InvalidTokenError)
_WRITE = (*_SIGNED_IN, CrossSiteRequestError, DatabaseBusyError)


@router.get(
    "",
    summary="Photos of yours that seem to be one scene, and why; the newest first",
    responses=answers(*_SIGNED_IN, InvalidCursorError),
)
async def list_suggestions(
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=64, description="`next_cursor` of the answer before.")] = None,
) -> Suggestions:
    return await suggestions.suggestions(session, owner_id, limit=limit, cursor=cursor)


@router.post(
    "/accept",
    status_code=status.HTTP_201_CREATED,
    summary="Make a stack of a suggestion",
    responses=answers(*_WRITE, SuggestionGoneError),
)
async def accept(wanted: Accept, owner_id: SignedIn, session: WriteSession) -> StackDone:
    return StackDone(message="The stack was made.", stack=await suggestions.accept(session, owner_id, wanted))


@router.post("/dismiss", summary="Do not suggest it again, or do", responses=answers(*_WRITE))
async def dismiss(wanted: Dismiss, owner_id: SignedIn, session: WriteSession) -> DismissedOut:
    return await suggestions.dismiss(session, owner_id, wanted)

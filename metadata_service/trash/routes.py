"""`/photos/trash`."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT, InvalidCursorError, Page
from metadata_service.storage.access import Blobs
from metadata_service.trash import service
from metadata_service.trash.schemas import Emptied, TrashedPhoto
from service_kit.problems import answers

router = APIRouter(prefix="/photos/trash", tags=["trash"])


@router.get(
    "",
    summary="What you threw away, the last first",
    responses=answers(NotSignedInError, InvalidTokenError, InvalidCursorError),
)
async def list_trash(
    owner_id: SignedIn,
    session: ReadSession,
    *,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=64, description="`next_cursor` of the page before.")] = None,
) -> Page[TrashedPhoto]:
    return await service.photos(session, owner_id, limit=limit, cursor=cursor)


@router.post(
    "/empty",
    summary="Remove for good what lies in the trash",
    responses=answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, DatabaseBusyError),
)
async def empty_trash(
    owner_id: SignedIn, session: WriteSession, blobs: Blobs, after_commit: BackgroundTasks
) -> Emptied:
    purged, unused = await service.empty(session, owner_id)
    for key in unused:
        after_commit.add_task(blobs.delete, key)
    return Emptied(purged=purged)

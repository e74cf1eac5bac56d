"""`GET /photos`: the photos that a viewer sees, newest first."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from metadata_service import visibility
from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.accounts.viewer import CurrentViewer
from metadata_service.db.session import ReadSession
from metadata_service.gallery import repository
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET, Cursor, InvalidCursorError, Page, PageMeta, offset_meta
from metadata_service.photos.presenter import present
from metadata_service.photos.schemas import PhotoOut
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["gallery"])


@router.get("", summary="The photos you see, newest first", responses=answers(InvalidCursorError, InvalidTokenError))
async def list_photos(
    viewer: CurrentViewer,
    session: ReadSession,
    *,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=64, description="`next_cursor` of the page before.")] = None,
    offset: Annotated[int | None, Query(ge=0, le=MAX_OFFSET, description="For older clients; slow when deep.")] = None,
    page: Annotated[int | None, Query(ge=1, le=MAX_OFFSET, description="The same, counted in pages from 1.")] = None,
    owner: Annotated[Literal["anyone", "me"], Query(description="`me`: only your own.")] = "anyone",
) -> Page[PhotoOut]:
    arms = visibility.own(viewer) if owner == "me" else visibility.arms(viewer)
    if offset is None and page is not None:
        offset = min((page - 1) * limit, MAX_OFFSET)
    after = Cursor.parse(cursor) if cursor else None
    found = await repository.page(session, arms, limit=limit + 1, after=after, offset=offset or 0)
    shown, more = found[:limit], len(found) > limit
    next_cursor = str(Cursor(shown[-1].sort_ts, shown[-1].id)) if more else None
    if offset is None:
        meta = PageMeta(limit=limit, next_cursor=next_cursor)
    else:
        total = await repository.count(session, arms)
        meta = offset_meta(total=total, offset=offset, limit=limit, next_cursor=next_cursor)
    return Page(data=[present(photo, viewer) for photo in shown], meta=meta)

"""`/phototext`: stories, the caller's own and those that others published."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import CurrentViewer, SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.photos.paths import RowId
from metadata_service.phototext import service
from metadata_service.phototext.errors import NotYourStoryError, StoryNotFoundError
from metadata_service.phototext.schemas import NewStory, StoryChange, StoryList, StoryOut, Wanted
from service_kit.problems import answers

router = APIRouter(prefix="/phototext", tags=["stories"])

_WRITE = answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, DatabaseBusyError)
_CHANGE = {
    **answers(NotSignedInError, InvalidTokenError, StoryNotFoundError, DatabaseBusyError),
    **answers(CrossSiteRequestError, NotYourStoryError),
}


@router.get("", summary="The stories that you may read", responses=answers(InvalidTokenError))
async def list_stories(viewer: CurrentViewer, session: ReadSession, wanted: Annotated[Wanted, Query()]) -> StoryList:
    return await service.page(session, viewer, wanted)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Keep a new story", responses=_WRITE)
async def create_story(new: NewStory, owner_id: SignedIn, session: WriteSession) -> StoryOut:
    return await service.create(session, owner_id, new)


@router.get(
    "/{story_id:int}",
    summary="A story with all its blocks",
    responses=answers(StoryNotFoundError, InvalidTokenError),
)
async def get_story(story_id: RowId, viewer: CurrentViewer, session: ReadSession) -> StoryOut:
    return await service.get(session, viewer, story_id)


@router.put("/{story_id:int}", summary="Change, publish or withdraw a story", responses=_CHANGE)
async def change_story(story_id: RowId, wanted: StoryChange, owner_id: SignedIn, session: WriteSession) -> StoryOut:
    return await service.change(session, owner_id, story_id, wanted)


@router.delete("/{story_id:int}", status_code=status.HTTP_204_NO_CONTENT, summary="Delete a story", responses=_CHANGE)
async def delete_story(story_id: RowId, owner_id: SignedIn, session: WriteSession) -> None:
    await service.delete(session, owner_id, story_id)

"""Keeps stories, and shows them to those who may read them."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.phototext import repository
from metadata_service.phototext.errors import NotYourStoryError, StoryNotFoundError
from metadata_service.phototext.schemas import NewStory, StoryChange, StoryList, StoryOut, StorySummary, Wanted
from metadata_service.tables import Story
from metadata_service.visibility import Viewer, Visibility


async def get(session: AsyncSession, viewer: Viewer, story_id: int) -> StoryOut:
    """Show a story that `viewer` reads, or raise `StoryNotFoundError`."""
    story = await repository.find(session, viewer, story_id)
    if story is None:
        raise StoryNotFoundError
    return StoryOut.of(story)


async def page(session: AsyncSession, viewer: Viewer, wanted: Wanted) -> StoryList:
    """List stories that `viewer` reads."""
    stories = await repository.page(session, viewer, wanted)
    total = await repository.count(session, viewer, wanted)
    documents = [StorySummary.of(story) for story in stories]
    return StoryList(documents=documents, total=total, limit=wanted.limit, offset=wanted.offset)


async def create(session: AsyncSession, owner_id: int, new: NewStory) -> StoryOut:
    """Keep a new story."""
    story = Story(owner_id=owner_id, visibility=Visibility.PRIVATE.value, is_published=False)
    _set(story, new.columns())
    session.add(story)
    await session.flush()
    return StoryOut.of(story)


async def change(session: AsyncSession, owner_id: int, story_id: int, wanted: StoryChange) -> StoryOut:
    """Set the fields that were given."""
    story = await _own(session, owner_id, story_id)
    _set(story, wanted.columns())
    await session.flush()
    return StoryOut.of(story)


async def delete(session: AsyncSession, owner_id: int, story_id: int) -> None:
    """Remove a story; the photos in it stay."""
    await session.delete(await _own(session, owner_id, story_id))
    await session.flush()


def _set(story: Story, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(story, name, value)
    if not story.is_published:
        story.published_at = None
    elif story.published_at is None:
        story.published_at = utc_now()


async def _own(session: AsyncSession, owner_id: int, story_id: int) -> Story:
    """Find a story to change it: not read is not found, read but another's is `NotYourStoryError`."""
    viewer = Viewer(owner_id)
    story = await repository.find(session, viewer, story_id, to_change=True)
    if story is None:
        raise StoryNotFoundError
    if not viewer.owns(story.owner_id):
        raise NotYourStoryError
    return story

"""Queries about stories, always made as somebody."""

from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from metadata_service.phototext.schemas import Wanted
from metadata_service.tables import Story
from metadata_service.visibility import Viewer, stories_visible_to

_KEYS: Final = {
    "created_at": Story.created_at.expression,
    "updated_at": Story.updated_at.expression,
    "title": func.lower(Story.title),
}


async def find(session: AsyncSession, viewer: Viewer, story_id: int, *, to_change: bool = False) -> Story | None:
    """Find a story that `viewer` reads; `to_change` lets nobody else change it meanwhile."""
    query = select(Story).where(Story.id == story_id, stories_visible_to(viewer))
    return (await session.scalars(query.with_for_update() if to_change else query)).one_or_none()


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [stories_visible_to(viewer, wanted.level)]
    if wanted.document_type is not None:
        conditions.append(Story.document_type == wanted.document_type)
    if wanted.is_published is not None:
        conditions.append(Story.is_published.is_(wanted.is_published))
    return conditions


async def page(session: AsyncSession, viewer: Viewer, wanted: Wanted) -> list[Story]:
    """A page of the stories that `viewer` reads, without their content."""
    key = _KEYS[wanted.sort_by]
    order = (key.desc(), Story.id.desc()) if wanted.sort_order == "desc" else (key.asc(), Story.id.asc())
    query = select(Story).options(defer(Story.content, raiseload=True)).where(*_conditions(viewer, wanted))
    return list(await session.scalars(query.order_by(*order).limit(wanted.limit).offset(wanted.offset)))


async def count(session: AsyncSession, viewer: Viewer, wanted: Wanted) -> int:
    """How many stories there are on all pages."""
    query = select(func.count()).select_from(Story).where(*_conditions(viewer, wanted))
    return await session.scalar(query) or 0

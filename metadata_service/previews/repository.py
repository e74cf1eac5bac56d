"""Queries for preview bytes, always made as somebody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.repository import best_first, named
from metadata_service.tables import Photo, PhotoPreview
from metadata_service.visibility import IS_PUBLIC, Viewer, pictured_to, visible_to


async def hotpreview(session: AsyncSession, viewer: Viewer, ref: PhotoRef, known: frozenset[str]) -> Row[Any] | None:
    """Give (is_public, hothash, JPEG) of what `ref` names if `viewer` sees it; no bytes if its hothash is `known`."""
    jpeg = case((Photo.hothash.in_(known), null()), else_=PhotoPreview.hotpreview) if known else PhotoPreview.hotpreview
    query = (
        select(IS_PUBLIC, Photo.hothash, jpeg.label("jpeg"))
        .join(PhotoPreview, PhotoPreview.photo_id == Photo.id)
        .where(named(ref), pictured_to(viewer))
        .order_by(*best_first(viewer))
        .limit(1)
    )
    return (await session.execute(query)).first()


async def hothashes(session: AsyncSession, viewer: Viewer, ids: Sequence[int]) -> dict[int, str]:
    """Give the hothash of each of the photos whose hotpreview `viewer` is shown."""
    query = select(Photo.id, Photo.hothash).where(Photo.id.in_(ids), pictured_to(viewer))
    return {row.id: row.hothash for row in await session.execute(query)}


async def hotpreviews(session: AsyncSession, viewer: Viewer, ids: Sequence[int]) -> dict[int, Row[str, bytes, int]]:
    """Give (hothash, JPEG, id) of the same photos."""
    query = (
        select(Photo.hothash, PhotoPreview.hotpreview, Photo.id)
        .join(PhotoPreview, PhotoPreview.photo_id == Photo.id)
        .where(Photo.id.in_(ids), pictured_to(viewer))
    )
    return {row.id: row for row in await session.execute(query)}


async def coldpreview(
    session: AsyncSession, viewer: Viewer, ref: PhotoRef
) -> Row[bool, str | None, int | None, int | None] | None:
    """Give (is_public, coldpreview_key, its width, its height) of what `ref` names if `viewer` sees it."""
    query = (
        select(IS_PUBLIC, Photo.coldpreview_key, Photo.coldpreview_width, Photo.coldpreview_height)
        .where(named(ref), visible_to(viewer))
        .order_by(*best_first(viewer))
        .limit(1)
    )
    return (await session.execute(query)).first()

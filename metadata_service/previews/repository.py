"""Queries for preview bytes, always made as somebody."""

from typing import Any

from sqlalchemy import Row, case, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.repository import best_first, named
from metadata_service.tables import Photo, PhotoPreview
from metadata_service.visibility import IS_PUBLIC, Viewer, visible_to


async def hotpreview(session: AsyncSession, viewer: Viewer, ref: PhotoRef, known: frozenset[str]) -> Row[Any] | None:
    """Give (is_public, hothash, JPEG) of what `ref` names if `viewer` sees it; no bytes if its hothash is `known`."""
    jpeg = case((Photo.hothash.in_(known), null()), else_=PhotoPreview.hotpreview) if known else PhotoPreview.hotpreview
    query = (
        select(IS_PUBLIC, Photo.hothash, jpeg.label("jpeg"))
        .join(PhotoPreview, PhotoPreview.photo_id == Photo.id)
        .where(named(ref), visible_to(viewer))
        .order_by(*best_first(viewer))
        .limit(1)
    )
    return (await session.execute(query)).first()


async def coldpreview(session: AsyncSession, viewer: Viewer, ref: PhotoRef) -> Row[bool, str | None] | None:
    """Give (is_public, coldpreview_key) of what `ref` names if `viewer` sees it."""
    query = (
        select(IS_PUBLIC, Photo.coldpreview_key)
        .where(named(ref), visible_to(viewer))
        .order_by(*best_first(viewer))
        .limit(1)
    )
    return (await session.execute(query)).first()

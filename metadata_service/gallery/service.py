"""Lists photos as a viewer asked for them."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.gallery.schemas import Listing
from metadata_service.paging import PageMeta, offset_meta
from metadata_service.photos import filters, listing
from metadata_service.photos.companions import told_rows
from metadata_service.photos.filters import Arm
from metadata_service.visibility import Viewer


async def photos(session: AsyncSession, viewer: Viewer, asked: Listing) -> dict[str, Any]:
    """Give one page, ready to be written: its rows and where it lies."""
    order = asked.order
    where: Any = {"limit": asked.limit + 1, "after": order.read(asked.cursor), "offset": asked.skipped or 0}
    arms: tuple[Arm, ...] = ()
    found = None
    if _is_whole(viewer, asked):
        found = await listing.page_of_look(session, asked.look(viewer), order, **where)
    if found is None:
        arms = await filters.arms(session, viewer, asked, order)
        found = await listing.page(session, arms, order, **where)
    shown = found[: asked.limit]
    next_cursor = str(order.cursor(shown[-1])) if len(found) > asked.limit else None
    meta = await _meta(session, viewer, asked, arms, next_cursor)
    return {"data": await told_rows(session, shown, viewer), "meta": meta.model_dump()}


async def _meta(
    session: AsyncSession, viewer: Viewer, asked: Listing, arms: tuple[Arm, ...], next_cursor: str | None
) -> PageMeta:
    if asked.skipped is None and not asked.exact_total:
        return PageMeta(limit=asked.limit, next_cursor=next_cursor)
    is_open = _is_whole(viewer, asked)
    if is_open:
        total = await listing.count_all(session, asked.look(viewer))
    else:
        total = await listing.count(session, arms, exactly=asked.exact_total)
    capped = None if is_open or asked.exact_total else total == listing.CAP
    return offset_meta(
        total=total,
        offset=asked.skipped or 0,
        limit=asked.limit,
        next_cursor=next_cursor,
        total_is_capped=capped,
    )


def _is_whole(viewer: Viewer, asked: Listing) -> bool:
    """Whether all that somebody sees is listed; through other eyes, a list is a choice of the owner's photos."""
    return viewer.eyes is None and asked.is_open()

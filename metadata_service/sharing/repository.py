"""Statements about links, and about what they show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, insert, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.paging import Cursor
from metadata_service.photos import filters, listing
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.filters import PHOTOS, Arm
from metadata_service.photos.order import Order
from metadata_service.photos.presenter import SHOWN
from metadata_service.redaction.conditions import are_times_hidden
from metadata_service.tables import Collection, CollectionItem, Photo, PhotoPreview, ShareLink, ShareLinkPhoto, User
from metadata_service.visibility import Eyes, Viewer, own, visible_to

_COLUMNS: Final = tuple(PHOTOS.c[name] for name in SHOWN)
_NEWEST: Final = Order()
_ARRIVAL: Final = Order("created")
_BY_PLACE: Final = 200
"""The code of a cursor that walks an owner's own order."""


def visitor(link: ShareLink) -> Viewer:
    """Whoever looks by a link."""
    return Viewer(None, Eyes(link.owner_id, "link", link.id))


async def find(session: AsyncSession, owner_id: int, link_id: int) -> ShareLink | None:
    """Find a link of the owner."""
    query = select(ShareLink).where(ShareLink.id == link_id, ShareLink.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


async def of_owner(session: AsyncSession, owner_id: int, *, offset: int, limit: int) -> list[ShareLink]:
    """Links of the owner, the newest first."""
    query = select(ShareLink).where(ShareLink.owner_id == owner_id).order_by(ShareLink.id.desc())
    return list(await session.scalars(query.offset(offset).limit(limit)))


async def count(session: AsyncSession, owner_id: int) -> int:
    """How many links the owner has."""
    return await session.scalar(select(func.count()).where(ShareLink.owner_id == owner_id)) or 0


async def alive(session: AsyncSession, token_hash: str, now: datetime) -> ShareLink | None:
    """Find the link of a token, if it may be looked at: not expired, not revoked, its owner's account not disabled."""
    query = select(ShareLink).join(User, User.id == ShareLink.owner_id).where(User.is_active)
    query = query.where(ShareLink.token_hash == token_hash, ShareLink.revoked_at.is_(None), ShareLink.expires_at > now)
    return (await session.scalars(query)).one_or_none()


async def count_view(session: AsyncSession, link_id: int, now: datetime) -> bool:
    """Count one view; False, when there were as many as there may be."""
    views = update(ShareLink).where(
        ShareLink.id == link_id, or_(ShareLink.max_views.is_(None), ShareLink.views < ShareLink.max_views)
    )
    counted = views.values(views=ShareLink.views + 1, last_viewed_at=now).returning(ShareLink.id)
    return (await session.scalars(counted, execution_options={"synchronize_session": False})).first() is not None


async def own_photos(session: AsyncSession, owner_id: int, ids: Sequence[int], hothashes: Sequence[str]) -> list[int]:
    """Those of the named photos that are the owner's and not in the trash, in the order they were named."""
    mine = or_(*own(Viewer(owner_id)))
    named = select(Photo.id, Photo.hothash).where(or_(Photo.id.in_(ids), Photo.hothash.in_(hothashes)), mine)
    by_name: dict[int | str, int] = {}
    for photo_id, hothash in await session.execute(named):
        by_name |= {photo_id: photo_id, hothash: photo_id}
    return list(dict.fromkeys(by_name[name] for name in (*ids, *hothashes) if name in by_name))


async def has_collection(session: AsyncSession, owner_id: int, collection_id: int) -> bool:
    """Tell whether the collection is the owner's."""
    query = select(Collection.id).where(Collection.id == collection_id, Collection.owner_id == owner_id)
    return await session.scalar(query) is not None


async def choose(session: AsyncSession, link_id: int, ids: Sequence[int]) -> None:
    """Let a link show these photos, in this order."""
    rows = [{"link_id": link_id, "photo_id": photo_id, "position": place} for place, photo_id in enumerate(ids)]
    await session.execute(insert(ShareLinkPhoto), rows)


async def photos(
    session: AsyncSession, link: ShareLink, *, limit: int, cursor: str | None
) -> tuple[list[Any], str | None]:
    """Give a page of what a link shows, with the presenter's columns, and the cursor of the next.

    Sets and albums come in the order that their owner gave them, what fits a filter newest first: by when it was taken,
    or where that is hidden, by when it came.
    """
    if link.kind == "filter":
        order = _ARRIVAL if await are_times_hidden(session, visitor(link)) else _NEWEST
        after = order.read(cursor)
        arms = await _fitting(session, link, order)
        found = list(await listing.page(session, arms, order, limit=limit + 1, after=after))
        more = str(order.cursor(found[limit - 1])) if len(found) > limit else None
        return found[:limit], more
    after_place = Cursor.parse(cursor, order=_BY_PLACE, keys=1).keys[0] if cursor else None
    query = _in_order(link, after_place).limit(limit + 1)
    found = list(await session.execute(query))
    more = str(Cursor(_BY_PLACE, (found[limit - 1].place,))) if len(found) > limit else None
    return found[:limit], more


def _in_order(link: ShareLink, after: int | None) -> Select[Any]:
    table = CollectionItem if link.kind == "collection" else ShareLinkPhoto
    mine = (
        CollectionItem.collection_id == link.collection_id
        if link.kind == "collection"
        else ShareLinkPhoto.link_id == link.id
    )
    query = select(*_COLUMNS, table.position.label("place")).join(Photo, Photo.id == table.photo_id)
    query = query.where(mine, visible_to(visitor(link))).order_by(table.position)
    return query if after is None else query.where(table.position > after)


async def one(session: AsyncSession, link: ShareLink, photo_id: int) -> Any | None:
    """Give the presenter's columns of one photo, if the link shows it."""
    if link.kind != "filter":
        query = select(*_COLUMNS).where(PHOTOS.c.id == photo_id, visible_to(visitor(link)))
        return (await session.execute(query)).one_or_none()
    fits = [
        listing.of(arm.narrowed(PHOTOS.c.id == photo_id), PHOTOS.c.id) for arm in await _fitting(session, link, _NEWEST)
    ]
    if not fits:
        return None
    return (await session.execute(select(*_COLUMNS).where(PHOTOS.c.id.in_(union_all(*fits))))).one_or_none()


async def _fitting(session: AsyncSession, link: ShareLink, order: Order) -> tuple[Arm, ...]:
    """The owner's own photos that fit the link's filter now."""
    criteria = Criteria.model_validate(link.criteria or {}).model_copy(update={"owner": "me"})
    return await filters.arms(session, Viewer(link.owner_id), criteria, order)


async def hotpreview(session: AsyncSession, photo_id: int) -> bytes | None:
    """The small picture of a photo that a link was found to show."""
    return await session.scalar(select(PhotoPreview.hotpreview).where(PhotoPreview.photo_id == photo_id))

"""Criteria that must ask the database first: which photos bear words or lie in a place, which tags are meant."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.derived import search
from metadata_service.photos.branches import branch
from metadata_service.photos.criteria import Box, Criteria
from metadata_service.tables import Collection, CollectionItem, Photo, PhotoTag, Tag
from metadata_service.tags.service import tag_key
from metadata_service.visibility import Viewer, own

_FEW: Final = 10_000


@dataclass(slots=True)
class Candidates:
    """Conditions, and whether one of them leaves so few photos that they are best looked at one by one."""

    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    are_few: bool = False


async def candidates(session: AsyncSession, viewer: Viewer, criteria: Criteria) -> Candidates:
    """What no index serves in the order of a list: photos that bear words, lie in a place, are collected."""
    found = Candidates()
    if criteria.query is not None:
        bears = await search.bears(session, viewer, criteria.query, own_only=criteria.is_own())
        if bears is not None:
            _add_few(found, bears)
    if criteria.collection_id is not None:
        _add_few(found, _in_collection(viewer, criteria.collection_id))
    if criteria.event_id is not None and criteria.include_descendants:
        below = select(branch(viewer.user_id, criteria.event_id).c.id)
        _add_few(found, and_(Photo.event_id.is_not(None), Photo.event_id.in_(below)))
    if criteria.box is not None and viewer.user_id is not None:
        await _add_those_inside(session, viewer, criteria.box, found)
    return found


def _add_few(found: Candidates, condition: ColumnElement[bool]) -> None:
    found.conditions.append(condition)
    found.are_few = True


def _in_collection(viewer: Viewer, collection_id: int) -> ColumnElement[bool]:
    held = select(CollectionItem.photo_id).join(Collection, Collection.id == CollectionItem.collection_id)
    theirs = (Collection.id == collection_id, Collection.owner_id == viewer.user_id)
    return Photo.id.in_(held.where(*theirs, CollectionItem.photo_id.is_not(None)))


async def _add_those_inside(session: AsyncSession, viewer: Viewer, box: Box, found: Candidates) -> None:
    """Few photos are found by their place; where there are many, a list in its own order meets enough of them soon."""
    places = select(Photo.id).where(*own(viewer), _within(box, Photo.gps_latitude, Photo.gps_longitude))
    count = await session.scalar(select(func.count()).select_from(places.limit(_FEW + 1).subquery())) or 0
    if count <= _FEW:
        found.conditions.append(Photo.id.in_(places.limit(_FEW)))
        found.are_few = True
    else:
        # A sum is no column of an index: neither database may take the one of places and sort what it finds there.
        found.conditions.append(_within(box, Photo.gps_latitude + 0.0, Photo.gps_longitude + 0.0))


def _within(box: Box, latitude: Any, longitude: Any) -> ColumnElement[bool]:
    crosses = box.west > box.east
    longitudes = [(box.west, 180.0), (-180.0, box.east)] if crosses else [(box.west, box.east)]
    return and_(
        Photo.gps_latitude.is_not(None),
        latitude.between(box.south, box.north),
        or_(*(longitude.between(west, east) for west, east in longitudes)),
    )


async def wanted_tags(session: AsyncSession, viewer: Viewer, criteria: Criteria) -> list[int]:
    """Ids of the viewer's tags that are meant, the rarest first; none, where all must be there and one is unknown."""
    keys = {tag_key(name) for name in criteria.tags or ()}
    numbers = set(criteria.tag_ids or ())
    is_meant = or_(Tag.id.in_(numbers), Tag.name_key.in_(keys))
    tags = list(await session.execute(select(Tag.id, Tag.name_key).where(Tag.owner_id == viewer.user_id, is_meant)))
    ids = [tag.id for tag in tags]
    if criteria.tag_match == "any" or not ids:
        return ids
    if not (numbers <= set(ids) and keys <= {tag.name_key for tag in tags}):
        return []
    return await _rarest_first(session, ids) if len(ids) > 1 else ids


async def _rarest_first(session: AsyncSession, ids: list[int]) -> list[int]:
    """Order tags by how many photos bear them; those that more than a few bear are alike."""
    few = (select(PhotoTag.tag_id).where(PhotoTag.tag_id == tag_id).limit(_FEW).subquery() for tag_id in ids)
    bearers = union_all(*(select(some.c.tag_id) for some in few)).subquery()
    counts = select(bearers.c.tag_id, func.count()).group_by(bearers.c.tag_id)
    by_tag: dict[int, int] = dict(iter(await session.execute(counts)))
    return sorted(ids, key=lambda tag_id: by_tag.get(tag_id, 0))

"""The one place where criteria become conditions.

A list is a few disjoint *arms*, each of which one index serves in the order of the list (docs/visibility.md). A filter
must not break that: it narrows the arms by columns that an index begins with, or splits them into more, or, where no
order helps, first finds a bounded number of candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, inspect, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from metadata_service.photos.candidates import candidates, wanted_tags
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.order import Order
from metadata_service.photos.sort_key import wall_ms
from metadata_service.tables import Photo, PhotoTag
from metadata_service.visibility import Look, Viewer, look_arms

# Plain tables: rows that nobody changes need none of what the ORM does for them.
PHOTOS: Final = inspect(Photo).local_table
TAGS: Final = inspect(PhotoTag).local_table

_FACETS: Final = {
    "camera_make": Photo.camera_make,
    "camera_model": Photo.camera_model,
    "lens_model": Photo.lens_model,
}
_RATINGS: Final = range(6)


@dataclass(frozen=True, slots=True)
class Arm:
    """Photos that fulfil `where`. With a tag, they are found through its photos, in whose index the order lies."""

    where: ColumnElement[bool]
    tag_id: int | None = None

    def key(self, name: str) -> ColumnElement[Any]:
        """The column to sort by, where this arm's index has it."""
        if self.tag_id is not None and name in {"sort_ts", "id"}:
            return TAGS.c.sort_ts if name == "sort_ts" else TAGS.c.photo_id
        return PHOTOS.c[name]

    def narrowed(self, *conditions: ColumnElement[bool]) -> "Arm":
        """The same with more conditions."""
        return replace(self, where=and_(self.where, *conditions))


async def arms(session: AsyncSession, viewer: Viewer, criteria: Criteria, order: Order) -> tuple[Arm, ...]:
    """Turn criteria into arms; none, when no photo can fulfil them."""
    chosen = await candidates(session, viewer, criteria)
    conditions = [*_plain(criteria), *chosen.conditions]
    if criteria.tags or criteria.tag_ids:
        found = _tagged(criteria.look(viewer), await wanted_tags(session, viewer, criteria), criteria)
        conditions += _rated(criteria)
    elif chosen.are_few:
        seen = look_arms(criteria.look(viewer), in_order=False)
        found = [Arm(or_(*seen))] if seen else []  # one arm: the few are chosen once
        conditions += _rated(criteria)
    else:
        found = _by_index(criteria.look(viewer), criteria, order)
    return tuple(_dated(arm.narrowed(*conditions), criteria) for arm in found)


def dated_arms(look: Look, *, rating: int | None = None) -> tuple[Arm, ...]:
    """All photos of a look whose time is known, or those of one rating."""
    conditions = [Photo.taken_at.is_not(None), *([] if rating is None else [Photo.rating == rating])]
    return tuple(Arm(and_(where, *conditions)) for where in look_arms(look, faceted=rating is not None))


def _by_index(look: Look, criteria: Criteria, order: Order) -> list[Arm]:
    """The viewer's arms; a range of ratings splits them, because an index is in order for one rating at a time."""
    is_faceted = any(getattr(criteria, name) for name in (*_FACETS, "format")) or bool(_rated(criteria))
    found = [Arm(where) for where in look_arms(look, faceted=is_faceted or order.name != "taken")]
    if order.name == "rating":
        return [arm.narrowed(*_rated(criteria)) for arm in found]
    if _rated(criteria):
        return [arm.narrowed(Photo.rating == rating) for arm in found for rating in _ratings(criteria)]
    return found


def _tagged(look: Look, tags: Sequence[int], criteria: Criteria) -> list[Arm]:
    """One arm for each tag, without the photos of the arms before it; where all must be there, one arm alone."""
    found = []
    for mine in look_arms(look) if tags else ():
        if criteria.tag_match == "all":
            found.append(Arm(and_(PhotoTag.tag_id == tags[0], mine, *map(_bears, tags[1:])), tags[0]))
            continue
        for place, tag in enumerate(tags):
            found.append(Arm(and_(PhotoTag.tag_id == tag, mine, *(~_bears(other) for other in tags[:place])), tag))
    return found


def _bears(tag_id: int) -> ColumnElement[bool]:
    other = aliased(PhotoTag)
    return exists().where(other.photo_id == Photo.id, other.tag_id == tag_id)


def _plain(criteria: Criteria) -> list[ColumnElement[bool]]:
    """What one column says."""
    conditions = [column == value for name, column in _FACETS.items() if (value := getattr(criteria, name))]
    if criteria.format:
        conditions.append(Photo.image_format == criteria.format.upper())
    if criteria.category:
        conditions.append(and_(Photo.category.is_not(None), Photo.category == criteria.category))
    for column, number in (
        (Photo.author_id, criteria.author_id),
        (Photo.import_session_id, criteria.import_session_id or criteria.input_channel_id),
        (Photo.stack_id, criteria.stack_id),
        (Photo.event_id, criteria.event_id),
    ):
        if number is not None:
            conditions.append(and_(column.is_not(None), column == number))
    if criteria.has_gps is not None:
        conditions.append(Photo.gps_latitude.is_not(None) if criteria.has_gps else Photo.gps_latitude.is_(None))
    if criteria.has_raw is not None:
        conditions.append(Photo.has_raw if criteria.has_raw else ~Photo.has_raw)
    return conditions


def _dated(arm: Arm, criteria: Criteria) -> Arm:
    conditions: list[ColumnElement[bool]] = []
    if criteria.is_dated:
        conditions.append(Photo.taken_at.is_not(None))
    if criteria.undated:
        conditions.append(Photo.taken_at.is_(None))
    if criteria.taken_after is not None:
        conditions.append(arm.key("sort_ts") >= wall_ms(criteria.taken_after))
    if criteria.taken_before is not None:
        conditions.append(arm.key("sort_ts") <= wall_ms(criteria.taken_before))
    return arm.narrowed(*conditions) if conditions else arm


def _ratings(criteria: Criteria) -> range:
    lowest = criteria.rating_min or 0
    highest = 5 if criteria.rating_max is None else criteria.rating_max
    return range(lowest, highest + 1)


def _rated(criteria: Criteria) -> list[ColumnElement[bool]]:
    wanted = _ratings(criteria)
    return [Photo.rating.between(wanted[0], wanted[-1])] if len(wanted) < len(_RATINGS) else []

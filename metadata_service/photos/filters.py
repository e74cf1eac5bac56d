"""The one place where criteria become conditions.

A list is a few disjoint *arms*, each of which one index serves in the order of the list (docs/visibility.md). A filter
must not break that: it narrows the arms by columns that an index begins with, or splits them into more, or, where no
order helps, first finds a bounded number of candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, inspect, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from metadata_service.geocoding import country_of
from metadata_service.photos.candidates import candidates, wanted_tags
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.order import Order
from metadata_service.photos.sort_key import wall_ms
from metadata_service.redaction.conditions import (
    are_times_hidden,
    hides_time,
    may_hide_time,
    tells_camera,
    told_ts,
)
from metadata_service.tables import Photo, PhotoSpace, PhotoTag, SpaceMember
from metadata_service.visibility import Look, Viewer, by_spaces, fast_arms, in_space, look_arms, sees_by_spaces

# Plain tables: rows that nobody changes need none of what the ORM does for them.
PHOTOS: Final = inspect(Photo).local_table
TAGS: Final = inspect(PhotoTag).local_table
SPACES: Final = inspect(PhotoSpace).local_table
MEMBERS: Final = inspect(SpaceMember).local_table

_FACETS: Final = {
    "camera_make": Photo.camera_make,
    "camera_model": Photo.camera_model,
    "lens_model": Photo.lens_model,
}
_RATINGS: Final = range(6)


@dataclass(frozen=True, slots=True)
class Arm:
    """Photos that fulfil `where`. With a tag, they are found through its photos, in whose index the order lies.

    So are those that spaces show to a viewer, `through` all that they belong to; and those of one space. Photos that
    hide their time from the viewer have an arm of their own: what is `told` of it is their `sort_ts`.
    """

    where: ColumnElement[bool]
    tag_id: int | None = None
    space_id: int | None = None
    through: Viewer | None = None
    told: ColumnElement[int] | None = None

    def key(self, name: str) -> ColumnElement[Any]:
        """The column to sort by, where this arm's index has it."""
        if self.told is not None and name == "sort_ts":
            return self.told
        if self.tag_id is not None and name in {"sort_ts", "id"}:
            return TAGS.c.sort_ts if name == "sort_ts" else TAGS.c.photo_id
        if self.through is not None and name in {"sort_ts", "id", "rating"}:
            return SPACES.c.photo_id if name == "id" else SPACES.c[name]
        if self.space_id is not None and name in {"sort_ts", "id"}:
            return SPACES.c.sort_ts if name == "sort_ts" else SPACES.c.photo_id
        return PHOTOS.c[name]

    def narrowed(self, *conditions: ColumnElement[bool]) -> "Arm":
        """The same with more conditions."""
        return replace(self, where=and_(self.where, *conditions))


async def arms(session: AsyncSession, viewer: Viewer, criteria: Criteria, order: Order) -> tuple[Arm, ...]:
    """Turn criteria into arms; none, when no photo can fulfil them."""
    chosen = await candidates(session, viewer, criteria)
    conditions = [*_plain(criteria), *chosen.conditions, *_told_of(viewer, criteria)]
    if criteria.space_id is not None:
        found = [_of_space(viewer, criteria, criteria.space_id)]
        conditions += [*_rated(criteria), *await _tags_of(session, viewer, criteria)]
    elif criteria.tags or criteria.tag_ids:
        found = _tagged(criteria.look(viewer), await wanted_tags(session, viewer, criteria), criteria)
        conditions += _rated(criteria)
    elif chosen.are_few:
        seen = look_arms(criteria.look(viewer), in_order=False)
        found = [Arm(or_(*seen))] if seen else []  # one arm: the few are chosen once
        conditions += _rated(criteria)
    else:
        found = _by_index(criteria.look(viewer), criteria, order)
    found = [arm.narrowed(*conditions) for arm in found]
    if not criteria.is_own() and await are_times_hidden(session, viewer):
        found = _veiled(viewer, criteria, found, conditions)
    return tuple(_dated(arm, criteria) for arm in found)


async def veiled_arms(session: AsyncSession, viewer: Viewer, criteria: Criteria, order: Order) -> tuple[Arm, ...]:
    """Those of the arms whose photos hide their time from the viewer; mostly none."""
    if criteria.is_own() or not await are_times_hidden(session, viewer):
        return ()
    return tuple(arm for arm in await arms(session, viewer, criteria, order) if arm.told is not None)


def _veiled(
    viewer: Viewer, criteria: Criteria, found: Sequence[Arm], conditions: Sequence[ColumnElement[bool]]
) -> list[Arm]:
    """Take out of the arms what hides its time from the viewer, and add it as an arm in the order of what is told.

    No index has that order: the arm costs as much as there are such photos (ADR 47).
    """
    hidden, told = hides_time(viewer), told_ts(viewer)
    if criteria.space_id is not None:
        (space,) = found
        behind = [replace(space.narrowed(hidden), told=told)]
    else:
        seen = look_arms(criteria.look(viewer), in_order=False)
        few = (may_hide_time(viewer), hidden, *conditions, *_rated(criteria))
        behind = [Arm(and_(or_(*seen), *few), told=told)] if seen else []
    return [*(arm.narrowed(~hidden) for arm in found), *behind]


def dated_arms(look: Look, *, rating: int | None = None) -> tuple[Arm, ...]:
    """All photos of a look whose time is known, or those of one rating."""
    found = [arm.narrowed(Photo.taken_at.is_not(None)) for arm in arms_of(look, faceted=rating is not None)]
    return tuple(found if rating is None else [arm.narrowed(arm.key("rating") == rating) for arm in found])


def arms_of(look: Look, *, faceted: bool = False) -> list[Arm]:
    """All photos of a look, each arm in the order of its index."""
    found = [Arm(where) for where in fast_arms(look, faceted=faceted)]
    return [*found, Arm(by_spaces(look.viewer), through=look.viewer)] if sees_by_spaces(look) else found


def _of_space(viewer: Viewer, criteria: Criteria, space_id: int) -> Arm:
    """What a space holds for its members, in the order of its own index."""
    seen = look_arms(criteria.look(viewer), in_order=False)
    return Arm(and_(in_space(viewer, space_id), or_(false(), *seen)), space_id=space_id)


async def _tags_of(session: AsyncSession, viewer: Viewer, criteria: Criteria) -> list[ColumnElement[bool]]:
    """The tags as conditions of a photo, where another index than theirs leads to it."""
    if not (criteria.tags or criteria.tag_ids):
        return []
    borne = [_bears(tag) for tag in await wanted_tags(session, viewer, criteria)]
    return [or_(*borne) if criteria.tag_match == "any" else and_(*borne)] if borne else [false()]


def _by_index(look: Look, criteria: Criteria, order: Order) -> list[Arm]:
    """The viewer's arms; a range of ratings splits them, because an index is in order for one rating at a time."""
    is_faceted = any(getattr(criteria, name) for name in (*_FACETS, "format")) or bool(_rated(criteria))
    found = arms_of(look, faceted=is_faceted or order.name != "taken")
    if order.name == "rating":
        return [arm.narrowed(*_rated(criteria)) for arm in found]
    if _rated(criteria):
        return [arm.narrowed(arm.key("rating") == rating) for arm in found for rating in _ratings(criteria)]
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


def _told_of(viewer: Viewer, criteria: Criteria) -> list[ColumnElement[bool]]:
    """What others do not tell must not be found by it: neither by a filter nor by a word that might be the camera's."""
    asks = criteria.query is not None or any(getattr(criteria, name) for name in _FACETS)
    return [tells_camera(viewer)] if asks and not criteria.is_own() else []


def _plain(criteria: Criteria) -> list[ColumnElement[bool]]:
    """What one column says."""
    conditions = [column == value for name, column in _FACETS.items() if (value := getattr(criteria, name))]
    if criteria.format:
        conditions.append(Photo.image_format == criteria.format.upper())
    if criteria.category:
        conditions.append(and_(Photo.category.is_not(None), Photo.category == criteria.category))
    conditions += _placed(criteria)
    for column, number in (
        (Photo.author_id, criteria.author_id),
        (Photo.import_session_id, criteria.import_session_id or criteria.input_channel_id),
        (Photo.stack_id, criteria.stack_id),
        (Photo.event_id, None if criteria.include_descendants else criteria.event_id),
    ):
        if number is not None:
            conditions.append(and_(column.is_not(None), column == number))
    if criteria.has_gps is not None:
        conditions.append(Photo.gps_latitude.is_not(None) if criteria.has_gps else Photo.gps_latitude.is_(None))
    if criteria.has_raw is not None:
        conditions.append(Photo.has_raw if criteria.has_raw else ~Photo.has_raw)
    return conditions


def _placed(criteria: Criteria) -> list[ColumnElement[bool]]:
    """Where in words, spelled like the partial indexes."""
    conditions = []
    if criteria.city:
        conditions.append(and_(Photo.city.is_not(None), Photo.city == criteria.city))
    if criteria.country:
        conditions.append(and_(Photo.country.is_not(None), Photo.country == country_of(criteria.country)))
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

"""Who sees what: one SQL predicate made for a viewer, and nothing else.

private < space < authenticated < public. The owner always sees their own; anyone sees what is public; who is signed
in also sees what is shared with the authenticated. Space members follow with spaces: until then `space` shows to the
owner alone. What is in the trash is seen by nobody, except by its owner there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Literal, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from metadata_service.tables import Photo, PhotoDay, SharedDay, Story


class Visibility(IntEnum):
    """How far a photo is shared; the order is the meaning."""

    PRIVATE = 0
    SPACE = 1
    AUTHENTICATED = 2
    PUBLIC = 3

    @property
    def word(self) -> "VisibilityName":
        """The name on the wire."""
        return _WORDS[self]


VisibilityName = Literal["private", "space", "authenticated", "public"]
_WORDS: Final[dict[Visibility, VisibilityName]] = dict(zip(Visibility, get_args(VisibilityName), strict=True))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a signed-in user, or anyone."""

    user_id: int | None

    def owns(self, owner_id: int) -> bool:
        """Tell whether what belongs to `owner_id` is the viewer's own."""
        return self.user_id is not None and self.user_id == owner_id


ANYONE: Final = Viewer(None)

# Literals, spelled like the partial indexes of `photos`: neither database matches a bound parameter to an index.
_LIVE: Final = Photo.deleted_at.is_(None)
_SHARED: Final = and_(Photo.visibility >= literal_column("2"), _LIVE)
_UNSHARED: Final = and_(Photo.visibility < literal_column("2"), _LIVE)
_AT_LEVEL: Final = {level: and_(Photo.visibility == literal_column(str(level.value)), _LIVE) for level in Visibility}
_PUBLIC: Final = _AT_LEVEL[Visibility.PUBLIC]

IS_PUBLIC: Final = _PUBLIC.label("is_public")
"""A column for queries that must know whether everybody may keep the answer."""

IS_SHARED: Final = _SHARED.label("is_shared")
"""A column for the search index: whether others than the owner may find the photo by it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a viewer asks to look at: all that they see, or only their own, or only one level of it."""

    viewer: Viewer
    mine: bool = False
    level: Visibility | None = None


def arms(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Split what `viewer` sees into disjoint conditions, each served newest first by one index of `photos`.

    A list takes its page from each arm and merges them: an OR over all photos costs a thousand times more.
    """
    return look_arms(Look(viewer))


def look_arms(look: Look, *, faceted: bool = False, in_order: bool = True) -> tuple[ColumnElement[bool], ...]:
    """The same for part of what a viewer sees.

    The indexes that serve a filter are split at shared or not, and not by level: `faceted` names that split too. Where
    few photos are chosen by other means, walking an index in the order of the list would be the long way: without
    `in_order` the owner is a sum, for which there is no index.
    """
    viewer, level = look.viewer, look.level
    if viewer.user_id is None:
        if look.mine or level not in {None, Visibility.PUBLIC}:
            return ()
        return (and_(_SHARED, _PUBLIC),) if faceted else (_PUBLIC,)
    mine = (Photo.owner_id if in_order else Photo.owner_id + 0) == _viewer_id(viewer)
    if level is not None:
        one = _AT_LEVEL[level] if not faceted else and_(_group(level), _AT_LEVEL[level])
        return (one if _group(level) is _SHARED and not look.mine else and_(mine, one),)
    if not look.mine:
        return (and_(mine, _UNSHARED), _SHARED)
    return (and_(mine, _UNSHARED), and_(mine, _SHARED)) if faceted else (and_(mine, _LIVE),)


def _viewer_id(viewer: Viewer) -> ColumnElement[int]:
    """The viewer as a parameter of that name, so that a prepared statement can be asked as somebody else."""
    return bindparam("viewer_id", viewer.user_id, BigInteger)


def _group(level: Visibility) -> ColumnElement[bool]:
    return _SHARED if level >= Visibility.AUTHENTICATED else _UNSHARED


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """What a viewer sees as one condition, to ask about single photos."""
    return or_(*arms(viewer))


def own(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What belongs to `viewer`, as arms; nothing for anyone."""
    return look_arms(Look(viewer, mine=True))


def trash(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What `viewer` threw away, as arms."""
    return () if viewer.user_id is None else (and_(Photo.owner_id == viewer.user_id, Photo.deleted_at.is_not(None)),)


def pictured_to(viewer: Viewer) -> ColumnElement[bool]:
    """Whose small picture `viewer` is shown: what they see, and what lies in their own trash."""
    return or_(visible_to(viewer), *trash(viewer))


def day_counts(look: Look) -> tuple[Select[int, int], ...]:
    """How many photos each day has for a viewer, from the summaries alone: as (day, count) in parts to be added up."""
    viewer, level = look.viewer, look.level
    wanted = tuple(Visibility) if level is None else (level,)
    own_levels = [level for level in wanted if look.mine or level < Visibility.AUTHENTICATED]
    least = Visibility.PUBLIC if viewer.user_id is None else Visibility.AUTHENTICATED
    shared_levels = [level for level in wanted if not look.mine and level >= least]
    parts = []
    if viewer.user_id is not None and own_levels:
        parts.append(_days(PhotoDay, own_levels).where(PhotoDay.owner_id == _viewer_id(viewer)))
    if shared_levels:
        parts.append(_days(SharedDay, shared_levels))
    return tuple(parts)


def _days(table: type[PhotoDay] | type[SharedDay], levels: Sequence[Visibility]) -> Select[int, int]:
    counts = [getattr(table, level.word) for level in levels]
    some = sum(counts[1:], start=counts[0])
    return select(table.day, some.label("count")).where(some > 0)


def counted_by_level(day: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Count live photos as `photo_days` does: by owner and day, level by level."""
    levels = (func.count().filter(condition) for condition in _AT_LEVEL.values())
    return select(Photo.owner_id, day, *levels).where(_LIVE).group_by(Photo.owner_id, day)


def counted_shared(day: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Count live photos as `shared_days` does: by day, level by level where they are shared."""
    levels = (func.count().filter(_AT_LEVEL[level]) for level in (Visibility.AUTHENTICATED, Visibility.PUBLIC))
    return select(day, *levels).where(_SHARED).group_by(day)


def stories_visible_to(viewer: Viewer, level: Visibility | None = None) -> ColumnElement[bool]:
    """Which stories a viewer reads: their own, and what others published far enough; or those of one level only."""
    least = Visibility.PUBLIC if viewer.user_id is None else Visibility.AUTHENTICATED
    shared = and_(Story.is_published, Story.visibility >= literal_column(str(least.value)))
    seen = shared if viewer.user_id is None else or_(Story.owner_id == viewer.user_id, shared)
    return seen if level is None else and_(seen, Story.visibility == level.value)

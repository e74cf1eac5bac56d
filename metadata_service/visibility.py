"""Who sees what: one SQL predicate made for a viewer, and nothing else.

private < space < authenticated < public. The owner always sees their own; anyone sees what is public; who is signed
in also sees what is shared with the authenticated, and what others put into the spaces that they belong to, where its
level is `space`. What is in the trash is seen by nobody, except by its owner there.

Who belongs to which space is asked inside every statement and remembered nowhere: who leaves sees nothing from then on.
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
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from metadata_service.tables import (
    SHARED_DEPTH,
    CollectionItem,
    Disclosure,
    Photo,
    PhotoCell,
    PhotoDay,
    PhotoDisclosure,
    PhotoSpace,
    SharedDay,
    ShareLink,
    ShareLinkPhoto,
    SpaceDay,
    SpaceMember,
    Story,
)


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


EyesOf = Literal["anonymous", "user", "space", "link"]


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes look at what one owner has: anyone's, a user's, those of a space's member, or of who has a link.

    They see no more than whoever they belong to would, and of that only what is `owner_id`'s.
    """

    owner_id: int
    of: EyesOf
    key: int = 0


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a signed-in user, or anyone; who looks through other eyes is nobody besides."""

    user_id: int | None
    eyes: Eyes | None = None

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

IS_IN_A_SPACE: Final[ColumnElement[bool]] = literal_column("photo_spaces.is_shown")
"""Whether a row of `photo_spaces` shows its photo, spelled like that table's partial indexes."""

LEVEL: Final[ColumnElement[int]] = Photo.visibility.expression
"""The level itself, for what is told of a photo besides whether it is seen."""

IS_PRIVATE: Final = _AT_LEVEL[Visibility.PRIVATE]
"""Which photos nobody but their owner sees; what widens them asks."""

IS_SHOWN_BY_SPACES: Final = _AT_LEVEL[Visibility.SPACE].label("is_shown")
"""What `photo_spaces` repeats as `is_shown`: whether a space that holds the photo shows it."""

IS_PUBLIC: Final = _PUBLIC.label("is_public")
"""A column for queries that must know whether everybody may keep the answer."""

IS_SHARED: Final = _SHARED.label("is_shared")
"""A column for the search index: whether others than the owner may find the photo by it."""


def level_of(photo: Photo) -> int:
    """The level of a photo that was read."""
    return photo.visibility


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

    What spaces show is one of the arms, and served by no index of `photos`: a list takes it from `photo_spaces`
    (`fast_arms`, `by_spaces`). The indexes that serve a filter are split at shared or not, and not by level: `faceted`
    names that split too. Where few photos are chosen by other means, walking an index in the order of the list would
    be the long way: without `in_order` the owner is a sum, for which there is no index.
    """
    found = fast_arms(look, faceted=faceted, in_order=in_order)
    return (*found, _space_arm(look.viewer)) if sees_by_spaces(look) else found


def fast_arms(look: Look, *, faceted: bool = False, in_order: bool = True) -> tuple[ColumnElement[bool], ...]:
    """The arms that an index of `photos` serves: all but what spaces show."""
    viewer, level = look.viewer, look.level
    if viewer.eyes is not None:
        return _through(viewer.eyes, look)
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


def sees_by_spaces(look: Look) -> bool:
    """Whether what spaces show belongs to a look."""
    return look.viewer.user_id is not None and not look.mine and look.level in {None, Visibility.SPACE}


def _space_arm(viewer: Viewer) -> ColumnElement[bool]:
    """What spaces show of others' photos, asked of each photo by itself."""
    return and_(_AT_LEVEL[Visibility.SPACE], Photo.owner_id != _viewer_id(viewer), _in_spaces_of(_viewer_id(viewer)))


def by_spaces(viewer: Viewer) -> ColumnElement[bool]:
    """The same asked of `photo_spaces` joined to `photos`, where each photo counts once, and not bound to one space.

    To be joined to `belongs`, which says which spaces.
    """
    other, member = aliased(PhotoSpace), aliased(SpaceMember)
    first = select(func.min(other.space_id)).join(member, member.space_id == other.space_id)
    first = first.where(other.photo_id == PhotoSpace.photo_id, member.user_id == _viewer_id(viewer))
    is_first = or_(literal_column("photo_spaces.is_only"), PhotoSpace.space_id == first.scalar_subquery())
    return and_(IS_IN_A_SPACE, _AT_LEVEL[Visibility.SPACE], PhotoSpace.owner_id != _viewer_id(viewer), is_first)


def belongs(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a row of `space_members` is the viewer's."""
    return SpaceMember.user_id == _viewer_id(viewer)


def in_space(viewer: Viewer, space_id: int) -> ColumnElement[bool]:
    """Which rows of `photo_spaces` are of a space that the viewer belongs to; what of it they see is asked besides."""
    member = exists().where(SpaceMember.space_id == space_id, SpaceMember.user_id == (viewer.user_id or 0))
    return and_(PhotoSpace.space_id == space_id, member.correlate(None))


# Named, so that the photo is always that of the statement around: a statement without one fails, and shows nothing.
_HELD: Final = (PhotoSpace, SpaceMember)


def _in_spaces_of(user_id: Any) -> ColumnElement[bool]:
    member = SpaceMember.space_id == PhotoSpace.space_id
    return (
        exists().where(PhotoSpace.photo_id == Photo.id, member, SpaceMember.user_id == user_id).correlate_except(*_HELD)
    )


def _through(eyes: Eyes, look: Look) -> tuple[ColumnElement[bool], ...]:
    """What one owner shows to somebody. Their own are not the eyes' own: those have none."""
    if look.mine:
        return ()
    level = () if look.level is None else (_AT_LEVEL[look.level],)
    return (and_(Photo.owner_id == eyes.owner_id, _LIVE, _shown_to(eyes), *level),)


def _shown_to(eyes: Eyes) -> ColumnElement[bool]:
    if eyes.of == "anonymous":
        return _PUBLIC
    if eyes.of == "link":
        return linked(eyes.key)
    return or_(_SHARED, _shown_by_spaces(eyes))


def _shown_by_spaces(eyes: Eyes) -> ColumnElement[bool]:
    one = exists().where(PhotoSpace.photo_id == Photo.id, PhotoSpace.space_id == eyes.key).correlate_except(*_HELD)
    return and_(_AT_LEVEL[Visibility.SPACE], one if eyes.of == "space" else _in_spaces_of(eyes.key))


def linked(link_id: int) -> ColumnElement[bool]:
    """What a link to a set of photos or to an album names, of whatever level: its owner chose them one by one."""
    chosen = exists().where(ShareLinkPhoto.link_id == link_id, ShareLinkPhoto.photo_id == Photo.id)
    album = exists().where(
        *(ShareLink.id == link_id, ShareLink.collection_id == CollectionItem.collection_id),
        *(CollectionItem.photo_id == Photo.id, CollectionItem.visible),
    )
    return or_(chosen.correlate_except(ShareLinkPhoto), album.correlate_except(ShareLink, CollectionItem))


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
    return (*parts, *_space_days(viewer)) if sees_by_spaces(look) else tuple(parts)


def _space_days(viewer: Viewer) -> tuple[Select[int, int], Select[int, int]]:
    """What spaces show: photos that are in one space as they are counted, those in several one by one."""
    member = and_(SpaceMember.space_id == SpaceDay.space_id, belongs(viewer))
    counted = select(SpaceDay.day, SpaceDay.photos.label("count")).join(SpaceMember, member)
    member = and_(SpaceMember.space_id == PhotoSpace.space_id, belongs(viewer))
    single = (
        select(PhotoSpace.day, literal(1).label("count"))
        .join(SpaceMember, member)
        .join(Photo, Photo.id == PhotoSpace.photo_id)
    )
    several: ColumnElement[bool] = literal_column("NOT photo_spaces.is_only")
    return (
        counted.where(SpaceDay.owner_id != _viewer_id(viewer)),
        single.where(several, by_spaces(viewer)),
    )


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


def own_cells(look: Look) -> ColumnElement[bool] | None:
    """Which cells of the map count photos of the viewer's own; None for anyone."""
    if look.viewer.user_id is None:
        return None
    mine = PhotoCell.owner_id == _viewer_id(look.viewer)
    return mine if look.level is None else and_(mine, PhotoCell.visibility == look.level.value)


def others_cells(look: Look) -> ColumnElement[bool] | None:
    """Which cells count photos of others, for one who sees them: none finer than where photos of others are told.

    What their owners say of single photos, and what spaces show, is not in there: see `besides_cells`.
    """
    levels = _others_levels(look)
    if not levels:
        return None
    coarse = and_(PhotoCell.visibility >= literal_column("2"), PhotoCell.depth <= literal_column(str(SHARED_DEPTH)))
    numbers = [level.value for level in levels]
    untold = tuple_(PhotoCell.owner_id, PhotoCell.visibility).in_(_untold_levels())
    return and_(coarse, PhotoCell.visibility.in_(numbers), _others(look.viewer, PhotoCell.owner_id), ~untold)


def besides_cells(look: Look, row: ColumnElement[int], column: ColumnElement[int]) -> list[Select[*tuple[Any, ...]]]:
    """What is to be added to these cells, as (y, x, change, photo_id).

    Photos that their owners tell less of than of their level go out, those that they tell more of come in, and so do
    photos that spaces show.
    """
    levels = _others_levels(look)
    seen = and_(
        _others(look.viewer, Photo.owner_id), or_(*(_AT_LEVEL[level] for level in levels)) if levels else false()
    )
    # A sum is no column of an index: the few single photos come first, not all photos of who tells of none.
    untold = tuple_(Photo.owner_id + 0, Photo.visibility).in_(_untold_levels())
    is_told = PhotoDisclosure.place >= literal_column("2")
    located = and_(Photo.gps_latitude.is_not(None), Photo.gps_longitude.is_not(None))
    keys = (row.label("y"), column.label("x"))
    single = select(*keys, literal(-1).label("change"), null().label("photo_id")).join(
        PhotoDisclosure, PhotoDisclosure.photo_id == Photo.id
    )
    parts: list[Select[*tuple[Any, ...]]] = []
    if levels:
        parts.append(single.where(seen, located, ~is_told, ~untold))
        more = single.with_only_columns(*keys, literal(1).label("change"), Photo.id.label("photo_id"))
        parts.append(more.where(seen, located, is_told, untold))
    shown = select(*keys, literal(1).label("change"), Photo.id.label("photo_id"))
    shown = shown.outerjoin(PhotoDisclosure, PhotoDisclosure.photo_id == Photo.id)
    shown = shown.where(located, or_(is_told, and_(PhotoDisclosure.place.is_(None), ~untold)))
    eyes = look.viewer.eyes
    if eyes is not None and levels and eyes.of in {"space", "user"} and look.level is None:
        parts.append(shown.where(Photo.owner_id == eyes.owner_id, _shown_by_spaces(eyes)))
    elif eyes is None and sees_by_spaces(look):
        by = shown.join(PhotoSpace, PhotoSpace.photo_id == Photo.id)
        by = by.join(SpaceMember, SpaceMember.space_id == PhotoSpace.space_id)
        parts.append(by.where(belongs(look.viewer), by_spaces(look.viewer)))
    return parts


def _others_levels(look: Look) -> list[Visibility]:
    """At which levels a viewer sees photos of others, spaces aside."""
    eyes = look.viewer.eyes
    if look.mine or (eyes is not None and eyes.of == "link"):
        return []
    is_anyone = look.viewer.user_id is None if eyes is None else eyes.of == "anonymous"
    least = Visibility.PUBLIC if is_anyone else Visibility.AUTHENTICATED
    return [level for level in Visibility if level >= least and look.level in {None, level}]


def _others(viewer: Viewer, owner_id: Any) -> ColumnElement[bool]:
    if viewer.eyes is not None:
        return and_(owner_id == viewer.eyes.owner_id)
    return true() if viewer.user_id is None else and_(owner_id != _viewer_id(viewer))


def _untold_levels() -> Select[int, int]:
    """Levels of owners who do not tell of them about where their photos were taken; who said nothing does."""
    said = Disclosure.place < literal_column("2")
    return select(Disclosure.owner_id, Disclosure.level).where(said).correlate(None)


def counted_in_cells(depth: int, *cell: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Count live photos as `photo_cells` does, from the expressions of their row and column at one depth."""
    keys = (Photo.owner_id, literal_column(str(depth), BigInteger).label("depth"), *cell, Photo.visibility)
    placed = and_(_LIVE, Photo.gps_latitude.is_not(None), Photo.gps_longitude.is_not(None))
    counted = select(*keys, func.count(), func.max(Photo.id)).where(placed)
    return counted.group_by(Photo.owner_id, *cell, Photo.visibility)


def stories_visible_to(viewer: Viewer, level: Visibility | None = None) -> ColumnElement[bool]:
    """Which stories a viewer reads: their own, and what others published far enough; or those of one level only."""
    if viewer.eyes is not None:
        return _stories_through(viewer.eyes, level)
    least = Visibility.PUBLIC if viewer.user_id is None else Visibility.AUTHENTICATED
    shared = and_(Story.is_published, Story.visibility >= literal_column(str(least.value)))
    seen = shared if viewer.user_id is None else or_(Story.owner_id == viewer.user_id, shared)
    return seen if level is None else and_(seen, Story.visibility == level.value)


def _stories_through(eyes: Eyes, level: Visibility | None) -> ColumnElement[bool]:
    if eyes.of == "link":
        return false()
    least = Visibility.PUBLIC if eyes.of == "anonymous" else Visibility.AUTHENTICATED
    seen = and_(
        Story.owner_id == eyes.owner_id, Story.is_published, Story.visibility >= literal_column(str(least.value))
    )
    return seen if level is None else and_(seen, Story.visibility == level.value)

"""How many photos each day has for a viewer, and how the summaries of days count them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, select

from metadata_service.tables import Photo, PhotoDay, PhotoSpace, SharedDay, SpaceDay, SpaceMember
from metadata_service.visibility.conditions import belongs, by_spaces, id_of, sees_by_spaces
from metadata_service.visibility.levels import AT_LEVEL, LIVE, SHARED, Visibility
from metadata_service.visibility.viewer import Look


def day_counts(look: Look) -> tuple[Select[int, int], ...]:
    """How many photos each day has for a viewer, from the summaries alone: as (day, count) in parts to be added up."""
    return (*kept_day_counts(look), *space_day_counts(look))


def kept_day_counts(look: Look) -> tuple[Select[int, int], ...]:
    """The viewer's own and the shared photos, where each part has one row for each day, and an index of them."""
    viewer, level = look.viewer, look.level
    wanted = tuple(Visibility) if level is None else (level,)
    own_levels = [level for level in wanted if look.mine or level < Visibility.AUTHENTICATED]
    least = Visibility.PUBLIC if viewer.user_id is None else Visibility.AUTHENTICATED
    shared_levels = [level for level in wanted if not look.mine and level >= least]
    parts = []
    if viewer.user_id is not None and own_levels:
        parts.append(_days(PhotoDay, own_levels).where(PhotoDay.owner_id == id_of(viewer)))
    if shared_levels:
        parts.append(_days(SharedDay, shared_levels))
    return tuple(parts)


def space_day_counts(look: Look) -> tuple[Select[int, int], ...]:
    """What spaces show: photos that are in one space as they are counted, those in several one by one.

    A day has rows of as many spaces and owners as show something of it: they are read once, and not for each period.
    """
    if not sees_by_spaces(look):
        return ()
    viewer = look.viewer
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
        counted.where(SpaceDay.owner_id != id_of(viewer)),
        single.where(several, by_spaces(viewer)),
    )


def _days(table: type[PhotoDay] | type[SharedDay], levels: Sequence[Visibility]) -> Select[int, int]:
    counts = [getattr(table, level.word) for level in levels]
    some = sum(counts[1:], start=counts[0])
    return select(table.day, some.label("count")).where(some > 0)


def counted_by_level(day: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Count live photos as `photo_days` does: by owner and day, level by level."""
    levels = (func.count().filter(condition) for condition in AT_LEVEL.values())
    return select(Photo.owner_id, day, *levels).where(LIVE).group_by(Photo.owner_id, day)


def counted_shared(day: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Count live photos as `shared_days` does: by day, level by level where they are shared."""
    levels = (func.count().filter(AT_LEVEL[level]) for level in (Visibility.AUTHENTICATED, Visibility.PUBLIC))
    return select(day, *levels).where(SHARED).group_by(day)

"""How many photos each cell of the map has for a viewer, and how the summary of cells counts them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
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

from metadata_service.tables import SHARED_DEPTH, Disclosure, Photo, PhotoCell, PhotoDisclosure, PhotoSpace, SpaceMember
from metadata_service.visibility.conditions import belongs, by_spaces, id_of, sees_by_spaces, shown_by_spaces
from metadata_service.visibility.levels import AT_LEVEL, LIVE, Visibility
from metadata_service.visibility.viewer import Look, Viewer


def own_cells(look: Look) -> ColumnElement[bool] | None:
    """Which cells of the map count photos of the viewer's own; None for anyone."""
    if look.viewer.user_id is None:
        return None
    mine = PhotoCell.owner_id == id_of(look.viewer)
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
        _others(look.viewer, Photo.owner_id), or_(*(AT_LEVEL[level] for level in levels)) if levels else false()
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
        parts.append(shown.where(Photo.owner_id == eyes.owner_id, shown_by_spaces(eyes)))
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
    return true() if viewer.user_id is None else and_(owner_id != id_of(viewer))


def _untold_levels() -> Select[int, int]:
    """Levels of owners who do not tell of them about where their photos were taken; who said nothing does."""
    said = Disclosure.place < literal_column("2")
    return select(Disclosure.owner_id, Disclosure.level).where(said).correlate(None)


def counted_in_cells(depth: int, *cell: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Count live photos as `photo_cells` does, from the expressions of their row and column at one depth."""
    keys = (Photo.owner_id, literal_column(str(depth), BigInteger).label("depth"), *cell, Photo.visibility)
    placed = and_(LIVE, Photo.gps_latitude.is_not(None), Photo.gps_longitude.is_not(None))
    counted = select(*keys, func.count(), func.max(Photo.id)).where(placed)
    return counted.group_by(Photo.owner_id, *cell, Photo.visibility)

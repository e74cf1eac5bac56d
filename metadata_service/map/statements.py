"""The statements that add cells up, made once for each kind of look: to make one costs more than to run it."""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from metadata_service.derived.cells import cell
from metadata_service.map.grid import Window
from metadata_service.tables import PhotoCell
from metadata_service.visibility import ANYONE, Look, Viewer, Visibility, besides_cells, others_cells, own_cells

Sums = Select[*tuple[Any, ...]]


def of_own(look: Look, window: Window, counted: int) -> Sums | None:
    """Add one's own photos up, from counts of depth `counted` to the cells of the window; None for anyone."""
    if look.viewer.user_id is None:
        return None
    return _own(look.level, counted, counted - window.depth, len(window.columns))


def of_others(look: Look, window: Window, counted: int, *, is_sqlite: bool) -> Sums | None:
    """The same of others' photos, with what is to be added to what is counted; None where there can be none."""
    if look.mine:
        return None
    shape: dict[str, Any] = {"shift": counted - window.depth, "ranges": len(window.columns), "is_sqlite": is_sqlite}
    if look.viewer.eyes is not None:  # seldom, and of one owner's photos
        return _others(look, counted, **shape)
    return _others_ready(look.viewer.user_id is None, look.level, counted, **shape)


def given(window: Window, counted: int, look: Look) -> dict[str, Any]:
    """The parameters of both."""
    fine = window.finer(counted)
    edges = {f"{name}_{number}": edge for number, columns in enumerate(fine.columns) for name, edge in _named(columns)}
    who = {} if look.viewer.user_id is None else {"viewer_id": look.viewer.user_id}
    return {"south": fine.south, "north": fine.north, **edges, **who}


def _named(columns: tuple[int, int]) -> Any:
    return zip(("first", "last"), columns, strict=True)


@cache
def _own(level: Visibility | None, counted: int, shift: int, ranges: int) -> Sums:
    whose = own_cells(Look(Viewer(0), level=level))
    cells = select(PhotoCell.y, PhotoCell.x, PhotoCell.count.label("photos"), PhotoCell.photo_id)
    at_depth = (PhotoCell.depth == literal_column(str(counted)), _inside(PhotoCell.y, PhotoCell.x, ranges))
    return _summed(cells.where(*([] if whose is None else [whose]), *at_depth).subquery(), shift)


@cache
def _others_ready(
    is_anyone: bool,  # a key of the cache
    level: Visibility | None,
    counted: int,
    *,
    shift: int,
    ranges: int,
    is_sqlite: bool,
) -> Sums | None:
    return _others(
        Look(ANYONE if is_anyone else Viewer(0), level=level), counted, shift=shift, ranges=ranges, is_sqlite=is_sqlite
    )


def _others(look: Look, counted: int, *, shift: int, ranges: int, is_sqlite: bool) -> Sums | None:
    row, column = cell(counted, is_sqlite=is_sqlite)
    parts: list[Any] = [part.where(_inside(row, column, ranges)) for part in besides_cells(look, row, column)]
    whose = others_cells(look)
    if whose is not None:
        depth = PhotoCell.depth == literal_column(str(counted))
        cells = select(PhotoCell.y, PhotoCell.x, PhotoCell.count.label("change"), PhotoCell.photo_id)
        parts.insert(0, cells.where(whose, depth, _inside(PhotoCell.y, PhotoCell.x, ranges)))
    if not parts:
        return None
    every = union_all(*parts).subquery()
    photos = func.sum(every.c.change)
    net = select(every.c.y, every.c.x, photos.label("photos"), func.max(every.c.photo_id).label("photo_id"))
    return _summed(net.group_by(every.c.y, every.c.x).having(photos > 0).subquery(), shift)


def _summed(cells: Any, shift: int) -> Sums:
    by = literal_column(str(shift), Integer)
    edges = (func.min(cells.c.y), func.max(cells.c.y), func.min(cells.c.x), func.max(cells.c.x))
    weighted = (func.sum(cells.c.y * cells.c.photos), func.sum(cells.c.x * cells.c.photos))
    query = select(func.sum(cells.c.photos), *edges, *weighted, func.max(cells.c.photo_id))
    return query.group_by(cells.c.y.bitwise_rshift(by), cells.c.x.bitwise_rshift(by))


def _inside(row: Any, column: Any, ranges: int) -> ColumnElement[bool]:
    columns = (column.between(_edge(f"first_{number}"), _edge(f"last_{number}")) for number in range(ranges))
    return and_(row.between(_edge("south"), _edge("north")), or_(*columns))


def _edge(name: str) -> Any:
    return bindparam(name, type_=BigInteger())

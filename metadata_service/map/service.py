"""Tells a viewer how many photos lie where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.map import repository, statements
from metadata_service.map.grid import Patch, Window, column_of, counted_depth, row_of, window
from metadata_service.map.positions import blurred
from metadata_service.map.schemas import MapQuery
from metadata_service.tables import FINEST
from metadata_service.visibility import Look, Viewer

_FEW: Final = 2_000


@dataclass(slots=True)
class _Heap:
    """Photos of one cell; rows and columns are of a finer depth, their sums weighted by count."""

    count: int
    patch: Patch
    rows: int
    columns: int
    photo_id: int
    is_blurred: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle of the finer cells."""
        cells = 1 << self.patch.depth
        row, column = self.rows / self.count + 0.5, self.columns / self.count + 0.5
        return row / cells * 180 - 90, column / cells * 360 - 180

    def joined(self, other: "_Heap") -> "_Heap":
        """Both together, where they are of the same depth; the photo of the first stands for both."""
        mine, theirs = self.patch, other.patch
        patch = Patch(
            mine.depth,
            min(mine.south, theirs.south),
            max(mine.north, theirs.north),
            min(mine.west, theirs.west),
            max(mine.east, theirs.east),
        )
        rows, columns = self.rows + other.rows, self.columns + other.columns
        return _Heap(self.count + other.count, patch, rows, columns, self.photo_id, is_blurred=True)


async def clusters(session: AsyncSession, viewer: Viewer, asked: MapQuery) -> dict[str, Any]:
    """Count photos by the cells that the box touches, each with its middle, its edges and a picture."""
    look, shown = asked.look(viewer), window(asked.box, asked.zoom)
    heaps = _together(shown.depth, await _own(session, look, shown), await _of_others(session, look, shown))
    photos = await repository.representatives(session, viewer, (heap.photo_id for heap in heaps)) if heaps else {}
    return {
        "data": [_told(heap, photos, viewer) for heap in heaps],
        "meta": {"total_photos": sum(heap.count for heap in heaps), "depth": shown.depth},
    }


async def _own(session: AsyncSession, look: Look, shown: Window) -> list[_Heap]:
    """From far by adding up what is counted; from near, where that is too coarse, by looking at the photos if few."""
    near = shown.depth >= FINEST
    window = shown.coarser(FINEST) if near else shown
    heaps = await _heaps(session, look, window, counted_depth(window.depth))
    if not near or not heaps or sum(heap.count for heap in heaps) > _FEW:
        return heaps
    return _one_by_one(await repository.places(session, look, shown), shown.depth)


async def _heaps(session: AsyncSession, look: Look, window: Window, counted: int) -> list[_Heap]:
    statement = statements.of_own(look, window, counted)
    return [] if statement is None else await _read(session, statement, look, window, counted)


async def _of_others(session: AsyncSession, look: Look, shown: Window) -> list[_Heap]:
    window, counted = blurred(shown)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = statements.of_others(look, window, counted, is_sqlite=is_sqlite)
    heaps = [] if statement is None else await _read(session, statement, look, window, counted)
    for heap in heaps:
        heap.is_blurred = True
    return heaps


async def _read(
    session: AsyncSession, statement: statements.Sums, look: Look, window: Window, counted: int
) -> list[_Heap]:
    sums = await repository.summed(session, statement, statements.given(window, counted, look))
    return [_Heap(cell.photos, Patch(counted, *cell[1:5]), cell.rows, cell.columns, cell.photo_id) for cell in sums]


def _one_by_one(places: Iterable[Any], depth: int) -> list[_Heap]:
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for photo_id, latitude, longitude in places:
        cells[row_of(latitude, depth), column_of(longitude, depth)].append(photo_id)
    return [
        _Heap(len(ids), Patch(depth, row, row, column, column), row * len(ids), column * len(ids), max(ids))
        for (row, column), ids in cells.items()
    ]


def _together(depth: int, own: list[_Heap], others: list[_Heap]) -> list[_Heap]:
    """One's own and others' photos in one heap where both are in the same cell, and equally near."""
    if not own or not others or own[0].patch.depth != others[0].patch.depth:
        return own + others
    shift = own[0].patch.depth - depth
    by_cell = {(heap.patch.south >> shift, heap.patch.west >> shift): heap for heap in own}
    for heap in others:
        cell = heap.patch.south >> shift, heap.patch.west >> shift
        by_cell[cell] = by_cell[cell].joined(heap) if cell in by_cell else heap
    return list(by_cell.values())


def _told(heap: _Heap, photos: Mapping[int, Any], viewer: Viewer) -> dict[str, Any]:
    photo = photos.get(heap.photo_id)
    latitude, longitude = heap.middle
    if heap.count == 1 and photo is not None and viewer.owns(photo.owner_id) and photo.gps_latitude is not None:
        latitude, longitude = photo.gps_latitude, photo.gps_longitude
    return {
        "count": heap.count,
        "latitude": latitude,
        "longitude": longitude,
        "bounds": list(heap.patch.bounds()),
        "is_blurred": heap.is_blurred,
        "photo": None if photo is None else _picture(photo, viewer),
    }


def _picture(photo: Any, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": photo.id,
        "hothash": photo.hothash,
        "is_mine": viewer.owns(photo.owner_id),
        "hotpreview_url": f"/api/v1/photos/{photo.id}/hotpreview" if photo.hotpreview_width else None,
    }

"""What a change would do to each of some photos, before anything is done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row

from metadata_service.corrections.folding import Place, Time, fold_place, fold_time, shifted
from metadata_service.corrections.schemas import (
    Change,
    ClearPlace,
    CopyPlace,
    OffsetFromPlace,
    SetOffset,
    SetPlace,
    SetTime,
    Shift,
)
from metadata_service.geocoding.zones import offsets

_TIMED: Final = (SetTime, Shift, SetOffset, OffsetFromPlace)


@dataclass(frozen=True, slots=True)
class Planned:
    """One photo that changes: its row, the step, and what it would say then."""

    row: Row[Any]
    step: dict[str, Any]
    time: Time
    place: Place


@dataclass(slots=True)
class Plan:
    """All that a change would do, in the order of the rows."""

    kind: str
    planned: list[Planned] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    out_of_range: int = 0

    @property
    def steps(self) -> list[tuple[int, str, dict[str, Any]]]:
        """The corrections to write down."""
        return [(item.row.id, self.kind, item.step) for item in self.planned]


async def plan(rows: Sequence[Row[Any]], change: Change) -> Plan:
    """Try a change on photos; the place of another photo must have been looked up before."""
    made = Plan("time" if isinstance(change, _TIMED) else "place")
    for row, step in zip(rows, await _steps(rows, change, made), strict=True):
        if step is not None:
            _try(made, row, step)
    return made


async def _steps(rows: Sequence[Row[Any]], change: Change, made: Plan) -> list[dict[str, Any] | None]:
    """The step for each row; None for those that must be skipped."""
    if isinstance(change, OffsetFromPlace):
        return await _zoned(rows, made)
    if isinstance(change, CopyPlace):
        raise TypeError("look up the place first")
    if isinstance(change, SetPlace | ClearPlace | SetTime):
        return [change.step()] * len(rows)
    made.skipped["undated"] += (undated := sum(row.taken_at is None for row in rows))
    if not undated:
        del made.skipped["undated"]
    return [None if row.taken_at is None else change.step() for row in rows]


async def _zoned(rows: Sequence[Row[Any]], made: Plan) -> list[dict[str, Any] | None]:
    placed = [row for row in rows if row.taken_at is not None and row.gps_latitude is not None]
    found = await offsets([(row.gps_latitude, row.gps_longitude, row.taken_at) for row in placed])
    by_id = {row.id: zone for row, zone in zip(placed, found, strict=True)}
    steps: list[dict[str, Any] | None] = []
    for row in rows:
        zone = by_id.get(row.id)
        steps.append(None if zone is None else {"op": "offset", "offset": zone.offset, "zone": zone.zone})
        if zone is None:
            why = "unknown_zone" if row.id in by_id else "no_place" if row.gps_latitude is None else "undated"
            made.skipped[why] += 1
    return steps


def _try(made: Plan, row: Row[Any], step: dict[str, Any]) -> None:
    if step["op"] == "shift" and shifted(row.taken_at, step["milliseconds"]) is None:
        made.out_of_range += 1
        return
    time = Time(row.taken_at, row.taken_at_offset, row.taken_at_source)
    place = Place(row.gps_latitude, row.gps_longitude, row.gps_altitude)
    item = Planned(row, step, fold_time(time, [step]), fold_place(place, [step]))
    if (item.time.taken_at, item.time.taken_at_offset, item.place) == (time.taken_at, time.taken_at_offset, place):
        made.skipped["unchanged"] += 1
    else:
        made.planned.append(item)

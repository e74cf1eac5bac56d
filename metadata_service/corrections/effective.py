"""What counts of a photo: what the camera said, with all that was corrected and not undone.

Lists, filters, the timeline and the map read the photo's own row. So that row holds what counts, and is made anew here
whenever a correction comes or goes, or the camera's values are read again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service import geocoding
from metadata_service.corrections.bulk_update import update_photos
from metadata_service.corrections.folding import Place, Time, fold_place, fold_time, fold_view
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.photos.sort_key import sort_ts
from metadata_service.tables import CameraValues, Correction, Photo

TIME: Final = ("taken_at", "taken_at_offset", "taken_at_source")
PLACE: Final = ("gps_latitude", "gps_longitude", "gps_altitude")
_SAID: Final = (*TIME, *PLACE)
AT_ONCE: Final = 500


def pieces(ids: Iterable[int]) -> list[list[int]]:
    """Ids in one order, as many at a time as a statement takes."""
    ordered = sorted(set(ids))
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]


async def remember(session: AsyncSession, photo_ids: Iterable[int]) -> None:
    """Keep what the camera says of photos that are about to be corrected; what is kept already stays."""
    table = CameraValues.__table__
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    columns = ("photo_id", *_SAID)
    for some in pieces(photo_ids):
        rows = select(Photo.id, *(getattr(Photo, name) for name in _SAID)).where(Photo.id.in_(some))
        insertion: Any = (sqlite.insert if is_sqlite else postgresql.insert)(CameraValues)
        await session.execute(insertion.from_select([table.c[name] for name in columns], rows).on_conflict_do_nothing())


async def observe(session: AsyncSession, photo: Photo, read: dict[str, Any]) -> None:
    """Take in what was read from the photo's file: corrections stay on top of it."""
    kept = await session.get(CameraValues, photo.id)
    for name, value in read.items():
        setattr(kept if kept is not None and name in _SAID else photo, name, value)
    await session.flush()
    await settle(session, [photo.id])


async def settle(session: AsyncSession, photo_ids: Iterable[int], *, with_place: bool = True) -> None:
    """Make the rows of these photos what counts now, in the owner's turn; their places in words and their words too."""
    await session.flush()
    for photo in [found for found in session.identity_map.values() if isinstance(found, Photo)]:
        session.expire(photo)  # what was read before says what counted before
    for some in pieces(photo_ids):
        rows = await rows_that_count(session, some)
        if with_place:
            await _name_places(rows)
        await update_photos(session, list(rows.values()))
        if with_place:
            await search.index(session, some)


async def rows_that_count(session: AsyncSession, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the rows of these photos have to say, by id; places in words as they are."""
    photos = await session.execute(select(*_READ).where(Photo.id.in_(ids)).order_by(Photo.id))
    said = {
        row.photo_id: row
        for row in await session.execute(select(*CameraValues.__table__.c).where(CameraValues.photo_id.in_(ids)))
    }
    steps = await _steps(session, ids)
    return {photo.id: _row(photo, said.get(photo.id, photo), steps[photo.id]) for photo in photos}


_READ: Final = (
    Photo.id,
    Photo.created_at,
    *(getattr(Photo, name) for name in _SAID),
    *(getattr(Photo, name) for name in ("city", "region", "country", "country_code")),
)


async def _steps(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The corrections that are not undone, by photo, the oldest first."""
    columns = (Correction.photo_id, Correction.kind, Correction.value, Correction.reason, Correction.created_at)
    query = select(*columns, Correction.owner_id).where(Correction.photo_id.in_(ids), Correction.undone_at.is_(None))
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    rows = await session.execute(query.order_by(Correction.photo_id, Correction.id))
    for photo_id, steps in groupby(rows, key=lambda row: row.photo_id):
        found[photo_id] = list(steps)
    return found


def _row(photo: Row[Any], said: Any, steps: Sequence[Row[Any]]) -> dict[str, Any]:
    by_kind: dict[str, list[Row[Any]]] = {"time": [], "place": [], "view": []}
    for step in steps:
        by_kind[step.kind].append(step)
    values = {kind: [step.value for step in some] for kind, some in by_kind.items()}
    time = fold_time(Time(*(getattr(said, name) for name in TIME)), values["time"])
    place = fold_place(Place(*(getattr(said, name) for name in PLACE)), values["place"])
    view = fold_view(values["view"])
    return {
        "id": photo.id,
        **time.columns(),
        **place.columns(),
        "sort_ts": sort_ts(time.taken_at, photo.created_at),
        "city": photo.city,
        "region": photo.region,
        "country": photo.country,
        "country_code": photo.country_code,
        "timeloc_correction": _timeloc(time, place, by_kind),
        "view_correction": None if view is None else view | _signed(by_kind["view"]),
        "updated_at": utc_now(),
    }


def _timeloc(time: Time, place: Place, by_kind: dict[str, list[Row[Any]]]) -> dict[str, Any] | None:
    """The sum of what was corrected of time and place, as existing clients know it."""
    told: dict[str, Any] = {}
    if by_kind["time"]:
        told["taken_at"] = None if time.taken_at is None else time.taken_at.isoformat()
        told["taken_at_offset"] = time.taken_at_offset
    if by_kind["place"]:
        told |= {"gps_latitude": place.gps_latitude, "gps_longitude": place.gps_longitude}
    steps = [*by_kind["time"], *by_kind["place"]]
    return told | _signed(steps) if steps else None


def _signed(steps: Sequence[Row[Any]]) -> dict[str, Any]:
    """Why, when and by whom: of the last step."""
    last = max(steps, key=lambda step: step.created_at)
    at: datetime = last.created_at
    return {
        "correction_reason": last.reason,
        "corrected_at": at.isoformat().replace("+00:00", "Z"),
        "corrected_by": last.owner_id,
    }


async def _name_places(rows: dict[int, dict[str, Any]]) -> None:
    """Say in words where each photo was taken."""
    places = {photo_id: (row["gps_latitude"], row["gps_longitude"]) for photo_id, row in rows.items()}
    named = await geocoding.names(list(places.values()))
    for photo_id, name in zip(places, named, strict=True):
        rows[photo_id] |= name.columns()


async def add_steps(
    session: AsyncSession,
    owner_id: int,
    steps: Iterable[tuple[int, str, dict[str, Any]]],
    *,
    reason: str | None,
    source: str,
    batch_id: int | None = None,
) -> None:
    """Write down corrections, as (photo id, kind, step), and let them count."""
    at = utc_now()
    rows: list[dict[str, Any]] = [
        {
            "owner_id": owner_id,
            "photo_id": photo_id,
            "batch_id": batch_id,
            "kind": kind,
            "value": step,
            "reason": reason,
            "source": source,
            "created_at": at,
        }
        for photo_id, kind, step in steps
    ]
    await remember(session, (row["photo_id"] for row in rows if row["kind"] != "view"))
    if rows:
        await session.execute(insert(Correction), rows)
    with_place = any(row["kind"] == "place" for row in rows)
    await settle(session, {row["photo_id"] for row in rows}, with_place=with_place)


async def take_back(session: AsyncSession, chosen: Any, *, undo: bool) -> list[int]:
    """Undo (or let count again) the corrections that fulfil `chosen`; give their photos."""
    wanted = Correction.undone_at.is_(None) if undo else Correction.undone_at.is_not(None)
    ids = list(await session.scalars(select(Correction.photo_id).where(chosen, wanted).distinct()))
    moment = literal(utc_now(), Correction.undone_at.type) if undo else None
    await session.execute(
        update(Correction).where(chosen, wanted).values(undone_at=moment).execution_options(synchronize_session=False)
    )
    await settle(session, ids)
    return ids

"""Finds the photo that an arrival is, or makes it: by its names, by the pairing rule, by insertion."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.ingest import repository
from metadata_service.ingest.arrival import RAW_FORMATS, Arrival, Identity
from metadata_service.ingest.pairing import Shot, are_one_exposure
from metadata_service.photos.sort_key import sort_ts
from metadata_service.tables import Photo


async def place_all(session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival]) -> tuple[list[int], set[int]]:
    """Give each arrival's photo id, and the ids that are new."""
    placed: dict[int, int] = await _known(session, owner_id, arrivals, range(len(arrivals)))
    placed |= await _paired_with_kept(session, owner_id, arrivals, _missing(arrivals, placed))
    leaders = _lead(arrivals, _missing(arrivals, placed))
    made = await _insert(session, owner_id, [arrivals[index] for index in set(leaders.values())])
    # Whom the constraint refused has just been inserted by somebody else, and is known by now.
    lost = [index for index in set(leaders.values()) if arrivals[index].hothash not in made]
    placed |= await _known(session, owner_id, arrivals, lost)
    for index, leader in leaders.items():
        if index not in placed:
            placed[index] = made.get(arrivals[leader].hothash) or placed[leader]
    return [placed[index] for index in range(len(arrivals))], set(made.values())


def _missing(arrivals: Sequence[Arrival], placed: dict[int, int]) -> list[int]:
    return [index for index in range(len(arrivals)) if index not in placed]


async def _known(
    session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival], wanted: Iterable[int]
) -> dict[int, int]:
    """Those that bear a name which the owner's library has; of several photos, the oldest."""
    wanted = list(wanted)
    names = [name for index in wanted for name in arrivals[index].identities]
    taken = await repository.known_ids(session, owner_id, names) if names else {}
    found = {index: [taken[name] for name in arrivals[index].identities if name in taken] for index in wanted}
    return {index: min(ids) for index, ids in found.items() if ids}


async def _paired_with_kept(
    session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival], wanted: list[int]
) -> dict[int, int]:
    """Those that are one exposure with a photo in the library."""
    keys = sorted({key for index in wanted if (key := shot_of(arrivals[index]).stem_key)})
    if not keys:
        return {}
    kept: dict[str, list[Photo]] = {}
    for stem_key, photo in await repository.shots_at(session, owner_id, keys):
        kept.setdefault(stem_key, []).append(photo)
    paired = {}
    for index in wanted:
        shot = shot_of(arrivals[index])
        for photo in kept.get(shot.stem_key or "", []):
            if are_one_exposure(shot, _shot_of_photo(photo, shot.stem_key)):
                paired[index] = photo.id
                break
    return paired


def _lead(arrivals: Sequence[Arrival], wanted: list[int]) -> dict[int, int]:
    """Which arrival of the batch stands for each: of duplicates the first, of a raw file and its JPEG the JPEG."""
    leaders: dict[int, int] = {}
    by_name: dict[Identity, int] = {}
    by_place: dict[str, list[int]] = {}
    for index in sorted(wanted, key=lambda index: arrivals[index].is_raw):
        arrival, shot = arrivals[index], shot_of(arrivals[index])
        leader = next((by_name[name] for name in arrival.identities if name in by_name), None)
        if leader is None:
            neighbours = by_place.get(shot.stem_key or "", [])
            pair = (other for other in neighbours if are_one_exposure(shot, shot_of(arrivals[other])))
            leader = next(pair, index)
        leaders[index] = leader
        by_name |= dict.fromkeys((name for name in arrival.identities if name not in by_name), leader)
        if shot.stem_key:
            by_place.setdefault(shot.stem_key, []).append(leader)
    return leaders


async def _insert(session: AsyncSession, owner_id: int, arrivals: Sequence[Arrival]) -> dict[str, int]:
    if not arrivals:
        return {}
    # In one order for all writers: two batches that bring the same photos wait for each other, not in a circle.
    rows = [_row(owner_id, arrival) for arrival in sorted(arrivals, key=lambda arrival: arrival.hothash)]
    return await repository.insert_photos(session, rows)


def _row(owner_id: int, arrival: Arrival) -> dict[str, Any]:
    now = utc_now()
    preview = arrival.hotpreview
    return {
        **arrival.columns,
        "owner_id": owner_id,
        "hothash": arrival.hothash,
        "sort_ts": sort_ts(arrival.columns.get("taken_at"), now),
        "hotpreview_width": preview.width if preview else None,
        "hotpreview_height": preview.height if preview else None,
        "created_at": now,
        "updated_at": now,
    }


def shot_of(arrival: Arrival) -> Shot:
    """The evidence for pairing that an arrival brings: its own file is the first that it lists."""
    location = arrival.files[0].location if arrival.files else None
    columns = arrival.columns
    stem_key = location.stem_key if location else None
    return Shot(stem_key, arrival.is_raw, columns.get("taken_at"), columns.get("camera_model"))


def _shot_of_photo(photo: Photo, stem_key: str | None) -> Shot:
    is_raw = (photo.image_format or "").upper() in RAW_FORMATS
    return Shot(stem_key, is_raw, photo.taken_at, photo.camera_model)

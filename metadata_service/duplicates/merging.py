"""Merges duplicates, remembers how, and takes it back."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections import effective
from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.duplicates import uniting
from metadata_service.duplicates.errors import MergeNotFoundError, MergeNotUndoableError
from metadata_service.duplicates.schemas import MergeIn, MergeOut, Merges
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.service import get_own
from metadata_service.tables import Correction, Photo, PhotoMerge
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

_LISTED: Final = 100


async def merge(session: AsyncSession, owner_id: int, wanted: MergeIn) -> Merges:
    """Unite photos into one, one after the other: what the first brings, the next does not bring again."""
    done = []
    for name in wanted.merge:
        kept = await get_own(session, owner_id, _ref(wanted.keep))
        merged = await get_own(session, owner_id, _ref(name))
        if merged.id == kept.id:
            said = "must not name the photo that is kept, nor one photo twice."
            raise InvalidRequestError(f"merge: {said}", errors=[FieldError(loc=["body", "merge"], msg=said)])
        done.append(await _merge_one(session, owner_id, kept, merged))
    return Merges(data=done)


def _ref(name: int | str) -> PhotoRef:
    return PhotoRef(id=name) if isinstance(name, int) else PhotoRef(hothash=name)


async def _merge_one(session: AsyncSession, owner_id: int, kept: Photo, merged: Photo) -> MergeOut:
    differences = uniting.differences(kept, merged)
    steps = _steps(kept, merged)
    filled = {
        name: [uniting.plain(getattr(kept, name)), uniting.plain(value)]
        for name, value in uniting.fields_to_fill(kept, merged).items()
    }
    for name, (_, value) in filled.items():
        setattr(kept, name, value)
    kept.updated_at = utc_now()
    record: dict[str, Any] = {
        "fields": filled,
        "differences": differences,
        "tags": await uniting.add_tags(session, kept, merged),
        **await uniting.move_files(session, kept, merged),
        "names": await uniting.move_names(session, kept, merged),
        **await uniting.move_items(session, kept, merged),
        "covers": await uniting.move_covers(session, kept, merged),
        "corrected": [kind for kind, _ in steps],
    }
    merged.deleted_at = utc_now()
    merge = PhotoMerge(owner_id=owner_id, kept_id=kept.id, merged_id=merged.id, record=record)
    session.add(merge)
    await session.flush()
    told, ids = _told(merge), [kept.id, merged.id]
    if steps:
        rows = [(ids[0], kind, step) for kind, step in steps]
        await effective.add_steps(session, owner_id, rows, reason="from a duplicate", source=_source(told.id))
    await search.index(session, ids)
    return told


def _source(merge_id: int) -> str:
    return f"merge {merge_id}"


def _steps(kept: Photo, merged: Photo) -> list[tuple[str, dict[str, Any]]]:
    """Time and place that the kept photo lacks become corrections of it: the camera's own silence is kept."""
    steps: list[tuple[str, dict[str, Any]]] = []
    if kept.taken_at is None and merged.taken_at is not None:
        said: dict[str, Any] = {"op": "set_time", "taken_at": merged.taken_at.isoformat()}
        offset = {"offset": merged.taken_at_offset} if merged.taken_at_offset else {}
        steps.append(("time", said | offset))
    if kept.gps_latitude is None and merged.gps_latitude is not None:
        place = {"latitude": merged.gps_latitude, "longitude": merged.gps_longitude, "altitude": merged.gps_altitude}
        steps.append(("place", {"op": "place", **place}))
    return steps


async def merges(session: AsyncSession, owner_id: int, *, before: int | None) -> Merges:
    """The owner's last merges, the newest first."""
    query = select(PhotoMerge).where(PhotoMerge.owner_id == owner_id)
    if before is not None:
        query = query.where(PhotoMerge.id < before)
    return Merges(
        data=[_told(item) for item in await session.scalars(query.order_by(PhotoMerge.id.desc()).limit(_LISTED))]
    )


async def undo(session: AsyncSession, owner_id: int, merge_id: int) -> MergeOut:
    """Take the merged photo out of the trash with all that was its own; what the owner changed since stays."""
    await take_turn(session, owner_id)
    query = select(PhotoMerge).where(PhotoMerge.id == merge_id, PhotoMerge.owner_id == owner_id)
    merge = (await session.scalars(query.with_for_update(key_share=True))).one_or_none()
    if merge is None:
        raise MergeNotFoundError
    if merge.undone_at is not None:
        raise MergeNotUndoableError("The merge was undone already.")
    if merge.kept_id is None or merge.merged_id is None:
        raise MergeNotUndoableError("One of the photos was removed for good.")
    kept = await session.get_one(Photo, merge.kept_id)
    merged = await session.get_one(Photo, merge.merged_id)
    for name, (before, after) in merge.record["fields"].items():
        if getattr(kept, name) == after:
            setattr(kept, name, before)
    kept.updated_at = utc_now()
    merged.deleted_at = None
    merge.undone_at = utc_now()
    await session.flush()
    await uniting.move_back(session, merge.record, kept.id, merged.id)
    told, ids = _told(merge), [kept.id, merged.id]
    if merge.record["corrected"]:
        chosen = (Correction.photo_id == ids[0]) & (Correction.source == _source(merge_id))
        await effective.take_back(session, chosen, undo=True)
    await search.index(session, ids)
    return told


def _told(merge: PhotoMerge) -> MergeOut:
    record = merge.record
    return MergeOut(
        id=merge.id,
        kept_id=merge.kept_id,
        merged_id=merge.merged_id,
        created_at=merge.created_at,
        undone_at=merge.undone_at,
        changed_fields=sorted([*record["fields"], *record["corrected"]]),
        differences=record["differences"],
        tags_added=len(record["tags"]),
        files_moved=len(record["files"]) + len(record["locations"]),
        names_moved=len(record["names"]),
        collection_items_moved=len(record["items"]),
    )

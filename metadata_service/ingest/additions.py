"""Adds to photos what arrivals bring: names, previews, EXIF, files and where they lie, tags."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.ingest import repository
from metadata_service.ingest.arrival import Arrival, ArrivingFile
from metadata_service.tables import FileRole, Photo, PhotoExif, PhotoIdentity, PhotoPreview, RawExif
from metadata_service.tags import service as tags

Placed = Sequence[tuple[Photo, Arrival]]


async def add_all(session: AsyncSession, owner_id: int, placed: Placed) -> None:
    """Add everything; what is there already stays as it is, and what came first of the same kind wins.

    Of several arrivals of one photo, the one that gave it its name comes first: the hotpreview must fit the hothash.
    """
    placed = sorted(placed, key=lambda pair: pair[1].hothash != pair[0].hothash)
    await repository.insert(session, PhotoPreview, _previews(placed))
    await repository.insert(session, PhotoExif, _exif(placed))
    await repository.insert(session, PhotoIdentity, _identities(owner_id, placed))
    await add_files(session, placed)
    await tags.add_by_name(session, owner_id, [(photo, arrival.tags) for photo, arrival in placed if arrival.tags])


def _previews(placed: Placed) -> list[dict[str, Any]]:
    rows = []
    for photo, arrival in placed:
        if arrival.hotpreview is not None:
            rows.append({"photo_id": photo.id, "hotpreview": arrival.hotpreview.jpeg})
            if photo.hotpreview_width is None:
                photo.hotpreview_width, photo.hotpreview_height = arrival.hotpreview.width, arrival.hotpreview.height
    return rows


def _exif(placed: Placed) -> list[dict[str, Any]]:
    return [
        {"photo_id": photo.id, "exif_dict": arrival.exif_dict, "warnings": arrival.warnings}
        for photo, arrival in placed
        if arrival.exif_dict or arrival.warnings
    ]


def _identities(owner_id: int, placed: Placed) -> list[dict[str, Any]]:
    rows = {
        name: {"owner_id": owner_id, "kind": name[0], "value": name[1], "photo_id": photo.id}
        for photo, arrival in reversed(placed)
        for name in arrival.identities
    }
    return [rows[name] for name in sorted(rows)]  # in one order for all writers


async def add_files(session: AsyncSession, placed: Placed) -> None:
    """Insert the files that are new, then remember where each lies and its raw EXIF."""
    arriving = {
        (photo.id, file.filename, file.sha256): (photo, file, arrival)
        for photo, arrival in placed
        for file in arrival.files
    }
    present = await _ids_of_files(session, placed)
    await repository.insert_files(session, [_file_row(*arriving[key]) for key in arriving if key not in present])
    present = await _ids_of_files(session, placed)
    for photo, file, _ in arriving.values():
        photo.has_raw = photo.has_raw or file.role == FileRole.RAW
    files = {present[key]: file for key, (_, file, _) in arriving.items()}
    await repository.seen_at(session, _location_rows(files))
    await repository.insert(session, RawExif, _raw_exif_rows(files))


async def _ids_of_files(session: AsyncSession, placed: Placed) -> dict[tuple[int, str, str | None], int]:
    found = await repository.files_of(session, (photo.id for photo, _ in placed))
    return {(photo_id, filename, sha256): file_id for file_id, photo_id, filename, sha256 in found}


def _file_row(photo: Photo, file: ArrivingFile, arrival: Arrival) -> dict[str, Any]:
    return {
        "photo_id": photo.id,
        "filename": file.filename,
        "file_format": file.file_format,
        "file_size": file.file_size,
        "sha256": file.sha256,
        "role": file.role,
        "import_session_id": arrival.columns.get("import_session_id"),
        "created_at": utc_now(),
    }


def _location_rows(files: dict[int, ArrivingFile]) -> list[dict[str, Any]]:
    return [
        {
            "image_file_id": file_id,
            "machine": file.location.machine,
            "volume": file.location.volume,
            "relative_path": file.location.relative_path,
            "stem_key": file.location.stem_key,
            "last_seen": file.location.last_seen or utc_now(),
        }
        for file_id, file in sorted(files.items())
        if file.location
    ]


def _raw_exif_rows(files: dict[int, ArrivingFile]) -> list[dict[str, Any]]:
    return [
        {
            "image_file_id": file_id,
            "blob": file.raw_exif,
            "state": file.exif_state,
            "attempts": 0,
        }
        for file_id, file in sorted(files.items())
        if file.raw_exif
    ]

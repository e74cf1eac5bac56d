"""What reading EXIF again would change, field by field."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from metadata_service.core_client import CoreClient, CoreRefusedError, ExifAnswer
from metadata_service.corrections.effective import PLACE, TIME
from metadata_service.ingest.arrival import captured
from metadata_service.tables import Photo

_AT_ONCE: Final = 4


async def read_again(core: CoreClient, blobs: Mapping[int, bytes]) -> dict[int, ExifAnswer | CoreRefusedError]:
    """Have core_service read the EXIF of photos; raise `CoreUnavailableError` when it is away."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def read(blob: bytes) -> ExifAnswer | CoreRefusedError:
        async with limit:
            try:
                return await core.read_exif(blob)
            except CoreRefusedError as error:
                return error

    return dict(zip(blobs, await asyncio.gather(*map(read, blobs.values())), strict=True))


def changes(photo: Photo, said: Any, exif: Mapping[str, Any], answer: ExifAnswer) -> dict[str, Any]:
    """What differs: where EXIF is silent, what is there stays. `said`: the camera's values of a corrected photo."""
    found: dict[str, Any] = {}
    for name, value in captured(answer.metadata).items():
        now = getattr(said if said is not None and name in (*TIME, *PLACE) else photo, name)
        if value is not None and value != now:
            found[name] = [_spelled(now), _spelled(value)]
    if answer.exif_dict != exif:
        found["exif_dict"] = _tags_that_differ(exif, answer.exif_dict)
    return found


def covered(photo: Photo, found: Mapping[str, Any]) -> list[str]:
    """Which of the changes a correction covers."""
    told = photo.timeloc_correction or {}
    names = (*(TIME if "taken_at" in told else ()), *(PLACE if "gps_latitude" in told else ()))
    return [name for name in names if name in found]


def _spelled(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _tags_that_differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, int]:
    old, new = _flat(before), _flat(after)
    return {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[path] != new[path] for path in old.keys() & new.keys()),
    }


def _flat(exif: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Tags by group and name."""
    return {
        (group, name): value
        for group, tags in exif.items()
        for name, value in (tags.items() if isinstance(tags, dict) else [("", tags)])
    }

"""Exports and imports as the commands make them, of a service that runs in the test's own process."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from metadata_service.db.engine import Database
from metadata_service.exports import folder
from metadata_service.exports.arriving import Arriving
from metadata_service.exports.contents import Contents
from metadata_service.exports.folder import Folder, Written
from metadata_service.exports.snapshot import one_moment
from metadata_service.exports.source import Source
from metadata_service.storage import BlobStore


async def export(database: Database, blobs: BlobStore, owner_id: int, root: Path) -> Written:
    """Write an owner's library into a folder."""
    async with one_moment(database) as reading:
        return await folder.write(root, Contents(reading, blobs, owner_id, Folder(root).has))


async def bring_in(database: Database, blobs: BlobStore, owner_id: int, root: Path) -> Counter[str]:
    """Import a folder into an owner's library."""
    return await Arriving(database, blobs, owner_id, Source(root)).run()


def records(root: Path, kind: str) -> list[dict[str, Any]]:
    """All records of one kind, in order."""
    return [
        orjson.loads(line) for path in sorted(root.glob(f"library/{kind}/*")) for line in path.read_bytes().splitlines()
    ]


def form(root: Path) -> dict[str, Any]:
    """All that an export says, whatever numbers rows have: records by kind, and the bytes beside them by name."""
    kinds = sorted(path.name for path in (root / "library").iterdir()) if (root / "library").exists() else []
    files = (path for name in ("previews", "exif", "sidecars") for path in (root / name).rglob("*") if path.is_file())
    return {kind: records(root, kind) for kind in kinds} | {
        "files": {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    }

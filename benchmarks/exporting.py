"""How fast a library goes out and comes in: `python -m benchmarks.exporting [--photos 10000]`."""

import argparse
import asyncio
import resource
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from metadata_service import migrations
from metadata_service.db.engine import Database
from metadata_service.exports.backup import back_up
from metadata_service.exports.source import verify
from metadata_service.storage.local import LocalFolder
from metadata_service.tables import ImageFile, Photo, PhotoExif, PhotoIdentity, PhotoPreview, PhotoTag, Tag
from tests.support.eggs import jpeg
from tests.support.exporting import bring_in, export
from tests.support.library import photos
from tests.support.made_up import new_user
from tests.support.postgres import create_database, postgres_server

_AT_ONCE = 1_000
_EXIF = {"EXIF": {f"Tag{number}": f"a value of some length, {number}" for number in range(120)}}


async def _fill(database: Database, owner_id: int, count: int) -> None:
    """Photos with a hotpreview, EXIF of six kilobytes, two names, a file and a tag each."""
    async with database.writing() as session:
        now = {"owner_id": owner_id, "name": "sea", "name_key": "sea"}
        tag_id = (await session.execute(insert(Tag).values(now).returning(Tag.id))).scalar_one()
    rows = list(photos(owner_id, count))
    for start in range(0, count, _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        async with database.writing() as session:
            ids = list(await session.scalars(insert(Photo).returning(Photo.id, sort_by_parameter_order=True), some))
            pairs = list(zip(ids, some, strict=True))
            beside: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
                (PhotoPreview, [{"photo_id": i, "hotpreview": jpeg(i)} for i in ids]),
                (PhotoExif, [{"photo_id": i, "exif_dict": _EXIF, "warnings": []} for i in ids]),
                (
                    ImageFile,
                    [{"photo_id": i, "filename": row["primary_filename"], "sha256": f"{i:064x}"} for i, row in pairs],
                ),
                (PhotoTag, [{"photo_id": i, "tag_id": tag_id, "sort_ts": row["sort_ts"]} for i, row in pairs]),
                (
                    PhotoIdentity,
                    [
                        {"photo_id": i, "owner_id": owner_id, "kind": kind, "value": value}
                        for i, row in pairs
                        for kind, value in (("hothash", row["hothash"]), ("file_sha256", f"{i:064x}"))
                    ],
                ),
            )
            for table, added in beside:
                await session.execute(insert(table), added)


async def _timed(name: str, count: int, work: Callable[[], Awaitable[Any]]) -> None:
    start, cpu = time.perf_counter(), time.process_time()
    await work()
    took, worked = time.perf_counter() - start, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {took:.1f} | {count / took:,.0f} | {count / worked:,.0f} | {most:.0f} |", flush=True)


async def _verify(root: Path) -> None:
    assert not list(verify(root))


@asynccontextmanager
async def _databases(folder: Path, server: str) -> AsyncIterator[dict[str, Database]]:
    urls = {
        "SQLite": f"sqlite:///{folder / 'a.db'}",
        "PostgreSQL": await create_database(server, "exporting"),
    }
    for url in urls.values():
        await migrations.upgrade(url)
    found = {name: Database(url, busy_seconds=60) for name, url in urls.items()}
    yield found
    for database in found.values():
        await database.close()


async def _run(folder: Path, server: str, count: int) -> None:
    blobs = LocalFolder(folder / "data" / "blobs")
    print("| | seconds | photos a second | photos a CPU second | most memory so far, MB |\n|---|---|---|---|---|")
    async with _databases(folder, server) as databases:
        source = folder / "SQLite"
        for name, database in databases.items():
            async with database.writing() as session:
                owner_id, second = await new_user(session, "one"), await new_user(session, "two")
            await _fill(database, owner_id, count)
            root = folder / name
            await _timed(f"export, {name}", count, lambda: export(database, blobs, owner_id, root))  # noqa: B023
            await _timed("again, nothing changed", count, lambda: export(database, blobs, owner_id, root))  # noqa: B023
            await _timed(f"import, {name}", count, lambda: bring_in(database, blobs, second, source))  # noqa: B023
            await _timed("again, all is there", count, lambda: bring_in(database, blobs, second, source))  # noqa: B023
        await _timed("verify", count, lambda: _verify(source))
        await _timed(
            "backup, both libraries", 2 * count, lambda: back_up(folder / "a.db", folder / "data", folder / "b")
        )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        with postgres_server() as server:
            asyncio.run(_run(folder, server, asked.photos))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

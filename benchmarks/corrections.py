"""What corrections, the atlas and the zones cost: `python -m benchmarks.corrections [PHOTOS] [postgresql]`."""

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from metadata_service import migrations
from metadata_service.geocoding import names
from metadata_service.geocoding.zones import offsets
from metadata_service.settings import Settings
from tests.support.library import fill, photos
from tests.support.metadata import running_metadata
from tests.support.postgres import create_database, postgres_server

_POINTS = 2_000


async def _timed(what: str, doing: Awaitable[Any]) -> Any:
    began, busy = time.perf_counter(), time.process_time()
    done = await doing
    spent, busy = time.perf_counter() - began, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<44} {spent * 1000:9.0f} ms  {busy * 1000:9.0f} ms of CPU here  {memory:5} MB at most")
    return done


async def _lookups() -> None:
    chance = random.Random(1)
    city = [(51.4 + chance.random() / 5, -0.2 + chance.random() / 5) for _ in range(_POINTS)]
    anywhere = [(chance.uniform(-60, 70), chance.uniform(-180, 180)) for _ in range(_POINTS)]
    when = next(row["taken_at"] for row in photos(1, 100) if row["taken_at"])
    await _timed("atlas: the first point", names(city[:1]))
    await _timed(f"atlas: {_POINTS} points in London", names(city))
    await _timed(f"atlas: {_POINTS} points anywhere", names(anywhere))
    await _timed("zones: the first point", offsets([(*city[0], when)]))
    await _timed(f"zones: {_POINTS} points anywhere", offsets([(*point, when) for point in anywhere]))


async def _corrections(url: str, count: int, folder: Path) -> None:
    await migrations.upgrade(url)
    async with running_metadata(Settings(database_url=url, data_dir=folder, log_level="error")) as service:
        kari = await service.user("kari")
        kari.timeout = 120
        for first in range(0, count, 5_000):
            async with service.database.writing() as session:
                await fill(session, list(photos(kari.user["id"], min(5_000, count - first), first=first)))
        shift = {"criteria": {"undated": False}, "change": {"op": "shift", "seconds": 3600}}
        place = {"criteria": {}, "change": {"op": "place", "latitude": 59.9, "longitude": 10.7}}
        print(f"{service.database.url.get_backend_name()}, {count} photos")
        shown = await _timed("preview of a shift", kari.post("corrections/preview", json=shift))
        print(f"  {shown.json()['changed']} photos")
        done = await _timed("shift", kari.post("corrections", json=shift))
        await _timed("undo", kari.post(f"corrections/batches/{done.json()['batch']['id']}/undo"))
        await _timed("place", kari.post("corrections", json=place))
        await _timed("statistics", kari.get("statistics"))


async def main() -> None:
    """Measure the lookups, then corrections."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    await _lookups()
    with tempfile.TemporaryDirectory() as folder:
        await _corrections(f"sqlite:///{folder}/a.db", count, Path(folder))
        if "postgresql" in sys.argv:
            with postgres_server() as server:
                await _corrections(await create_database(server, "corrections"), count, Path(folder))


if __name__ == "__main__":
    asyncio.run(main())

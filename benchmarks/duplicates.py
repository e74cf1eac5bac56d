"""Near-duplicates among 1,000,000 photos: how long one search takes, on both databases.

`python -m benchmarks.duplicates`: makes a million photos with random hashes, a tenth of them near another, and asks for
those like a photo. Beside it stand two ways that were not chosen: a walk over all hashes in memory
(int.bit_count), and PostgreSQL's own bit_count over the table.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, text

from metadata_service import migrations
from metadata_service.derived import likeness
from metadata_service.settings import Settings
from metadata_service.tables import Photo
from service_kit.logging import configure_logging
from tests.support.metadata import MetadataService, running_metadata
from tests.support.postgres import create_database, drop_database, postgres_server

_DISTANCES: Final = (3, 7, 11)
_EACH: Final = 100_000


async def main(asked: argparse.Namespace) -> None:
    """Measure each size on each database."""
    folder = Path(tempfile.mkdtemp(prefix="imalink-alike-", dir=asked.folder))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(postgres_server()) if "postgresql" in asked.databases else ""
        for kind in asked.databases:
            url = f"sqlite:///{folder}/alike.db"
            if kind == "postgresql":
                url = await create_database(server, "alike")
            await _one(url, asked, folder)
            if kind == "postgresql":
                await drop_database(server, "alike")


async def _one(url: str, asked: argparse.Namespace, folder: Path) -> None:
    await migrations.upgrade(url)
    settings = Settings(database_url=url, data_dir=folder / "data", busy_seconds=30, pending_pause_seconds=3600)
    async with running_metadata(settings) as service:
        owner = await service.user("owner")
        started = time.perf_counter()
        await _fill(service, owner.user["id"], asked.photos)
        took = time.perf_counter() - started
        kind = "sqlite" if service.database.is_sqlite else "postgresql"
        print(f"\n### {kind}, {asked.photos:,} hashes of one user: built in {took:.0f} s\n")
        print("| Way | found | CPU ms | best ms | p50 | p99 |\n|---|---|---|---|---|---|")
        chance = random.Random(7)
        ids = [chance.randrange(1, asked.photos) for _ in range(asked.runs)]
        # What any request costs here and now: on a busy machine most of what stands below it is that.
        await _measure("GET photos?limit=1", ids, lambda _id: _any(owner))
        for most in _DISTANCES:
            await _measure(
                f"GET photos/{{ref}}/similar?distance={most}",
                ids,
                lambda photo_id, most=most: _similar(owner, photo_id, most),
            )
        await _others(service, owner.user["id"], ids)


async def _any(person: Any) -> int:
    answer = await person.get("photos", params={"limit": 1})
    assert answer.status_code == 200, answer.text
    return 0


async def _similar(person: Any, photo_id: int, most: int) -> int:
    answer = await person.get(f"photos/{photo_id}/similar", params={"distance": most})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["data"])


async def _others(service: MetadataService, owner_id: int, ids: list[int]) -> None:
    """What was not chosen."""
    async with service.database.reading() as session:
        rows = await session.execute(select(Photo.id, Photo.perceptual_hash).where(Photo.owner_id == owner_id))
        hashes = {photo_id: (signed or 0) for photo_id, signed in rows}

        async def walk(photo_id: int) -> int:
            wanted = hashes[photo_id]
            return sum(likeness.distance(wanted, signed) <= 7 for signed in hashes.values()) - 1

        await _measure("all hashes in memory, int.bit_count", ids[:3], walk)
        if service.database.is_sqlite:
            return
        query = text(
            "SELECT count(*) - 1 FROM photos WHERE owner_id = :owner"
            " AND bit_count((perceptual_hash # :wanted)::bit(64)) <= 7"
        )

        async def scan(photo_id: int) -> int:
            return await session.scalar(query, {"owner": owner_id, "wanted": hashes[photo_id]}) or 0

        await _measure("PostgreSQL's bit_count over all photos", ids[:5], scan)


async def _measure(name: str, ids: list[int], ask: Callable[[int], Awaitable[int]]) -> None:
    times, found = [], 0
    await ask(ids[0])
    spent = time.process_time()
    for photo_id in ids:
        started = time.perf_counter()
        found += await ask(photo_id)
        times.append((time.perf_counter() - started) * 1000)
    spent = (time.process_time() - spent) * 1000 / len(ids)  # of this process: PostgreSQL's own is not in it
    taken = sorted(times)
    middle, worst = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    print(f"| {name} | {found} | {spent:.1f} | {taken[0]:.1f} | {middle:.1f} | {worst:.1f} |")


async def _fill(service: MetadataService, owner_id: int, count: int) -> None:
    """Let the database make the rows itself: a tenth of all photos is one, two or three bits away from another."""
    is_sqlite = service.database.is_sqlite
    numbers = "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS numbers(number)"
    if is_sqlite:
        numbers = (
            "(WITH RECURSIVE numbers(number) AS (SELECT :first UNION ALL SELECT number + 1 FROM numbers"
            " WHERE number < :last) SELECT number FROM numbers)"
        )
    half = "floor(random() * 4294967296)::bigint"
    chance = "random()" if is_sqlite else f"(({half} << 32) | {half})"
    columns = (
        "owner_id, hothash, sort_ts, visibility, rating, has_raw, created_at, updated_at, camera_model, perceptual_hash"
    )
    moment = "'2025-01-01 00:00:00'" if is_sqlite else "TIMESTAMPTZ '2025-01-01 00:00:00+00'"
    row = f"{{owner}}, {{name}}, {{number}} * 1000, 0, 0, false, {moment}, {moment}, 'EOS R5', {{hash}}"
    name = "printf('%064x', number)" if is_sqlite else "lpad(to_hex(number), 64, '0')"
    random_row = row.format(owner="CAST(:owner AS bigint)", name=name, number="number", hash=chance)
    near_name = "printf('%064x', :all + id)" if is_sqlite else "lpad(to_hex(CAST(:all AS bigint) + id), 64, '0')"
    mask = "((1 << (id % 63)) | (1 << ((id / 63) % 63)))"
    if not is_sqlite:
        mask = "((1::bigint << (id % 63)::int) | (1::bigint << ((id / 63) % 63)::int))"
    near = row.format(
        owner="owner_id", name=near_name, number="id", hash=f"((perceptual_hash | {mask}) - (perceptual_hash & {mask}))"
    )
    await _run(
        service,
        f"INSERT INTO photos ({columns}) SELECT {random_row} FROM {numbers}",
        [
            {"first": first, "last": min(first + _EACH - 1, count * 9 // 10), "owner": owner_id}
            for first in range(1, count * 9 // 10 + 1, _EACH)
        ],
    )
    await _run(
        service, f"INSERT INTO photos ({columns}) SELECT {near} FROM photos WHERE id % 9 = 0", [{"all": 10 * count}]
    )
    await _run(service, "DELETE FROM unpaired_photos", [{}])  # the search is measured, not the pairing
    if not is_sqlite:
        async with service.database.writer.connect() as connection:
            free = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await free.exec_driver_sql("VACUUM ANALYZE")


async def _run(service: MetadataService, said: str, parameters: list[dict[str, int]]) -> None:
    for some in parameters:
        async with service.database.writing() as session:
            if service.database.is_sqlite:  # parts of random hashes go everywhere in their table
                await session.execute(text("PRAGMA cache_size = -500000"))
            await session.execute(text(said), some)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--folder", default=None, help="where the SQLite file is built")
    return parser.parse_args()


if __name__ == "__main__":
    configure_logging("benchmark", "error", "human")
    sys.exit(asyncio.run(main(_arguments())))

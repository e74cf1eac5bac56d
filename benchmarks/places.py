"""The map at 1,000,000 photos: how long clusters take from far and from near, on both databases.

`python -m benchmarks.places`: half of the photos lie at home, most others in some hundred places,
the rest anywhere. `--anywhere` puts all of them anywhere: no library is like that, and none is harder to count.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from sqlalchemy import text

from metadata_service import migrations
from metadata_service.settings import Settings
from service_kit.logging import configure_logging
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.postgres import create_database, drop_database, postgres_server

_EACH: Final = 100_000
_HOME: Final = (59.9139, 10.7522)
_VIEWS: Final = {
    "world, zoom 0": ("-180,-90,180,90", 0),
    "world, zoom 2": ("-180,-85,180,85", 2),
    "Europe, zoom 4": ("-15,35,35,70", 4),
    "country, zoom 6": ("4,57,16,64", 6),
    "city, zoom 10": ("10.4,59.8,11.1,60.0", 10),
    "quarter, zoom 14": ("10.72,59.90,10.78,59.925", 14),
    "street, zoom 17": ("10.75,59.912,10.757,59.916", 17),
    "garden, zoom 20": ("10.7518,59.9137,10.7526,59.9141", 20),
}


async def main(asked: argparse.Namespace) -> None:
    """Measure each size on each database."""
    folder = Path(tempfile.mkdtemp(prefix="imalink-places-", dir=asked.folder))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(postgres_server()) if "postgresql" in asked.databases else ""
        for kind in asked.databases:
            for count in asked.photos:
                url = f"sqlite:///{folder}/{count}.db"
                if kind == "postgresql":
                    url = await create_database(server, f"places{count}")
                await _one(url, count, asked, folder)
                if kind == "postgresql":
                    await drop_database(server, f"places{count}")


async def _one(url: str, count: int, asked: argparse.Namespace, folder: Path) -> None:
    await migrations.upgrade(url)
    settings = Settings(database_url=url, data_dir=folder / "data", busy_seconds=30, pending_pause_seconds=3600)
    async with running_metadata(settings) as service:
        people = {"owner": await service.user("owner"), "other": await service.user("other")}
        started = time.perf_counter()
        await _fill(service, people["owner"].user["id"], count, anywhere=asked.anywhere)
        took = time.perf_counter() - started
        kind = "sqlite" if service.database.is_sqlite else "postgresql"
        print(f"\n### {kind}, {count:,} photos on the map: built in {took:.0f} s\n")
        print("| View | who | clusters | CPU ms | best ms | p50 | p99 |\n|---|---|---|---|---|---|---|")
        for who, person in people.items():
            for name in _VIEWS:
                await _measure(person, who, name, asked.runs)


async def _fill(service: MetadataService, owner_id: int, count: int, *, anywhere: bool) -> None:
    """Let the database make the rows itself."""
    is_sqlite = service.database.is_sqlite
    said = text(_insertion(is_sqlite=is_sqlite, anywhere=anywhere))
    for first in range(1, count + 1, _EACH):
        async with service.database.writing() as session:
            if is_sqlite:
                await session.execute(text("PRAGMA cache_size = -500000"))
            last = min(first + _EACH - 1, count)
            await session.execute(said, {"first": first, "last": last, "owner": owner_id})
    if not is_sqlite:
        async with service.database.writer.connect() as connection:
            free = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await free.exec_driver_sql("VACUUM ANALYZE")


def _insertion(*, is_sqlite: bool, anywhere: bool) -> str:
    numbers = "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS numbers(number)"
    chance, name, moment = "random()", "lpad(to_hex(number), 64, '0')", "TIMESTAMPTZ '2025-01-01 00:00:00+00'"
    if is_sqlite:
        numbers = (
            "(WITH RECURSIVE numbers(number) AS (SELECT :first UNION ALL SELECT number + 1 FROM numbers"
            " WHERE number < :last) SELECT number FROM numbers)"
        )
        chance, name, moment = (
            "(abs(random() % 1000000) / 1000000.0)",
            "printf('%064x', number)",
            "'2025-01-01 00:00:00'",
        )
    place = "(number * 7919 % 400)"
    kind = "0" if anywhere else "number % 10"
    latitude = (
        f"CASE WHEN {kind} = 0 THEN {chance} * 160 - 80 WHEN {kind} < 5 THEN {place} * 37 % 130 - 60 + {chance} * 0.1"
        f" ELSE {_HOME[0]} + ({chance} - 0.5) * 0.01 END"
    )
    longitude = (
        f"CASE WHEN {kind} = 0 THEN {chance} * 360 - 180 WHEN {kind} < 5 THEN {place} * 53 % 359 - 179 + {chance} * 0.1"
        f" ELSE {_HOME[1]} + ({chance} - 0.5) * 0.01 END"
    )
    shared = "number / 10 % 20"
    level = f"CASE WHEN {shared} < 12 THEN 0 WHEN {shared} < 14 THEN 1 WHEN {shared} < 17 THEN 2 ELSE 3 END"
    columns = (
        "owner_id, hothash, sort_ts, visibility, rating, has_raw, created_at, updated_at, gps_latitude, gps_longitude"
    )
    values = (
        f"CAST(:owner AS bigint), {name}, number * 1000, {level}, 0, false, {moment}, {moment}, {latitude}, {longitude}"
    )
    return f"INSERT INTO photos ({columns}) SELECT {values} FROM {numbers}"


async def _measure(person: Person, who: str, name: str, runs: int) -> None:
    bbox, zoom = _VIEWS[name]
    times = []
    spent = 0.0
    for number in range(runs + 1):
        if number == 1:  # the first opens connections and makes statements
            spent = time.process_time()
        started = time.perf_counter()
        answer = await person.get("photos/map/clusters", params={"bbox": bbox, "zoom": zoom})
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.text
    spent = (time.process_time() - spent) * 1000 / runs  # of this process: PostgreSQL's own is not in it
    clusters = len(answer.json()["data"])
    taken = sorted(times[1:])
    print(
        f"| {name} | {who} | {clusters} | {spent:.1f} | {taken[0]:.1f} | {taken[len(taken) // 2]:.1f} "
        f"| {taken[int(len(taken) * 0.99)]:.1f} |"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--anywhere", action="store_true", help="all photos evenly over the earth")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--folder", default=None, help="where the SQLite files are built")
    return parser.parse_args()


if __name__ == "__main__":
    configure_logging("benchmark", "error", "human")
    sys.exit(asyncio.run(main(_arguments())))

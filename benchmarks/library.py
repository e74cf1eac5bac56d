"""metadata_service at 10,000, 100,000 and 1,000,000 photos of one user: how long each way to look takes.

`make bench-library ARGS="--photos 10000 100000"`: builds each library in bulk on SQLite and on PostgreSQL, asks the
application in this process (ASGI, no network), and prints milliseconds beside a floor from the same run: the very
statements that the request sent, on the bare driver, and their rows through orjson. Requests and floor take turns. The
ratio is of the best of each: on a machine that others use, p50 and p99 say more of the others.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from anyio import to_thread

from benchmarks.library_asking import Report, measure
from benchmarks.library_building import build
from benchmarks.library_writing import measure_ways_in
from metadata_service import migrations
from metadata_service.settings import Settings
from service_kit.logging import configure_logging
from tests.support.metadata import running_metadata
from tests.support.postgres import create_database, drop_database, postgres_server


async def main(asked: argparse.Namespace) -> None:
    """Measure each size on each database; compare the sizes at the end."""
    folder = Path(tempfile.mkdtemp(prefix="imalink-library-", dir=asked.folder))
    reports: list[Report] = []
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(postgres_server()) if "postgresql" in asked.databases else ""
        for kind in asked.databases:
            for photos in asked.photos:
                url = f"sqlite:///{folder}/{photos}.db"
                if kind == "postgresql":
                    url = await create_database(server, f"library{photos}")
                reports.append(await _one(url, photos, asked, folder))
                if kind == "postgresql":
                    await drop_database(server, f"library{photos}")
                else:
                    await to_thread.run_sync((folder / f"{photos}.db").unlink)
            _print_growth([report for report in reports if report.kind == kind])


async def _one(url: str, photos: int, asked: argparse.Namespace, folder: Path) -> Report:
    await migrations.upgrade(url)
    settings = Settings(database_url=url, data_dir=folder / "data", busy_seconds=30, log_level="error")
    async with running_metadata(settings) as service:
        started = time.perf_counter()
        library = await build(service, photos, sharing=asked.sharing)
        took = time.perf_counter() - started
        report = Report("sqlite" if service.database.is_sqlite else "postgresql", photos)
        print(f"\n### {report.kind}, {photos:,} photos, {asked.sharing} shared: built in {took:.0f} s\n", flush=True)
        if asked.pause:
            await to_thread.run_sync(input, "Built; press Enter to measure.\n")
            for person in (library.owner, library.other):  # who has waited long is signed in no more
                person.headers["Authorization"] = f"Bearer {await service.token(person.user['id'])}"
        await measure(service, library, report, runs=asked.runs, only=asked.only)
        if not asked.only:
            await measure_ways_in(service, library.owner, report)
    return report


def _print_growth(reports: list[Report]) -> None:
    if len(reports) < 2:
        return
    first, last = reports[0], reports[-1]
    print(f"\n### {first.kind}: growth of the best from {first.photos:,} to {last.photos:,}\n")
    for line in _growth(first, last):
        print(line)


def _growth(first: Report, last: Report) -> Iterator[str]:
    yield "| Request | growth |"
    yield "|---|---|"
    for name in first.best:
        yield f"| {name} | × {last.best[name] / first.best[name]:.2f} |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--sharing", default="mixed", choices=("nobody", "mixed", "everybody"))
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--only", default="", help="measure only requests whose name has this in it")
    parser.add_argument("--pause", action="store_true", help="wait after building, for the machine to come to rest")
    parser.add_argument("--folder", default=None, help="where the SQLite files are built")
    return parser.parse_args()


if __name__ == "__main__":
    configure_logging("benchmark", "error", "human")
    sys.exit(asyncio.run(main(_arguments())))

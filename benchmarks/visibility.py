"""The predicate with 1,000 users and 200 spaces: what spaces add to a list and to a timeline.

`.venv/bin/python -m benchmarks.visibility --photos 1000000`: builds a library on SQLite and on PostgreSQL
(`benchmarks/visibility_building.py`) and lets five viewers ask: an owner, a stranger who belongs to no space, members
of ten and of all 200, and anyone. Each list is asked with the arm of the spaces and without it, taking turns; printed
are the best of both in milliseconds, with the median and the best time of this process's own work (SQLite runs in it),
then the same where a hundredth of the photos hides its time, then how the database reads the spaces. Times on a machine
that does something else say little: compare the two columns, and on SQLite the work.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event, insert

from benchmarks.visibility_building import IN_ALL, IN_NO_SPACE, IN_TEN, OWNER, SPACES, USERS, build
from metadata_service import migrations
from metadata_service.db.engine import Database
from metadata_service.gallery import service
from metadata_service.gallery.schemas import Listing
from metadata_service.photos.filters import Arm, arms_of
from metadata_service.photos.listing import count_all, page, page_query
from metadata_service.photos.order import Order
from metadata_service.tables import Disclosure
from metadata_service.timeline import repository as timeline
from metadata_service.timeline import service as timelines
from metadata_service.timeline.periods import Period, calendar
from metadata_service.timeline.schemas import TimelineQuery
from metadata_service.visibility import ANYONE, Look, Viewer, fast_arms
from tests.support.postgres import create_database, postgres_server

_ORDER: Final = Order()
_VIEWERS: Final = {
    "owner": Viewer(OWNER),
    "stranger": Viewer(IN_NO_SPACE),
    "in ten spaces": Viewer(IN_TEN),
    "in all 200": Viewer(IN_ALL),
    "anyone": ANYONE,
}
Ask = Callable[[], Awaitable[Any]]


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imalink-visibility-")))
        server = stack.enter_context(postgres_server()) if "postgresql" in asked.databases else ""
        for kind in asked.databases:
            url = f"sqlite:///{folder}/library.db" if kind == "sqlite" else asyncio.run(_created(server))
            asyncio.run(_measure(url, asked.photos, asked.runs))


async def _created(server: str) -> str:
    return await create_database(server, "visibility")


async def _measure(url: str, count: int, runs: int) -> None:
    await migrations.upgrade(url)
    database = Database(url, busy_seconds=60)
    started = time.perf_counter()
    await build(database, count)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    print(f"\n### {kind}, {count:,} photos, {USERS} users, {SPACES} spaces: {time.perf_counter() - started:.0f} s\n")
    print("| viewer | question | with spaces, ms | without, ms | added, ms |\n|---|---|---|---|---|")
    for name, viewer in _VIEWERS.items():
        await _ask_as(database, name, viewer, runs)
    await _hide_times(database)
    for name, viewer in _VIEWERS.items():
        await _ask_where_times_are_hidden(database, name, viewer, runs)
    await _explain(database)
    await database.close()


async def _ask_as(database: Database, name: str, viewer: Viewer, runs: int) -> None:
    look = Look(viewer)
    async with database.reading() as session:
        deep = (await page(session, arms_of(look), _ORDER, limit=1, offset=2_000)) or None
        after = _ORDER.cursor(deep[0]) if deep else None
        spaceless = [Arm(where) for where in fast_arms(look)]

        def listed(arms: Sequence[Arm], cursor: Any) -> Ask:
            query = page_query(arms, _ORDER, is_after=cursor is not None, is_sqlite=database.is_sqlite)
            where = {"page_limit": 101, "page_end": 101, "page_offset": 0} | _ORDER.parameters(cursor)
            return lambda: session.execute(query, where)

        await _row(name, "list of 100", runs, listed(arms_of(look), None), listed(spaceless, None))
        await _row(name, "the same, 2,000 deep", runs, listed(arms_of(look), after), listed(spaceless, after))
        edges = await timeline.edges(session, look)
        months = calendar(edges, "month", None) if edges else []
        await _row(name, "count of all", runs, lambda: count_all(session, look))
        await _row(name, f"counts of {len(months)} months", runs, lambda: timeline.summed(session, look, months))
        years: list[Period] = calendar(edges, "year", None) if edges else []
        covers = lambda: timeline.covers_of_look(session, years, look)  # noqa: E731  # asked again and again
        await _row(name, f"pictures of {len(years)} years", max(3, runs // 5), covers)


async def _hide_times(database: Database) -> None:
    """Let a hundredth of all owners tell the month of what they share."""
    async with database.writing() as session:
        people = range(100, 1_000, 100)
        rows = [
            {"owner_id": owner, "level": level, "place": 2, "time": 0, "camera": True, "filename": False, "exif": False}
            for owner in people
            for level in (1, 2, 3)
        ]
        await session.execute(insert(Disclosure), rows)


async def _ask_where_times_are_hidden(database: Database, name: str, viewer: Viewer, runs: int) -> None:
    async with database.reading() as session:
        first = lambda: service.photos(session, viewer, Listing(limit=100))  # noqa: E731  # asked again and again
        await _row(name, "list of 100, some times hidden", runs, first)
        for granularity in ("year", "day"):
            asked = TimelineQuery(granularity=granularity)
            periods = lambda asked=asked: timelines.timeline(session, viewer, asked)  # noqa: E731
            await _row(name, f"timeline by {granularity}, some times hidden", max(3, runs // 5), periods)


async def _row(name: str, question: str, runs: int, ask: Ask, without: Ask | None = None) -> None:
    took: list[list[float]] = [[], []]
    worked: list[list[float]] = [[], []]
    for _ in range(runs):
        for times, work, one in zip(took, worked, (ask, without), strict=True):
            if one is not None:
                started, begun = time.perf_counter(), time.process_time()
                await one()
                times.append((time.perf_counter() - started) * 1000)
                work.append((time.process_time() - begun) * 1000)
    told = [
        f"{min(t):.2f} ({statistics.median(t):.2f}; {min(w):.2f})" if t else ""
        for t, w in zip(took, worked, strict=True)
    ]
    added = f"{min(took[0]) - min(took[1]):.2f}" if took[1] else ""
    print(f"| {name} | {question} | {told[0]} | {told[1]} | {added} |")


async def _explain(database: Database) -> None:
    """How the list of somebody who belongs to ten spaces is read."""
    arms = [arm for arm in arms_of(Look(Viewer(IN_TEN))) if arm.through]
    query = page_query(arms, _ORDER, is_after=False, is_sqlite=database.is_sqlite)
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    engine = database.reader.sync_engine
    async with database.reading() as session:
        event.listen(engine, "before_cursor_execute", note)
        await session.execute(query, {"page_limit": 100, "page_end": 100, "page_offset": 0})
        event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN (ANALYZE, COSTS off, TIMING off) "
    async with database.reader.connect() as connection:
        print("\n```")
        for row in await connection.exec_driver_sql(explain + said[0][0], tuple(said[0][1])):
            print(row[-1] if database.is_sqlite else row[0])
        print("```")


if __name__ == "__main__":
    main()

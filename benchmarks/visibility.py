"""The predicate with 1,000 users and 200 spaces: what spaces add to a list and to a timeline.

`.venv/bin/python -m benchmarks.visibility --photos 100000`: builds a library on SQLite and on PostgreSQL in which a
third of all photos lie in spaces (one in eight of them in two), and lets four viewers ask: one who belongs to no space,
to ten, to all 200, and anyone. Each list is asked with the arm of the spaces and without it, taking turns; printed are
the best of both in milliseconds, with the median and the best time of this process's own work (SQLite runs in it), then
how the database reads the spaces.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event, insert, select, text

from metadata_service import migrations
from metadata_service.db.engine import Database
from metadata_service.derived import spaces
from metadata_service.photos.filters import Arm, arms_of
from metadata_service.photos.listing import count_all, page, page_query
from metadata_service.photos.order import Order
from metadata_service.tables import Photo, PhotoSpace, Space, SpaceMember, User
from metadata_service.timeline import repository as timeline
from metadata_service.timeline.periods import Period, calendar
from metadata_service.visibility import ANYONE, Look, Viewer, fast_arms
from tests.support.library import photos
from tests.support.postgres import create_database, postgres_server

_USERS: Final = 1_000
_SPACES: Final = 200
_AT_ONCE: Final = 5_000
_SHARING: Final = "mixed"
_ORDER: Final = Order()
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
    await _build(database, count)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    print(f"\n### {kind}, {count:,} photos, {_USERS} users, {_SPACES} spaces: {time.perf_counter() - started:.0f} s\n")
    print("| viewer | question | with spaces, ms | without, ms | added, ms |\n|---|---|---|---|---|")
    # Users 1 to 200 own a space each; 991 belongs to none, 992 to ten, 993 to all.
    for name, viewer in (
        ("in no space", Viewer(991)),
        ("in ten", Viewer(992)),
        ("in all 200", Viewer(993)),
        ("anyone", ANYONE),
    ):
        await _ask_as(database, name, viewer, runs)
    await _explain(database)
    await database.close()


async def _build(database: Database, count: int) -> None:
    chance = random.Random(1)
    async with database.writing() as session:
        names = ({"username": f"u{n}", "username_key": f"u{n}", "email": f"{n}", "email_key": f"{n}"} for n in _users())
        await session.execute(insert(User), [name | {"password_hash": ""} for name in names])
        await session.execute(
            insert(Space), [{"owner_id": number, "name": f"Space {number}"} for number in range(1, _SPACES + 1)]
        )
        members = {(number, number) for number in range(1, _SPACES + 1)}
        members |= {(chance.randint(1, _SPACES), user) for user in range(1, 991) for _ in range(5)}
        members |= {(space, 992) for space in range(1, _SPACES + 1, 20)}
        members |= {(space, 993) for space in range(1, _SPACES + 1)}
        rows = [{"space_id": space, "user_id": user, "role": 1} for space, user in sorted(members)]
        await session.execute(insert(SpaceMember), rows)
    await _triggers(database, "DISABLE")
    for first in range(0, count, _AT_ONCE):
        await _write(database, list(_rows(chance, first, min(_AT_ONCE, count - first))), chance)
    await _triggers(database, "ENABLE")
    async with database.writing() as session:
        if not database.is_sqlite:
            await spaces.rebuild(session)
        await session.execute(text("ANALYZE"))


async def _triggers(database: Database, word: str) -> None:
    """Rows that come by the hundred thousand are counted at once, where triggers can be put to sleep."""
    if not database.is_sqlite:
        async with database.writing() as session:
            await session.execute(text(f"ALTER TABLE photo_spaces {word} TRIGGER USER"))


def _users() -> range:
    return range(1, _USERS + 1)


def _rows(chance: random.Random, first: int, count: int) -> Iterator[dict[str, Any]]:
    """Photos of users 1 to 200, a third of them at the level `space`."""
    for row in photos(1 + first // _AT_ONCE % _SPACES, count, sharing=_SHARING, first=first):
        yield row | {"visibility": 1 if chance.random() < 1 / 3 else row["visibility"]}


async def _write(database: Database, rows: list[dict[str, Any]], chance: random.Random) -> None:
    async with database.writing() as session:
        await session.execute(insert(Photo), rows)
        newest = select(Photo.id, Photo.owner_id, Photo.sort_ts, Photo.rating, Photo.taken_at).order_by(Photo.id.desc())
        kept = list(await session.execute(newest.limit(len(rows))))
        held = [
            {
                "space_id": space,
                "photo_id": photo.id,
                "owner_id": photo.owner_id,
                "sort_ts": photo.sort_ts,
                "day": -(2**31) if photo.taken_at is None else photo.sort_ts // 86_400_000,
                "rating": photo.rating,
                "is_shown": True,
                "is_only": True,
            }
            for photo, row in zip(kept[::-1], rows, strict=True)
            if row["visibility"] == 1
            for space in chance.sample(range(1, _SPACES + 1), 2 if chance.random() < 1 / 8 else 1)
        ]
        if held:
            await session.execute(insert(PhotoSpace), held)


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
    arms = [arm for arm in arms_of(Look(Viewer(992))) if arm.through]
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

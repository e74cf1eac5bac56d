"""Builds what `benchmarks.visibility` asks: a library of a thousand people and two hundred spaces, in a few statements.

Every number follows from the number of the row, so that both databases hold the same. Triggers sleep meanwhile, and
what they keep is counted once at the end.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.derived import days
from metadata_service.tables import DAY_MS, UNDATED

USERS: Final = 1_000
SPACES: Final = 200
OWNER, IN_NO_SPACE, IN_TEN, IN_ALL = 1, 991, 992, 993
"""Who asks. The owner has a tenth of all photos, users 2 to 990 the rest; 1 to 200 own a space each."""

_AT_ONCE: Final = 100_000
_TABLES: Final = ("photos", "photo_spaces")
_FIRST_DAY: Final = 11_459  # 17 May 2001
_DAYS: Final = 24 * 365
# Numbers that seem random, and are the same on both databases: each column has a multiplier of its own.
_USER: Final = "'u' || n, 'u' || n, 'u' || n, 'u' || n, ''"
_CHANCE: Final = "((n * {0} + 12345) % 2147483647 % {1})"


async def build(database: Database, count: int) -> None:
    """Fill an empty database with `count` photos, a third of them in spaces, one in eight of these in two."""
    async with database.writing() as session:
        await _people(session)
    async with _without_triggers(database):
        for first in range(0, count, _AT_ONCE):
            async with database.writing() as session:
                await _photos(session, first, min(_AT_ONCE, count - first))
        async with database.writing() as session:
            await _spaces(session)
            await days.rebuild(session)
    async with database.writing() as session:
        await session.execute(text("ANALYZE"))


def _numbers(session: AsyncSession) -> str:
    """The numbers from `:first` until before `:end`, as a table `numbers(n)`."""
    if session.get_bind().dialect.name == "sqlite":
        return "WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :end)"
    return "WITH numbers(n) AS (SELECT generate_series(CAST(:first AS bigint), CAST(:end AS bigint) - 1))"


async def _people(session: AsyncSession) -> None:
    numbers = _numbers(session)
    now = "CURRENT_TIMESTAMP"
    for table, end in (
        (
            "users (id, username, username_key, email, email_key, password_hash, is_active, created_at, updated_at)",
            USERS,
        ),
        ("spaces (id, owner_id, name, created_at, updated_at)", SPACES),
    ):
        values = f"n, {_USER}, true" if end == USERS else "n, n, 'Space ' || n"
        await session.execute(
            text(f"INSERT INTO {table} {numbers} SELECT {values}, {now}, {now} FROM numbers"),
            {"first": 1, "end": end + 1},
        )
    for who, some in (
        ("n", f"n <= {SPACES}"),  # who owns it
        (f"{IN_ALL}", f"n <= {SPACES}"),
        (f"{IN_TEN}", f"n <= {SPACES} AND n % 20 = 0"),
        *((f"2 + {_CHANCE.format(multiplier, 989)}", f"n <= {SPACES}") for multiplier in range(7, 32)),
    ):
        await session.execute(
            text(
                f"INSERT INTO space_members (space_id, user_id, role, joined_at) {numbers}"
                f" SELECT n, {who}, 1, {now} FROM numbers WHERE {some} ON CONFLICT DO NOTHING"
            ),
            {"first": 1, "end": SPACES + 1},
        )


async def _photos(session: AsyncSession, first: int, count: int) -> None:
    day, millisecond = _CHANCE.format(7919, _DAYS), _CHANCE.format(104729, DAY_MS)
    level, undated = _CHANCE.format(15485863, 90), _CHANCE.format(32452843, 50)
    # Of 90: a third in spaces; of the rest six of ten private, one at `space` without one, the others shared.
    shared = f"WHEN {level} < 81 THEN 2 ELSE 3 END"
    visibility = f"CASE WHEN {level} < 30 THEN 1 WHEN {level} < 66 THEN 0 WHEN {level} < 72 THEN 1 {shared}"
    at = f"({_FIRST_DAY} + {day}) * {DAY_MS} + {millisecond}"
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    taken_at = (
        f"strftime('%Y-%m-%d %H:%M:%S.000000', ({at}) / 1000, 'unixepoch')"
        if is_sqlite
        else f"date_trunc('second', to_timestamp(({at}) / 1000) AT TIME ZONE 'UTC')"
    )
    hothash = "printf('%064x', n)" if is_sqlite else "lpad(to_hex(n), 64, '0')"
    rating = f"CASE WHEN {_CHANCE.format(49979687, 20)} < 16 THEN 0 ELSE 1 + {_CHANCE.format(67867967, 5)} END"
    owner = f"CASE WHEN n % 10 = 0 THEN {OWNER} ELSE 2 + {_CHANCE.format(86028121, 989)} END"
    await session.execute(
        text(
            "INSERT INTO photos (id, owner_id, hothash, sort_ts, visibility, rating, taken_at, has_raw, created_at,"
            f" updated_at) {_numbers(session)} SELECT n + 1, {owner}, {hothash}, {at}, {visibility}, {rating},"
            f" CASE WHEN {undated} = 0 THEN NULL ELSE {taken_at} END, false, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP"
            " FROM numbers"
        ),
        {"first": first, "end": first + count},
    )


async def _spaces(session: AsyncSession) -> None:
    """Photos into spaces; those of the level `space` whose number leaves 0 by 6 lie in none."""
    day = f"CASE WHEN taken_at IS NULL THEN {UNDATED} ELSE sort_ts / {DAY_MS} END"
    columns = "space_id, photo_id, owner_id, sort_ts, day, rating, is_shown, is_only, added_at"
    for space, is_only, some in (
        (f"1 + id * 7919 % {SPACES}", "id % 8 <> 0", "id % 6 <> 0"),
        (f"1 + (id * 7919 + 100) % {SPACES}", "false", "id % 6 <> 0 AND id % 8 = 0"),
    ):
        await session.execute(
            text(
                f"INSERT INTO photo_spaces ({columns}) SELECT {space}, id, owner_id, sort_ts, {day}, rating, true,"
                f" {is_only}, CURRENT_TIMESTAMP FROM photos WHERE visibility = 1 AND {some}"
            )
        )
    await session.execute(
        text(
            "INSERT INTO space_days (space_id, day, owner_id, photos) SELECT space_id, day, owner_id, count(*)"
            " FROM photo_spaces WHERE is_shown AND is_only GROUP BY space_id, day, owner_id"
        )
    )


@asynccontextmanager
async def _without_triggers(database: Database) -> AsyncIterator[None]:
    made: list[str] = []
    async with database.writing() as session:
        if database.is_sqlite:
            named = text(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('photos', 'photo_spaces')"
            )
            for name, sql in list(await session.execute(named)):
                made.append(sql)
                await session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in _TABLES:
                await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    async with database.writing() as session:
        for sql in made:
            await (await session.connection()).exec_driver_sql(sql)
        if not database.is_sqlite:
            for table in _TABLES:
                await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))

"""Whatever a library holds, it goes out and comes back the same: from either database to the other, and home."""

import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from metadata_service.db.engine import Database
from metadata_service.exports.source import verify
from metadata_service.storage.local import LocalFolder
from tests.support.exporting import bring_in, export, form
from tests.support.made_up import Row, keep, libraries, new_user

_numbers = itertools.count(1)


@pytest.fixture
async def databases(
    database_url: str, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[tuple[Database, Database]]:
    """One of each kind, and one that is SQLite."""
    shutil.copy(sqlite_template, tmp_path / "other.db")
    both = (Database(database_url, busy_seconds=5), Database(f"sqlite:///{tmp_path / 'other.db'}", busy_seconds=5))
    yield both
    for database in both:
        await database.close()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(library=libraries())
async def test_any_library_goes_there_and_comes_home_the_same(
    databases: tuple[Database, Database], tmp_path: Path, library: Row
) -> None:
    number = next(_numbers)
    here, there = databases
    blobs = [LocalFolder(tmp_path / f"blobs{side}") for side in range(2)]
    async with here.writing() as session:
        owner_id = await new_user(session, f"one{number}")
        await keep(session, blobs[0], owner_id, library, number * 10)
    roots = [tmp_path / f"{number}{step}" for step in "abc"]
    await export(here, blobs[0], owner_id, roots[0])
    assert list(verify(roots[0])) == []
    for step, (database, place) in enumerate(((there, blobs[1]), (here, blobs[0]))):
        async with database.writing() as session:
            owner_id = await new_user(session, f"two{number}")
        await bring_in(database, place, owner_id, roots[step])
        await export(database, place, owner_id, roots[step + 1])
        before, after = form(roots[0]), form(roots[step + 1])
        for kind in before.keys() | after.keys():
            assert after.get(kind) == before.get(kind), kind
    for root in roots:
        shutil.rmtree(root)

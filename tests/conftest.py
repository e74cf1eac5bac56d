"""What every test may ask for: databases of both kinds, and metadata_service on each of them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from metadata_service import migrations
from metadata_service.db.engine import Database
from metadata_service.settings import Settings
from service_kit.logging import configure_logging
from tests.support.metadata import MetadataService, running_metadata
from tests.support.postgres import create_database, postgres_server
from tests.support.scratch import use_memory
from tests.support.seaweed import S3Server, s3_server
from tests.support.uploads import core_process

use_memory()

# Once, and as the services do: tracebacks of the library's own style cost seconds each.
configure_logging("test", "warning", "human")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's `.env` and environment must not change what the tests see."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def core_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """core_service, as a process of its own."""
    with core_process(tmp_path_factory.mktemp("core")) as core:
        yield core.url


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """A server that speaks S3, with one bucket; who puts something there chooses keys of his own."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_database(postgres: str) -> str:
    """A database on it that has all tables; who uses it leaves it empty."""
    url = asyncio.run(create_database(postgres, "imalink_test"))
    asyncio.run(migrations.upgrade(url))
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that has all tables."""
    path = tmp_path_factory.mktemp("template") / "imalink.db"
    asyncio.run(migrations.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of each kind: every test that asks for it runs on both."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "imalink.db")
        yield f"sqlite:///{tmp_path / 'imalink.db'}"
        return
    url = request.getfixturevalue("postgres_database")
    yield url
    asyncio.run(_empty(url))


async def _empty(url: str) -> None:
    """Everything belongs to somebody; only the summaries do not learn of it, for TRUNCATE runs no row's trigger."""
    database = Database(url, busy_seconds=5)
    async with database.writing() as session:
        everything = "users, photo_days, shared_days, photo_cells, photo_bands, space_days"
        await session.execute(text(f"TRUNCATE {everything} RESTART IDENTITY CASCADE"))
    await database.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a service with nothing in it."""
    # Nobody works on uploads unless a test says so: who looks for work looks into the database.
    return Settings(database_url=database_url, data_dir=tmp_path / "data", busy_seconds=5, upload_jobs_at_once=0)


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[MetadataService]:
    """metadata_service, started, in this process."""
    async with running_metadata(settings) as running:
        yield running


@pytest.fixture
async def kari(service: MetadataService) -> Any:
    """A user."""
    return await service.user("kari")


@pytest.fixture
async def ola(service: MetadataService) -> Any:
    """A stranger to kari."""
    return await service.user("ola")


@pytest.fixture
def anyone(service: MetadataService) -> Any:
    """Nobody in particular."""
    return service.anyone()


@pytest.fixture
def statements(service: MetadataService) -> Iterator[list[str]]:
    """Every statement that the service sends to its database from now on."""
    seen: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engines = {service.database.writer.sync_engine}
    if service.database.is_sqlite:  # with PostgreSQL the reader is a view of the writer, and shares its listeners
        engines.add(service.database.reader.sync_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", record)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", record)

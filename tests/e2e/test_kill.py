"""The server is killed in the middle of an import, again and again: what it acknowledged is there, whole and once."""

import asyncio
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from metadata_service.db.engine import Database
from metadata_service.doctor import examine
from metadata_service.tables import ImageFile, Photo, PhotoIdentity, PhotoPreview
from tests.support.eggs import egg, jpeg
from tests.support.processes import Pair, ServiceProcess, new_pair

pytestmark = pytest.mark.e2e

_PHOTOS, _PER_BATCH, _KILLS = 5000, 50, 5


@dataclass
class Importer:
    """A client that imports in batches and sends a batch again until it is acknowledged."""

    client: httpx.Client
    import_id: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    failure: BaseException | None = None

    def run(self) -> None:
        """Import everything."""
        try:
            for first in range(1, _PHOTOS + 1, _PER_BATCH):
                self._send([_laid(seed) for seed in range(first, first + _PER_BATCH)])
        except BaseException as error:
            self.failure = error
            raise

    def _send(self, eggs: list[dict[str, Any]]) -> None:
        while True:
            try:
                answer = self.client.post("/photos/batch", json={"import_session_id": self.import_id, "eggs": eggs})
            except httpx.TransportError:
                self.retries += 1
                time.sleep(0.1)
                continue
            assert answer.status_code == 200, answer.text
            assert answer.json()["errors"] == []
            self.acknowledged |= {item["hothash"]: item["id"] for item in answer.json()["results"]}
            return


def _laid(seed: int) -> dict[str, Any]:
    """Every tenth photo has a coldpreview, which lies outside the database."""
    return egg(seed, coldpreview=jpeg(seed, size=(400, 300)) if seed % 10 == 0 else None, tags=["killed"])


def test_what_was_acknowledged_survives_being_killed(database_url: str, tmp_path: Path) -> None:
    pair = new_pair(tmp_path, METADATA_DATABASE_URL=database_url)
    pair.metadata.start()
    client = _signed_in(pair.metadata.url)
    try:
        importer = _import_while_killing(pair, client)
        assert len(importer.acknowledged) == _PHOTOS
        assert importer.retries > 0, "no kill hit the import"
        told = importer.client.get(f"/import-sessions/{importer.import_id}").json()
        assert (told["images_imported"], told["duplicates_skipped"], told["errors_count"]) == (_PHOTOS, 0, 0)
        for seed in random.Random(1).sample(range(1, _PHOTOS + 1), 40):
            shown = importer.client.get(f"/photos/{egg(seed)['hothash']}/hotpreview")
            assert shown.content == jpeg(seed)
        for seed in range(10, 400, 10):
            shown = importer.client.get(f"/photos/{egg(seed)['hothash']}/coldpreview")
            assert shown.content == jpeg(seed, size=(400, 300))
        asyncio.run(_check_database(database_url, _files(tmp_path / "data" / "blobs"), importer.acknowledged))
    finally:
        client.close()
        if pair.metadata.is_running:
            pair.metadata.kill()


def _import_while_killing(pair: Pair, client: httpx.Client) -> Importer:
    importer = Importer(client, client.post("/import-sessions", json={}).json()["id"])
    working = threading.Thread(target=importer.run)
    working.start()
    dice = random.Random(7)
    for number in range(1, _KILLS + 1):
        _wait_for(importer, number * _PHOTOS // (_KILLS + 1))
        time.sleep(dice.uniform(0, 0.05))
        _kill_and_restart(pair.metadata)
    working.join(timeout=120)
    assert importer.failure is None
    assert not working.is_alive()
    return importer


def _signed_in(url: str) -> httpx.Client:
    client = httpx.Client(base_url=f"{url}/api/v1", timeout=30)
    person = {"username": "kari", "email": "kari@example.org", "password": "correct horse battery"}
    client.post("/auth/register", json=person).raise_for_status()
    token = client.post("/auth/login", json=person).raise_for_status().json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    client.cookies.clear()
    return client


def _wait_for(importer: Importer, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(importer.acknowledged) < count:
        assert importer.failure is None
        assert time.monotonic() < deadline
        time.sleep(0.002)


def _kill_and_restart(service: ServiceProcess) -> None:
    service.kill()
    service.start()


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.jpg")}


async def _check_database(url: str, files: set[str], acknowledged: dict[str, int]) -> None:
    """Nothing doubled, nothing half: every table holds exactly what the acknowledged photos are made of."""
    database = Database(url, busy_seconds=5)
    async with database.reading() as session:
        found = dict(iter(await session.execute(select(Photo.hothash, Photo.id))))
        assert found == acknowledged
        for table, expected in ((PhotoPreview, 1), (ImageFile, 1), (PhotoIdentity, 2)):
            assert await session.scalar(select(func.count()).select_from(table)) == expected * _PHOTOS
        keys = set(await session.scalars(select(Photo.coldpreview_key).where(Photo.coldpreview_key.is_not(None))))
    assert await examine(database, repair=False) == [], "what is derived adds up"
    await database.close()
    assert len(keys) == _PHOTOS // 10
    assert keys <= files

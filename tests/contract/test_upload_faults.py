"""core_service and the bucket behind a bad network: uploads wait, and go on by themselves; nothing is half."""

import asyncio
import resource
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from metadata_service.settings import Settings
from metadata_service.storage.s3 import Bucket
from tests.support.faults import Fault, FaultProxy
from tests.support.metadata import Person
from tests.support.photos import camera_jpeg
from tests.support.seaweed import BUCKET, KEY, SECRET, S3Server
from tests.support.uploads import Uploading, ended, send, uploading


@dataclass
class Networked:
    """A service that reaches core_service and its bucket through proxies."""

    up: Uploading
    core: FaultProxy
    store: FaultProxy
    person: Person

    def proxy(self, name: str) -> FaultProxy:
        """One of the two."""
        return self.core if name == "core" else self.store

    async def keys(self) -> list[str]:
        """What lies in the bucket, by its own account."""
        return [blob.key async for blob in self.up.bench.blobs.list("originals")]


@pytest.fixture
async def net(sqlite_template: Path, tmp_path: Path, core_url: str, s3: S3Server) -> AsyncIterator[Networked]:
    shutil.copy(sqlite_template, tmp_path / "imalink.db")
    async with FaultProxy(core_url) as core, FaultProxy(s3.url) as store:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path / 'imalink.db'}",
            data_dir=tmp_path / "data",
            s3_bucket=BUCKET,
            s3_endpoint=store.url,
            s3_access_key=KEY,
            s3_secret_key=SECRET,
            s3_seconds=1.5,
            upload_core_seconds=1.5,
        )
        async with uploading(settings, core.url) as up:
            person = await up.service.user("kari")
            for circuit in (up.bench.blobs._circuit, up.bench.core._circuit):
                circuit.open_seconds = 0.5  # fifteen seconds would be long for a test
            yield Networked(up, core, store, person)
            core.heal()
            store.heal()
            for key in await net_keys(up):
                await up.bench.blobs.delete(key)


async def net_keys(up: Uploading) -> list[str]:
    """Everything in the bucket, which other tests use too."""
    assert isinstance(up.bench.blobs, Bucket)
    await asyncio.sleep(0.6)
    folders = ("originals", "thumbnails", "coldpreviews", "temp_uploads")
    return [blob.key for folder in folders async for blob in up.bench.blobs.list(folder)]


def _picture(seed: int) -> tuple[str, bytes]:
    return (f"{seed}.jpg", camera_jpeg(width=640, height=480, seed=seed))


async def _waits(net: Networked, job_id: str) -> dict[str, Any]:
    """The job, as soon as it has waited at least once."""
    async with asyncio.timeout(30):
        while not (await net.up.job(job_id)).waits:  # noqa: ASYNC110  # what is waited for knows no events
            await asyncio.sleep(0.05)
    told: dict[str, Any] = (await net.person.get(f"photos/jobs/{job_id}")).json()
    return told


@pytest.mark.parametrize("fault", ["refuse", "hang", "503", "cut requests", "cut answers"])
@pytest.mark.parametrize("who", ["core", "store"])
async def test_a_job_waits_for_whom_it_needs_and_goes_on_by_itself(net: Networked, who: str, fault: Fault) -> None:
    net.core.hurt("refuse")  # until the fault is there, nothing gets done
    accepted = await send(net.person, _picture(1))
    net.proxy(who).hurt(fault)
    if who == "store":
        net.core.heal()
    job = await _waits(net, accepted["jobs"][0]["job_id"])
    assert job["status"] in {"pending", "processing"}
    assert job["error"] is None
    assert await net.person.ids() == []
    net.proxy(who).heal()
    (job,) = await ended(net.person, accepted["upload_session_id"], 60)
    assert (job["status"], job["attempts"]) == ("completed", 1)
    assert len(await net.person.ids()) == 1
    assert (await net.up.reconcile()).counted()["without_object"] == 0


@pytest.mark.parametrize("fault", ["refuse", "hang", "503", "cut requests"])
async def test_an_upload_into_a_store_that_is_away_is_refused_and_may_be_sent_again(
    net: Networked, fault: Fault
) -> None:
    net.store.hurt(fault)
    answer = await net.person.post("photos/upload", files=[("files", _picture(2)), ("files", _picture(3))])
    assert (answer.status_code, answer.json()["type"]) == (503, "store-away")
    assert answer.headers["retry-after"]
    net.store.heal()
    await asyncio.sleep(0.6)
    assert (await net.person.get("photos/gallery")).json()["photos"] == []
    accepted = await send(net.person, _picture(2), _picture(3))
    jobs = await ended(net.person, accepted["upload_session_id"])
    assert [job["status"] for job in jobs] == ["completed", "completed"]


async def test_slowness_is_no_fault(net: Networked) -> None:
    net.store.hurt("slow")
    net.core.hurt("slow")
    accepted = await send(net.person, ("small.jpg", camera_jpeg(width=160, height=120)))
    (job,) = await ended(net.person, accepted["upload_session_id"], 60)
    assert job["status"] == "completed"


async def test_an_open_circuit_asks_nobody(net: Networked) -> None:
    net.store.hurt("refuse")
    circuit = net.up.bench.blobs._circuit
    circuit.open_seconds = 60
    for _ in range(3):
        await net.person.post("photos/upload", files=[("files", _picture(4))])
    before = net.store.connections
    answer = await net.person.post("photos/upload", files=[("files", _picture(4))])
    assert (answer.status_code, net.store.connections) == (503, before)
    circuit.open_seconds = 0.0


async def test_a_full_disk_keeps_nothing_of_an_upload(settings: Settings, core_url: str) -> None:
    async with uploading(settings, core_url) as up:
        kari = await up.service.user("kari")
        large = camera_jpeg(width=2400, height=1800)
        assert len(large) > 500_000
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
        try:
            answer = await kari.post("photos/upload", files=[("files", ("large.jpg", large))])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        assert (answer.status_code, answer.json()["type"]) == (507, "storage-full")
        assert up.objects() == []
        (job,) = await ended(kari, (await send(kari, ("large.jpg", large)))["upload_session_id"])
        assert job["status"] == "completed"

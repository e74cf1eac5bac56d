"""Kept EXIF is read again: what would change is told first, and what people said always wins."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select, update

from metadata_service.core_client import CoreClient, CoreUnavailableError
from metadata_service.derived import search
from metadata_service.doctor import examine
from metadata_service.photos.sort_key import wall_ms
from metadata_service.reparse.command import UnknownUserError, reparse
from metadata_service.reparse.running import claim, work_on
from metadata_service.tables import CameraValues, Photo, PhotoExif, ReparseRun
from tests.support.core import CoreClient as RunningCore
from tests.support.core import running_core
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person
from tests.support.photos import camera_exif

BLOB = camera_exif()


@pytest.fixture
async def core(service: MetadataService) -> AsyncIterator[RunningCore]:
    """core_service, and metadata_service's own client connected to it."""
    async with running_core(processes=1) as running:
        service.app.state.core = CoreClient("http://localhost", timeout_seconds=10, transport=running._transport)
        yield running


async def _keep(person: Person, number: int = 1, **changes: Any) -> int:
    name = f"{number:064x}"
    group = {
        "hothash": name,
        "hotpreview": base64.b64encode(jpeg(number)).decode(),
        "width": 4000,
        "height": 3000,
        "images": [{"filename": "IMG_1.JPG", "hothash": name, "exif_data": base64.b64encode(BLOB).decode()}],
    }
    answer = await person.post("photos", json=group | changes)
    assert answer.status_code == 201, answer.text
    photo_id: int = answer.json()["id"]
    return photo_id


async def _forget(service: MetadataService, photo_id: int) -> None:
    """As if an older reader had read the file: another model, no lens, another hour, fewer tags."""
    async with service.database.writing() as session:
        photo = (await session.scalars(select(Photo).where(Photo.id == photo_id))).one()
        photo.camera_model, photo.lens_model = "EOS", None
        if photo.taken_at is not None and await session.get(CameraValues, photo_id) is None:
            photo.taken_at = photo.taken_at.replace(hour=1)
            photo.sort_ts = wall_ms(photo.taken_at)
        read = update(PhotoExif).where(PhotoExif.photo_id == photo_id)
        await session.execute(read.values(exif_dict={"EXIF": {"Make": "Canon", "Old": 1}}))
        await session.flush()
        await search.index(session, [photo_id])


async def _shown(person: Person, photo_id: int) -> dict[str, Any]:
    told: dict[str, Any] = (await person.get(f"photos/{photo_id}")).json()
    return told


async def _work(service: MetadataService) -> None:
    run_id = await claim(service.database)
    assert run_id is not None
    await work_on(service.database, service.app.state.core, run_id)


async def test_one_photo_is_compared_then_read_again(service: MetadataService, core: RunningCore, kari: Person) -> None:
    photo_id = await _keep(kari, title="Fjord")
    first = await _shown(kari, photo_id)
    same = (await kari.get(f"photos/{photo_id}/reparse")).json()
    assert same == {"photo_id": photo_id, "changes": {}, "is_applied": False, "covered": []}
    await _forget(service, photo_id)
    told = (await kari.get(f"photos/{photo_id}/reparse")).json()
    assert told["changes"]["camera_model"] == ["EOS", "Canon EOS R5"]
    assert told["changes"]["taken_at"] == ["2024-04-27T01:55:20.420000", "2024-04-27T14:55:20.420000"]
    assert told["changes"]["exif_dict"]["removed"] == 1
    assert (await _shown(kari, photo_id))["camera_model"] == "EOS", "nothing was changed yet"
    done = (await kari.post(f"photos/{photo_id}/reparse")).json()
    assert (done["is_applied"], done["changes"]) == (True, told["changes"])
    after = await _shown(kari, photo_id)
    assert after | {"updated_at": 0} == first | {"updated_at": 0}
    assert await examine(service.database, repair=False) == []


async def test_corrections_and_what_was_typed_win_over_what_is_read_again(
    service: MetadataService, core: RunningCore, kari: Person
) -> None:
    photo_id = await _keep(kari, title="Fjord", rating=4)
    path = f"photos/{photo_id}"
    body = {"taken_at": "2024-05-01T12:00:00", "gps_latitude": 69.65, "gps_longitude": 18.96}
    await kari.patch(f"{path}/timeloc-correction", json=body)
    await kari.patch(f"{path}/view-correction", json={"rotation": 90})
    await kari.patch(path, json={"description": "typed"})
    before = await _shown(kari, photo_id)
    await _forget(service, photo_id)
    async with service.database.writing() as session:  # an older reader had understood another time
        await session.execute(update(CameraValues).values(taken_at=None, gps_latitude=1.0))
    told = (await kari.get(f"{path}/reparse")).json()
    assert told["covered"] == ["taken_at", "gps_latitude"]
    await kari.post(f"{path}/reparse")
    after = await _shown(kari, photo_id)
    assert after | {"updated_at": 0} == before | {"updated_at": 0}
    back = (await kari.patch(f"{path}/timeloc-correction", json=None)).json()
    assert back["taken_at"] == "2024-04-27T14:55:20.420000", "below the correction, the camera's value was renewed"
    assert back["gps_latitude"] == pytest.approx(59.9139)


async def test_a_library_is_compared_reported_and_then_changed(
    service: MetadataService, core: RunningCore, kari: Person, ola: Person
) -> None:
    ids = [await _keep(kari, number) for number in range(1, 6)]
    theirs = await _keep(ola, 9)
    for photo_id in (*ids[:3], theirs):
        await _forget(service, photo_id)
    run = (await kari.post("reparse-runs")).json()
    assert (run["status"], run["total"]) == ("comparing", 5)
    second = await kari.post("reparse-runs")
    assert (second.status_code, second.json()["type"]) == (409, "reparse-not-now")
    await _work(service)
    path = f"reparse-runs/{run['id']}"
    told = (await kari.get(path)).json()
    assert (told["status"], told["compared"], told["different"], told["unreadable"]) == ("compared", 5, 3, 0)
    report = (await kari.get(f"{path}/differences", params={"limit": 2})).json()
    assert [row["photo_id"] for row in report["data"]] == ids[:2]
    assert report["fields"]["camera_model"] == 2
    rest = (await kari.get(f"{path}/differences", params={"after": report["next_after"]})).json()
    assert [row["photo_id"] for row in rest["data"]] == ids[2:3]
    assert (await _shown(kari, ids[0]))["camera_model"] == "EOS"
    assert (await kari.post(f"{path}/apply")).json()["status"] == "applying"
    await _work(service)
    told = (await kari.get(path)).json()
    assert (told["status"], told["applied"]) == ("completed", 3)
    assert {(await _shown(kari, photo_id))["camera_model"] for photo_id in ids} == {"Canon EOS R5"}
    assert (await _shown(ola, theirs))["camera_model"] == "EOS", "another's library is another's"
    assert (await kari.post(f"{path}/apply")).status_code == 409
    assert (await kari.post(f"{path}/cancel")).status_code == 409
    for answer in (await ola.get(path), await ola.post(f"{path}/cancel"), await ola.get(f"{path}/differences")):
        assert (answer.status_code, answer.json()["type"]) == (404, "reparse-run-not-found")
    assert await examine(service.database, repair=False) == []


async def test_a_run_waits_for_core_and_goes_on_where_it_was(
    service: MetadataService, core: RunningCore, kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metadata_service.reparse.running._PIECE", 2)
    ids = [await _keep(kari, number) for number in range(1, 6)]
    for photo_id in ids:
        await _forget(service, photo_id)
    run = (await kari.post("reparse-runs")).json()
    there = service.app.state.core
    away = CoreClient("http://127.0.0.1:1", timeout_seconds=1)
    run_id = await claim(service.database)
    with pytest.raises(CoreUnavailableError):
        await work_on(service.database, away, run_id or 0)
    told = (await kari.get(f"reparse-runs/{run['id']}")).json()
    assert (told["status"], told["compared"]) == ("comparing", 0)
    assert "core_service" in told["message"]
    await _work(service)
    assert (await kari.get(f"reparse-runs/{run['id']}")).json()["different"] == 5
    await kari.post(f"reparse-runs/{run['id']}/apply")
    task = asyncio.create_task(_work(service))
    await asyncio.sleep(0)
    task.cancel()  # as a process that is killed
    await asyncio.gather(task, return_exceptions=True)
    async with service.database.writing() as session:  # its lease runs out
        await session.execute(update(ReparseRun).values(leased_until=None))
    await _work(service)
    told = (await kari.get(f"reparse-runs/{run['id']}")).json()
    assert (told["status"], told["applied"], told["message"]) == ("completed", 5, None)
    assert there is service.app.state.core


async def test_a_run_that_somebody_holds_is_not_taken_and_a_cancelled_one_is_left(
    service: MetadataService, core: RunningCore, kari: Person
) -> None:
    await _keep(kari)
    run = (await kari.post("reparse-runs")).json()
    claims = await asyncio.gather(*(claim(service.database) for _ in range(4)))
    assert sorted(filter(None, claims)) == [run["id"]], "one of many workers takes it"
    assert (await kari.post(f"reparse-runs/{run['id']}/cancel")).json()["status"] == "cancelled"
    await work_on(service.database, service.app.state.core, run["id"])
    assert (await kari.get(f"reparse-runs/{run['id']}")).json()["compared"] == 0
    assert (await kari.post(f"reparse-runs/{run['id']}/apply")).status_code == 409
    assert (await kari.post("reparse-runs")).status_code == 201, "another may begin"


async def test_the_command_compares_everybody_changes_only_when_asked_and_says_what(
    service: MetadataService, core: RunningCore, kari: Person, ola: Person
) -> None:
    mine, theirs = await _keep(kari, 1), await _keep(ola, 2)
    for photo_id in (mine, theirs):
        await _forget(service, photo_id)
    said: list[str] = []
    client = service.app.state.core
    await reparse(service.database, client, said.append, username=None, apply=False)
    assert [line.partition(",")[0] for line in said] == ["kari: compared", "ola: compared"]
    assert "1 of 1 photos compared, 0 unreadable, 1 differ" in said[0]
    assert "camera_model of 1" in said[0]
    assert (await _shown(kari, mine))["camera_model"] == "EOS"
    said.clear()
    await reparse(service.database, client, said.append, username="ola", apply=True)
    assert said[-1].startswith("ola: completed")
    assert said[-1].endswith("1 changed, 0 left.")
    assert (await _shown(ola, theirs))["camera_model"] == "Canon EOS R5"
    assert (await _shown(kari, mine))["camera_model"] == "EOS"
    with pytest.raises(UnknownUserError):
        await reparse(service.database, client, said.append, username="nobody", apply=True)
    away = CoreClient("http://127.0.0.1:1", timeout_seconds=1)
    with pytest.raises(CoreUnavailableError):
        await reparse(service.database, away, said.append, username="kari", apply=True)
    await reparse(service.database, client, said.append, username="kari", apply=True)
    assert (await _shown(kari, mine))["camera_model"] == "Canon EOS R5", "the next call goes on"
    assert [run["status"] for run in (await kari.get("reparse-runs")).json()["data"]] == ["completed", "compared"]


async def test_what_cannot_be_read_again_says_so(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1)
    answer = await kari.get(f"photos/{photo['id']}/reparse")
    assert (answer.status_code, answer.json()["type"]) == (422, "no-raw-exif")
    kept = await _keep(kari, 2)  # core_service is away
    for answer in (await kari.get(f"photos/{kept}/reparse"), await kari.post(f"photos/{kept}/reparse")):
        assert (answer.status_code, answer.json()["type"]) == (503, "core-away")

"""Originals become photos: with the real core_service, on both databases."""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import event, func, select

from metadata_service.db.ids import new_id
from metadata_service.db.types import utc_now
from metadata_service.settings import Settings
from metadata_service.storage import StoreAwayError
from metadata_service.tables import Photo, StrayObject, Upload, UploadJob
from metadata_service.upload_jobs import outcomes
from metadata_service.upload_jobs import routes as upload_routes
from metadata_service.upload_jobs.housekeeping import tidy
from metadata_service.upload_jobs.leases import MAX_ATTEMPTS, LeaseLostError
from metadata_service.upload_jobs.pipeline import process
from metadata_service.upload_jobs.stages import Queue
from tests.support.metadata import Person
from tests.support.photos import OSLO, Place, camera_exif, camera_jpeg
from tests.support.uploads import Uploading, ended, fill_uploads, made, send, uploading

OSLO_CIRCLE = {"latitude": OSLO.latitude, "longitude": OSLO.longitude, "radius_m": 500}


@pytest.fixture
async def up(settings: Settings, core_url: str) -> AsyncIterator[Uploading]:
    async with uploading(settings, core_url) as running:
        yield running


@pytest.fixture
async def idle(settings: Settings, core_url: str) -> AsyncIterator[Uploading]:
    """The same, and nobody works."""
    async with uploading(settings, core_url, at_once=0) as running:
        yield running


@pytest.fixture
async def lise(up: Uploading) -> Person:
    return await up.service.user("lise")


@pytest.fixture
async def per(idle: Uploading) -> Person:
    return await idle.service.user("per")


def picture(seed: int = 1, **options: Any) -> tuple[str, bytes]:
    return (f"IMG_{seed:04}.JPG", camera_jpeg(width=800, height=600, seed=seed, **options))


async def _the_upload(person: Person) -> dict[str, Any]:
    (photo,) = (await person.get("photos/gallery")).json()["photos"]
    return photo


async def test_a_file_becomes_a_photo_with_all_that_belongs_to_it(up: Uploading, lise: Person) -> None:
    name, data = picture()
    accepted = await send(lise, (name, data), visibility="authenticated")
    assert (accepted["total_files"], accepted["refused"]) == (1, [])
    (job,) = await ended(lise, accepted["upload_session_id"])
    assert (job["status"], job["progress_percent"], job["error"], job["attempts"]) == ("completed", 100, None, 1)
    assert [stage["stage"] for stage in job["stages"]] == ["library", "thumbnail", "analysis", "summary"]
    assert job["result"]["is_duplicate"] is False

    photo = (await lise.get(f"photos/{job['result']['photo_id']}")).json()
    assert (photo["camera_model"], photo["visibility"], photo["width"]) == ("Canon EOS R5", "authenticated", 800)
    assert photo["files"][0]["sha256"] == (await up.upload_row(job["image_id"])).sha256
    assert (await lise.get(f"photos/{photo['id']}/coldpreview")).status_code == 200

    shown = await _the_upload(lise)
    assert (shown["status"], shown["filename"], shown["error_details"]) == ("ready", name, None)
    served = await lise.get(f"http://testserver{shown['original_url']}")
    assert served.content == data
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "attachment" in served.headers["content-disposition"]
    thumbnail = await lise.get(f"http://testserver{shown['thumbnail_url']}")
    (up.folder / "look.jpg").write_bytes(thumbnail.content)
    with Image.open(up.folder / "look.jpg") as seen:
        assert seen.size == (300, 225)

    detail = (await lise.get(f"photos/{shown['image_id']}")).json()
    assert detail["metadata"]["exif"]["camera_model"] == "Canon EOS R5"
    assert detail["metadata"]["file_size_bytes"] == len(data)
    assert [run["kind"] for run in detail["history"]] == ["process"]
    day = f"{utc_now():%Y/%m/%d}"
    assert up.objects("originals") == [f"originals/{day}/{shown['image_id']}.jpg"]
    assert up.objects("thumbnails") == [f"thumbnails/{day}/{shown['image_id']}.jpg"]


async def test_many_files_each_stand_for_themselves(lise: Person) -> None:
    whole = picture(2)
    half = ("half.jpg", picture(3)[1][:2000])
    jobs = await made(lise, whole, half, picture(4))
    assert [job["status"] for job in jobs] == ["completed", "failed", "completed"]
    assert "." in jobs[1]["error"], "a sentence"
    failed = (await lise.get("photos/gallery", params={"status": "errors"})).json()
    assert [photo["filename"] for photo in failed["photos"]] == ["half.jpg"]
    assert failed["photos"][0]["error_details"] == jobs[1]["error"]
    assert failed["pagination"]["total_items"] == 1
    assert len(await lise.ids()) == 2


async def test_a_file_that_is_known_is_that_photo_and_the_job_says_so(up: Uploading, lise: Person) -> None:
    (first,) = await made(lise, picture(5))
    (second,) = await made(lise, ("copy.jpg", picture(5)[1]))
    assert first["result"]["photo_id"] == second["result"]["photo_id"]
    assert (first["result"]["is_duplicate"], second["result"]["is_duplicate"]) == (False, True)
    assert len(await lise.ids()) == 1
    assert len(up.objects("originals")) == 2, "both originals are kept until somebody removes one"
    await lise.request("DELETE", f"photos/uploads/{second['image_id']}")
    assert len(await lise.ids()) == 1, "the photo came by the first"


async def test_reprocessing_makes_the_same_photo_again_and_keeps_the_history(up: Uploading, lise: Person) -> None:
    (job,) = await made(lise, picture(6))
    await lise.patch(f"photos/{job['result']['photo_id']}", json={"title": "typed by hand"})
    before = up.objects()
    for number in range(2):
        answer = await lise.post(f"photos/{job['image_id']}/reprocess", json={"reason": f"try {number}"})
        assert answer.status_code == 202, answer.text
        await ended(lise, job["upload_session_id"])
    detail = (await lise.get(f"photos/uploads/{job['image_id']}")).json()
    runs = [(run["kind"], run["status"], run["reason"]) for run in detail["history"]]
    assert runs == [
        ("process", "completed", None),
        ("reprocess", "completed", "try 0"),
        ("reprocess", "completed", "try 1"),
    ]
    assert (detail["photo_id"], detail["is_duplicate"]) == (job["result"]["photo_id"], False)
    assert up.objects() == before
    assert len(await lise.ids()) == 1
    assert (await lise.get(f"photos/{detail['photo_id']}")).json()["title"] == "typed by hand"


async def test_one_upload_is_worked_on_once_at_a_time(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(7))
    image = accepted["jobs"][0]["image_id"]
    answer = await per.post(f"photos/{image}/reprocess")
    assert (answer.status_code, answer.json()["type"]) == (409, "job-under-way")


async def test_a_photo_outside_of_all_places_needs_one(lise: Person) -> None:
    (before,) = await made(lise, picture(8))
    assert before["result"]["warnings"] == [], "who has no places misses none"
    site = (await lise.post("places", json={"name": "Farm", "kind": "site", **OSLO_CIRCLE})).json()
    far = camera_exif(place=Place(10.0, 10.0, 1.0))
    inside, outside, nowhere = await made(
        lise, picture(9), picture(10, exif=far), picture(11, exif=camera_exif(place=None))
    )
    assert inside["result"]["place_id"] == site["id"]
    assert [outside["result"]["warnings"][0]["code"], nowhere["result"]["warnings"][0]["code"]] == [
        "needs_location"
    ] * 2
    assert outside["result"]["warnings"][0]["message"] != nowhere["result"]["warnings"][0]["message"]
    warned = (await lise.get("photos/gallery", params={"status": "warning"})).json()["photos"]
    assert {photo["image_id"] for photo in warned} == {outside["image_id"], nowhere["image_id"]}
    assert warned[0]["error_details"].startswith("needs_location: ")

    told = (await lise.put(f"photos/uploads/{outside['image_id']}/place", json={"place_id": site["id"]})).json()
    assert (told["status"], told["processing_session"]["storage_location_name"]) == ("ready", "Farm")
    wanted = {"reason": "fixed", "storage_location_id": site["id"]}
    assert (await lise.post(f"photos/{nowhere['image_id']}/reprocess", json=wanted)).status_code == 202
    await ended(lise, nowhere["upload_session_id"])
    assert (await lise.get("photos/gallery", params={"status": "warning"})).json()["photos"] == []
    here = (await lise.get("photos/gallery", params={"warehouse_id": site["id"]})).json()
    assert here["pagination"]["total_items"] == 3
    history = (await lise.get(f"places/{site['id']}/history")).json()["data"]
    assert [event["event"] for event in history] == ["assigned", "assigned", "matched"]


async def test_a_place_that_goes_while_a_job_runs_is_missed_by_nobody(idle: Uploading, per: Person) -> None:
    site = (await per.post("places", json={"name": "Farm", "kind": "site", **OSLO_CIRCLE})).json()
    other = {"name": "Other", "kind": "site", "latitude": 0, "longitude": 0, "radius_m": 5}
    await per.post("places", json=other)
    accepted = await send(per, picture(12), place_id=site["id"])
    (lease,) = await idle.take()
    assert (await per.delete(f"places/{site['id']}")).json()["photos_left"] == 1
    await process(idle.bench, lease)
    await idle.work()
    (job,) = await ended(per, accepted["upload_session_id"])
    assert (job["status"], job["result"]["place_id"]) == ("completed", None)
    assert job["result"]["warnings"][0]["code"] == "needs_location"


async def test_without_its_original_a_photo_is_not_made_again(up: Uploading, lise: Person) -> None:
    (job,) = await made(lise, picture(13))
    (up.folder / up.objects("originals")[0]).unlink()
    answer = await lise.post(f"photos/{job['image_id']}/reprocess")
    assert (answer.status_code, answer.json()["type"]) == (409, "original-missing")
    assert (await lise.get("photos/gallery")).json()["photos"][0]["status"] == "ready", "the photo stays"


async def test_an_original_that_goes_before_its_job_fails_it_in_words(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(14))
    (idle.folder / idle.objects("originals")[0]).unlink()
    (lease,) = await idle.take()
    with pytest.raises(LookupError) as missing:
        await process(idle.bench, lease)
    await outcomes.settle(idle.service.database, lease, missing.value)
    (job,) = await ended(per, accepted["upload_session_id"])
    assert (job["status"], job["error"].split(".")[0]) == ("failed", "The original is not in the store any more")


async def test_bytes_that_changed_in_the_store_become_no_photo(idle: Uploading, per: Person) -> None:
    await send(per, picture(15))
    path = idle.folder / idle.objects("originals")[0]
    path.write_bytes(path.read_bytes()[:-4000])
    (lease,) = await idle.take()
    with pytest.raises(StoreAwayError, match="not those"):
        await process(idle.bench, lease)
    assert await per.ids() == []


async def test_a_thumbnail_that_is_gone_is_made_again(up: Uploading, lise: Person) -> None:
    (job,) = await made(lise, picture(30))
    (name,) = up.objects("thumbnails")
    before = (up.folder / name).read_bytes()
    for _ in range(2):
        (up.folder / name).unlink(missing_ok=True)
        answer = await lise.get(f"photos/uploads/{job['image_id']}/thumbnail")
        assert answer.status_code == 307
        served = await lise.get(f"http://testserver{answer.headers['location']}")
        with Image.open(io.BytesIO(served.content)) as again, Image.open(io.BytesIO(before)) as first:
            assert again.size == first.size
    (up.folder / name).unlink()
    (up.folder / up.objects("originals")[0]).unlink()
    answer = await lise.get(f"photos/uploads/{job['image_id']}/thumbnail")
    assert (answer.status_code, answer.json()["type"]) == (409, "original-missing")


# The trash


async def _gallery(person: Person, **params: Any) -> list[str]:
    shown = (await person.get("photos/gallery", params=params)).json()
    assert shown["pagination"]["total_items"] == len(shown["photos"])
    return [photo["filename"] for photo in shown["photos"]]


async def test_a_photo_in_the_trash_is_not_in_the_gallery_until_it_is_taken_out(lise: Person) -> None:
    kept, thrown, broken = await made(lise, picture(31), picture(32), ("broken.jpg", picture(33)[1][:2000]))
    photo_id = thrown["result"]["photo_id"]
    assert (await lise.delete(f"photos/{photo_id}")).status_code == 200
    assert await _gallery(lise) == [broken["filename"], kept["filename"]]
    assert await _gallery(lise, status="ready") == [kept["filename"]]
    assert await _gallery(lise, in_trash=True) == [thrown["filename"]]
    detail = (await lise.get(f"photos/uploads/{thrown['image_id']}")).json()
    assert (detail["in_trash"], detail["status"]) == (True, "ready"), "its owner can still look at it"
    assert (await lise.post(f"photos/{photo_id}/restore")).status_code == 200
    assert await _gallery(lise) == [broken["filename"], thrown["filename"], kept["filename"]]
    assert await _gallery(lise, in_trash=True) == []


async def test_what_lies_in_the_trash_is_not_made_again(up: Uploading, lise: Person) -> None:
    (job,) = await made(lise, picture(34))
    photo_id = job["result"]["photo_id"]
    await lise.delete(f"photos/{photo_id}")
    answer = await lise.post(f"photos/{job['image_id']}/reprocess")
    assert (answer.status_code, answer.json()["type"]) == (409, "photo-in-trash")
    assert len((await lise.get("photos/trash")).json()["data"]) == 1
    await lise.post(f"photos/{photo_id}/restore")
    assert (await lise.post(f"photos/{job['image_id']}/reprocess")).status_code == 202
    assert [run["status"] for run in await ended(lise, job["upload_session_id"])] == ["completed", "completed"]
    assert up.objects("originals")


async def test_work_that_is_under_way_takes_nothing_out_of_the_trash(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(35))
    await idle.work()
    (job,) = await ended(per, accepted["upload_session_id"])
    photo_id, image_id = job["result"]["photo_id"], job["image_id"]
    again = (await per.post(f"photos/{image_id}/reprocess")).json()["new_job_id"]
    await per.delete(f"photos/{photo_id}")
    await idle.work()
    told = (await per.get(f"photos/jobs/{again}")).json()
    assert (told["status"], told["error"].split(".")[0]) == ("failed", "The photo lies in the trash")
    assert await per.ids() == []
    retried = await per.post(f"photos/jobs/{again}/retry")
    assert (retried.status_code, retried.json()["type"]) == (409, "photo-in-trash")
    await per.post(f"photos/{photo_id}/restore")
    assert (await per.post(f"photos/jobs/{again}/retry")).status_code == 200
    await idle.work()
    assert (await per.get(f"photos/jobs/{again}")).json()["status"] == "completed"
    assert await per.ids() == [photo_id]


async def test_a_photo_thrown_away_while_it_is_being_made_stays_thrown_away(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(36))
    (lease,) = await idle.take()
    await process(idle.bench, lease)
    (photo_id,) = await per.ids()
    await per.delete(f"photos/{photo_id}")
    await idle.work()
    (job,) = await ended(per, accepted["upload_session_id"])
    assert (job["status"], await per.ids(), await _gallery(per)) == ("completed", [], [])


# Jobs


async def test_a_dead_workers_job_goes_on_elsewhere_and_the_dead_change_nothing(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(16))
    (first,) = await idle.take(seconds=-1)  # its worker never gives a sign of life
    (second,) = await idle.take()
    assert (second.number, second.attempts) == (first.number + 1, 2)
    assert await idle.take() == []
    await process(idle.bench, second)
    with pytest.raises(LeaseLostError):
        await process(idle.bench, first)
    await idle.work()
    (job,) = await ended(per, accepted["upload_session_id"])
    assert (job["status"], job["attempts"]) == ("completed", 2)
    assert len(await per.ids()) == 1
    assert (await idle.reconcile()).strays == {}, "the dead worker's coldpreview went as well"


async def test_a_worker_that_is_told_to_end_while_it_commits_takes_nothing_away_again(
    idle: Uploading, per: Person
) -> None:
    """So it is at every end of a process, and when a sign of life finds a job that was just handed over."""
    accepted = await send(per, picture(37))
    (lease,) = await idle.take()
    working = asyncio.create_task(process(idle.bench, lease))
    engine = idle.service.database.writer.sync_engine

    def end(_connection: object) -> None:
        working.cancel()

    event.listen(engine, "commit", end)
    try:
        with pytest.raises(asyncio.CancelledError):
            await working
    finally:
        event.remove(engine, "commit", end)
    assert len(await per.ids()) == 1
    assert ((await idle.job(accepted["jobs"][0]["job_id"])).queue, (await idle.reconcile()).strays) == ("io", {})
    await idle.work()
    (job,) = await ended(per, accepted["upload_session_id"])
    assert (job["status"], job["attempts"], job["result"]["is_duplicate"]) == ("completed", 1, False)


async def test_many_who_take_at_once_take_different_jobs_and_no_more_than_they_want(
    idle: Uploading, per: Person
) -> None:
    await fill_uploads(idle.service.database, per.user["id"], 1, 90)  # thirty of them wait
    await idle.make_due()
    taken = await asyncio.gather(*(idle.take(count=4) for _ in range(9)))
    assert max(map(len, taken)) <= 4
    everybodys = [lease.job_id for leases_of_one in taken for lease in leases_of_one]
    assert len(everybodys) == len(set(everybodys)) <= 30
    while more := await idle.take(count=4):
        everybodys += [lease.job_id for lease in more]
    assert len(everybodys) == len(set(everybodys)) == 30


async def test_what_is_done_is_not_done_again(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(17))
    (first,) = await idle.take()
    assert (first.queue, (await idle.upload_row(accepted["jobs"][0]["image_id"])).photo_id) == ("core", None)
    (idle.folder / "thumbnails").write_text("in the way: no thumbnail can be stored")
    await process(idle.bench, first)
    assert len(await per.ids()) == 1
    (second,) = await idle.take()
    assert (second.queue, second.stage) == ("io", "thumbnail")
    with pytest.raises(Exception, match="refuses"):
        await process(idle.bench, second)
    (idle.folder / "thumbnails").unlink()
    await idle.make_due()
    (third,) = await idle.take()
    assert third.stage == "thumbnail", "it is in the library already"
    await process(idle.bench, third)
    (job,) = await ended(per, accepted["upload_session_id"])
    assert [stage["stage"] for stage in job["stages"]] == ["library", "thumbnail", "analysis", "summary"]
    assert job["result"]["is_duplicate"] is False


async def test_a_job_that_kills_its_workers_is_parked(settings: Settings, core_url: str) -> None:
    async with uploading(settings, core_url, at_once=0) as idle:
        per = await idle.service.user("per")
        accepted = await send(per, picture(18))
        for _ in range(MAX_ATTEMPTS):
            assert len(await idle.take(seconds=-1)) == 1
    async with uploading(settings, core_url) as up:
        again = up.service.anyone()
        again.headers["Authorization"] = per.headers["Authorization"]
        (job,) = await ended(again, accepted["upload_session_id"])
        assert (job["status"], job["is_parked"]) == ("failed", True)
        assert "put aside" in job["error"]
        assert (await again.post(f"photos/jobs/{job['job_id']}/retry")).status_code == 200
        (job,) = await ended(again, accepted["upload_session_id"])
        assert (job["status"], job["is_parked"], job["attempts"]) == ("completed", False, 1)


async def test_a_cancelled_job_ends_at_once_whoever_works_on_it(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(19), picture(20))
    waiting, taken = (job["job_id"] for job in accepted["jobs"])
    answer = await per.post(f"photos/jobs/{waiting}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    (lease,) = await idle.take()
    assert str(lease.job_id) == taken
    assert (await per.post(f"photos/jobs/{taken}/cancel")).status_code == 200
    with pytest.raises(LeaseLostError):
        await process(idle.bench, lease)
    assert await per.ids() == []
    again = await per.post(f"photos/jobs/{taken}/cancel")
    assert (again.status_code, again.json()["type"]) == (409, "job-ended")
    statuses = {photo["status"] for photo in (await per.get("photos/gallery")).json()["photos"]}
    assert statuses == {"cancelled"}
    assert (await per.post(f"photos/jobs/{taken}/retry")).json()["status"] == "pending"
    (lease,) = await idle.take()
    await process(idle.bench, lease)
    await idle.work()
    assert (await per.post(f"photos/jobs/{taken}/retry")).json()["type"] == "job-ended"
    assert len(await per.ids()) == 1


async def test_progress_counts_what_was_done_and_nothing_else(idle: Uploading, per: Person) -> None:
    accepted = await send(per, picture(21), picture(22))
    where = {"upload_session_id": accepted["upload_session_id"]}
    state = (await per.get("photos/jobs/status", params=where)).json()
    assert state["summary"]["overall_progress_percent"] == 0
    assert state["summary"]["estimated_remaining_seconds"] is None, "nothing is known yet"
    (lease,) = await idle.take(count=1)
    await process(idle.bench, lease)
    (lease,) = await idle.take(count=1, queues=[Queue.IO])
    await process(idle.bench, lease)
    state = (await per.get("photos/jobs/status", params=where)).json()
    assert (state["summary"]["overall_progress_percent"], state["summary"]["completed"]) == (50, 1)
    later = state["jobs"][0]["updated_at"]
    news = (await per.get("photos/jobs/status", params={**where, "since": later})).json()
    assert news["jobs"] == []
    page = (await per.get("photos/jobs/status", params={**where, "limit": 1})).json()
    rest = (await per.get("photos/jobs/status", params={**where, "cursor": page["next_cursor"]})).json()
    assert [job["filename"] for job in page["jobs"] + rest["jobs"]] == ["IMG_0021.JPG", "IMG_0022.JPG"]


async def test_a_session_is_followed_until_it_ends(lise: Person) -> None:
    accepted = await send(lise, picture(23), picture(24))
    told = await lise.get("photos/jobs/events", params={"upload_session_id": accepted["upload_session_id"]})
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/event-stream")
    last = told.text.strip().split("\n\n")[-1]
    assert '"completed":2' in last.replace(" ", "")


async def test_who_follows_is_told_of_all_that_changed_at_once(lise: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_routes, "MOST_JOBS", 1)
    accepted = await send(lise, *(picture(seed) for seed in (25, 26, 27)))
    told = await lise.get("photos/jobs/events", params={"upload_session_id": accepted["upload_session_id"]})
    states = [json.loads(line[6:]) for line in told.text.splitlines() if line.startswith("data: ")]
    assert all(len(state["jobs"]) <= 1 for state in states)
    last = {job["job_id"]: job["status"] for state in states for job in state["jobs"]}
    assert last == {job["job_id"]: "completed" for job in accepted["jobs"]}


async def test_what_waits_for_core_goes_on_by_itself(settings: Settings, core_url: str) -> None:
    async with uploading(settings, "http://127.0.0.1:1") as down:
        per = await down.service.user("per")
        accepted = await send(per, picture(25))
        for _ in range(200):
            job = await down.job(accepted["jobs"][0]["job_id"])
            if job.waits:
                break
            await asyncio.sleep(0.05)
        assert (job.status, job.attempts) == ("pending", 0), "waiting uses up no attempt"
        shown = (await per.get(f"photos/jobs/{job.id}")).json()
        assert "core_service does not answer" in shown["waiting_for"]
    async with uploading(settings, core_url) as up:
        again = up.service.anyone()
        again.headers["Authorization"] = per.headers["Authorization"]
        (done,) = await ended(again, accepted["upload_session_id"])
        assert (done["status"], done["attempts"]) == ("completed", 1)


async def test_jobs_go_out_of_sight_after_two_days(up: Uploading, lise: Person) -> None:
    (job,) = await made(lise, picture(26))
    async with up.service.database.writing() as session:
        row = await session.get_one(UploadJob, UUID(job["job_id"]))
        row.finished_at = utc_now() - timedelta(hours=49)
    await tidy(up.bench, timedelta(hours=1))
    where = {"upload_session_id": job["upload_session_id"]}
    assert (await lise.get("photos/jobs/status", params=where)).json()["jobs"] == []
    assert (await lise.get(f"photos/jobs/{job['job_id']}")).json()["status"] == "completed"
    assert len((await lise.get(f"photos/uploads/{job['image_id']}")).json()["history"]) == 1


# What goes takes its objects along


@pytest.mark.parametrize("how", ["upload", "batch", "photo", "trash", "account"])
async def test_what_goes_takes_its_objects_along(up: Uploading, lise: Person, how: str) -> None:
    (job,) = await made(lise, picture(27))
    photo_id, image_id = job["result"]["photo_id"], job["image_id"]
    if how == "upload":
        answer = await lise.delete(f"photos/uploads/{image_id}")
    elif how == "batch":
        answer = await lise.post("photos/gallery/delete", json={"image_ids": [image_id, str(new_id())]})
        assert len(answer.json()["not_found"]) == 1
    elif how == "photo":
        answer = await lise.delete(f"photos/{photo_id}", params={"purge": True})
    elif how == "trash":
        await lise.delete(f"photos/{photo_id}")
        answer = await lise.post("photos/trash/empty")
    else:
        answer = await lise.request("DELETE", "users/me", json={"password": "correct horse battery"})
    assert answer.status_code == 200, answer.text
    await up.sweep()
    assert up.objects() == []
    async with up.service.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Upload)) == 0
        assert await session.scalar(select(func.count()).select_from(UploadJob)) == 0
    if how in {"upload", "batch"}:
        kept = how == "batch"
        assert len(await lise.ids()) == kept, "the batch leaves photos in the library, unless told otherwise"
        assert len((await lise.get("photos/trash")).json()["data"]) == (not kept)


async def test_rows_and_objects_are_compared_both_ways(up: Uploading, lise: Person) -> None:
    (job,) = await made(lise, picture(28))
    (other,) = await made(lise, picture(29))
    assert (await up.reconcile()).counted() == {"objects": 6, "without_row": 0, "without_object": 0, "deleted": 0}
    lost = (await up.upload_row(job["image_id"])).original_key
    (up.folder / lost).unlink()
    strays = {f"originals/2020/01/02/{new_id()}.jpg", f"temp_uploads/{new_id()}/000000000000000-ab.part"}
    for stray in strays:
        await up.bench.blobs.put(stray, b"nobody's")
    found = await up.reconcile(hours=1)
    assert found.strays == {lost: "object", **dict.fromkeys(strays, "row")}
    assert found.deleted == [], "not before the grace time is over"
    async with up.service.database.writing() as session:
        for stray in await session.scalars(select(StrayObject)):
            stray.found_at = utc_now() - timedelta(hours=2)
    for stray in strays:
        os.utime(up.folder / stray, (1, 1))
    assert set((await up.reconcile(hours=1)).deleted) == strays
    assert (await up.reconcile()).counted()["without_object"] == 1
    assert (await lise.get("photos/gallery")).json()["photos"][0]["image_id"] == other["image_id"]
    async with up.service.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Photo)) == 2, "no row is removed"

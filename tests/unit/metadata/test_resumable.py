"""Large files over bad lines: the tus protocol, on both databases, in a folder and in a bucket."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import update

from metadata_service.db.types import utc_now
from metadata_service.settings import Settings
from metadata_service.tables import PartialUpload
from metadata_service.upload_jobs.housekeeping import tidy
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.seaweed import BUCKET, KEY, SECRET, S3Server
from tests.support.uploads import NOBODY, Uploading

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}
DATA = jpeg(1, size=(900, 700))


async def _create(person: Person, size: int = len(DATA), name: str = "fjord Æ.jpg", **params: Any) -> httpx.Response:
    encoded = base64.b64encode(name.encode()).decode()
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filetype aW1hZ2U=,filename {encoded}"}
    return await person.post("photos/resumable", headers=headers, params=params)


async def _send(person: Person, where: str, offset: int, data: Any) -> httpx.Response:
    headers = {**PIECE, "Upload-Offset": str(offset)}
    return await person.patch(f"http://testserver{where}", headers=headers, content=data)


async def _offset(person: Person, where: str) -> str:
    return (await person.head(f"http://testserver{where}", headers=TUS)).headers["Upload-Offset"]


async def _in_pieces(person: Person) -> httpx.Response:
    where = (await _create(person, visibility="public")).headers["Location"]
    half = len(DATA) // 2
    first = await _send(person, where, 0, DATA[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert await _offset(person, where) == str(half)
    return await _send(person, where, half, DATA[half:])


async def test_a_file_in_pieces_is_as_good_as_a_whole_one(service: MetadataService, kari: Person) -> None:
    said = await kari.options("photos/resumable")
    assert (said.status_code, said.headers["Tus-Version"]) == (204, "1.0.0")
    last = await _in_pieces(kari)
    assert last.status_code == 204
    where = {"upload_session_id": last.headers["X-Upload-Session-Id"]}
    (job,) = (await kari.get("photos/jobs/status", params=where)).json()["jobs"]
    assert (job["job_id"], job["filename"]) == (last.headers["X-Job-Id"], "fjord Æ.jpg")
    (shown,) = (await kari.get("photos/gallery")).json()["photos"]
    assert (await kari.get(f"http://testserver{shown['original_url']}")).content == DATA
    # Whoever did not hear the last answer asks again, and hears that all is there.
    assert await _offset(kari, f"/api/v1/photos/resumable/{shown['image_id']}") == str(len(DATA))
    up = Uploading(service)
    await up.sweep()
    assert [name.partition("/")[0] for name in up.objects()] == ["originals"]


async def test_the_same_in_a_bucket(settings: Settings, s3: S3Server) -> None:
    bucket = {"s3_bucket": BUCKET, "s3_endpoint": s3.url, "s3_access_key": KEY, "s3_secret_key": SECRET}
    async with running_metadata(Settings(**{**settings.model_dump(), **bucket})) as service:
        kari = await service.user("kari")
        assert (await _in_pieces(kari)).status_code == 204
        (shown,) = (await kari.get("photos/gallery")).json()["photos"]
        assert shown["original_url"].startswith(s3.url)
        policy = (await service.anyone().get("http://testserver/")).headers["content-security-policy"]
        assert f"img-src 'self' blob: data: {s3.url};" in policy, "the page shows what the bucket serves"
        async with httpx.AsyncClient(trust_env=False) as anybody:
            assert (await anybody.get(shown["original_url"])).content == DATA
            other = shown["original_url"].replace(shown["image_id"], NOBODY)
            assert (await anybody.get(other)).status_code == 403
        await kari.delete(f"photos/uploads/{shown['image_id']}")
        up = Uploading(service)
        await up.sweep()
        assert [blob async for blob in service.app.state.blobs.list("originals")] == []
        assert [blob async for blob in service.app.state.blobs.list("temp_uploads")] == []


async def test_what_came_before_the_line_broke_is_kept(settings: Settings) -> None:
    async with running_metadata(settings.model_copy(update={"body_stall_seconds": 0.3})) as service:
        kari = await service.user("kari")
        where = (await _create(kari)).headers["Location"]

        async def stalled() -> AsyncIterator[bytes]:
            yield DATA[:1000]
            await asyncio.sleep(3)

        assert (await _send(kari, where, 0, stalled())).headers["Upload-Offset"] == "1000"
        assert (await _send(kari, where, 1000, DATA[1000:])).status_code == 204
        assert len((await kari.get("photos/gallery")).json()["photos"]) == 1


async def test_what_does_not_fit_is_refused(service: MetadataService, kari: Person, ola: Person) -> None:
    where = (await _create(kari)).headers["Location"]
    cases = {
        "not the next": (await _send(kari, where, 5, b"x"), 409, "upload-offset"),
        "too much": (await _send(kari, where, 0, DATA + b"x"), 413, "request-too-large"),
        "another's": (await _send(ola, where, 0, DATA), 404, "upload-not-found"),
        "no type": (
            await kari.patch(f"http://testserver{where}", headers={**TUS, "Upload-Offset": "0"}, content=b"x"),
            415,
            "tus-content-type",
        ),
        "another version": (
            await kari.patch(f"http://testserver{where}", headers={"Upload-Offset": "0"}, content=b"x"),
            412,
            "tus-version",
        ),
        "too large": (await _create(kari, 10 * 2**30), 413, "request-too-large"),
        "nothing": (await _create(kari, 0), 422, "invalid-request"),
        "another's session": (await _create(kari, upload_session_id=NOBODY), 404, "upload-session-not-found"),
    }
    for case, (answer, status, slug) in cases.items():
        assert (answer.status_code, answer.json()["type"]) == (status, slug), case
    assert await _offset(kari, where) == "0"
    bad_name = await kari.post(
        "photos/resumable", headers={**TUS, "Upload-Length": "5", "Upload-Metadata": "filename ***"}
    )
    assert bad_name.status_code == 422
    archive = (await _create(kari, 100)).headers["Location"]
    answer = await _send(kari, archive, 0, b"PK\x03\x04" + bytes(96))
    assert (answer.status_code, answer.json()["type"]) == (422, "nothing-accepted")
    up = Uploading(service)
    await up.sweep()
    assert up.objects() == []


async def test_what_nobody_goes_on_with_is_given_up(service: MetadataService, kari: Person) -> None:
    up = Uploading(service)
    given_up, forgotten = [(await _create(kari)).headers["Location"] for _ in range(2)]
    for where in (given_up, forgotten):
        await _send(kari, where, 0, DATA[:50])
    assert len(up.objects("temp_uploads")) == 2
    assert (await kari.delete(f"http://testserver{given_up}")).status_code == 204
    await up.sweep()
    assert len(up.objects("temp_uploads")) == 1
    async with service.database.writing() as session:
        await session.execute(update(PartialUpload).values(expires_at=utc_now() - timedelta(seconds=1)))
    await tidy(up.bench, timedelta(hours=1))
    assert up.objects() == []
    answer = await kari.head(f"http://testserver{forgotten}", headers=TUS)
    assert answer.status_code == 404

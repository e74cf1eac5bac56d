"""What is not taken in, and that nothing of it stays."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from metadata_service.settings import Settings
from metadata_service.uploads.addresses import SECONDS, Addresses
from metadata_service.uploads.kinds import media_type, refusal
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person, running_metadata
from tests.support.uploads import NOBODY, Uploading, send


@pytest.fixture
async def strict(settings: Settings) -> AsyncIterator[MetadataService]:
    """A service that takes files of 1 MiB, in requests of 2 MiB."""
    tight = {"upload_max_file_mb": 1, "upload_max_request_mb": 2, "body_stall_seconds": 0.3}
    async with running_metadata(settings.model_copy(update=tight)) as running:
        yield running


@pytest.fixture
async def siv(strict: MetadataService) -> Person:
    return await strict.user("siv")


def _files(*files: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", file) for file in files]


async def _refused(person: Person, **request: Any) -> tuple[int, str]:
    answer = await person.post("photos/upload", **request)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"]


async def test_a_request_without_files_is_refused(strict: MetadataService, siv: Person) -> None:
    empty_form = {"content": b"--x--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}
    assert await _refused(siv, **empty_form) == (422, "no-files")
    assert await _refused(siv, json={}) == (400, "malformed-request")
    assert await _refused(siv, content=b"", headers={"Content-Type": "multipart/form-data"}) == (
        400,
        "malformed-request",
    )
    cut_off = {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}
    assert await _refused(siv, **cut_off) == (400, "malformed-request")
    assert await _refused(siv, files=[("evil", ("a.jpg", jpeg(1)))]) == (422, "invalid-request")
    assert Uploading(strict).objects() == []


async def test_a_hundred_files_are_taken_and_one_more_is_too_many(strict: MetadataService, siv: Person) -> None:
    files = [(f"{seed}.jpg", jpeg(seed, size=(80, 60))) for seed in range(101)]
    assert await _refused(siv, files=_files(*files)) == (422, "too-many-uploads")
    assert Uploading(strict).objects() == []
    accepted = await send(siv, *files[:100])
    assert (len(accepted["jobs"]), accepted["total_files"]) == (100, 100)
    assert len(Uploading(strict).objects("originals")) == 100
    where = {"upload_session_id": accepted["upload_session_id"], "limit": 500}
    assert (await siv.get("photos/jobs/status", params=where)).json()["summary"]["pending"] == 100


async def test_five_gigabytes_are_refused_before_they_are_sent(siv: Person) -> None:
    claimed = {"Content-Length": str(5 * 2**30), "Content-Type": "multipart/form-data; boundary=x"}
    assert await _refused(siv, content=b"--x", headers=claimed) == (413, "request-too-large")


async def test_more_bytes_than_were_claimed_are_not_read(strict: MetadataService, siv: Person) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        yield b"\xff\xd8\xff"
        for _ in range(40):
            yield bytes(100_000)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert await _refused(siv, content=endless(), headers=headers) == (413, "request-too-large")
    assert Uploading(strict).objects() == []


async def test_each_refused_file_is_named_and_the_others_are_taken(strict: MetadataService, siv: Person) -> None:
    accepted = await send(
        siv,
        ("holiday.jpg", b"PK\x03\x04" + bytes(500)),
        ("good.jpg", jpeg(1)),
        ("large.jpg", b"\xff\xd8\xff" + bytes(2**20)),
        ("good again.jpg", jpeg(1)),
        ("nothing.jpg", b""),
        ("../../etc/passwd", b"<html><body>404</body></html>" + bytes(100)),
        ("good too.jpg", jpeg(2)),
    )
    assert [job["filename"] for job in accepted["jobs"]] == ["good.jpg", "good too.jpg"]
    refused = [(file["filename"], file["type"]) for file in accepted["refused"]]
    assert refused == [
        ("holiday.jpg", "not-a-picture"),
        ("large.jpg", "file-too-large"),
        ("good again.jpg", "same-file-twice"),
        ("nothing.jpg", "empty-file"),
        ("passwd", "not-a-picture"),
    ]
    assert accepted["refused"][0]["detail"] == "This is a ZIP archive, whatever it is called."
    assert accepted["total_files"] == 7
    assert len(Uploading(strict).objects()) == 2


async def test_when_every_file_is_refused_so_is_the_request(strict: MetadataService, siv: Person) -> None:
    answer = await siv.post("photos/upload", files=_files(("a.jpg", b"%PDF-1.7" + bytes(99)), ("b.jpg", b"")))
    assert (answer.status_code, answer.json()["type"]) == (422, "nothing-accepted")
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", "files", 0], ["body", "files", 1]]
    assert Uploading(strict).objects() == []
    assert (await siv.get("photos/gallery")).json()["pagination"]["total_items"] == 0


async def test_an_upload_that_breaks_off_leaves_nothing(strict: MetadataService, siv: Person) -> None:
    whole = siv.build_request("POST", "photos/upload", files=_files(("a.jpg", jpeg(1)), ("b.jpg", jpeg(2))))
    body = whole.read()
    told = {"Content-Type": whole.headers["Content-Type"]}

    await _send_and_go(strict, siv, body[: len(body) * 2 // 3], told["Content-Type"])

    async def stalled() -> AsyncIterator[bytes]:
        yield body[: len(body) * 2 // 3]
        await asyncio.sleep(5)

    assert await _refused(siv, content=stalled(), headers=told) == (408, "request-timeout")
    assert await _refused(siv, content=body[:-20], headers=told) == (400, "malformed-request")
    assert Uploading(strict).objects() == []
    assert (await siv.get("photos/gallery")).json()["photos"] == []


async def _send_and_go(service: MetadataService, person: Person, beginning: bytes, content_type: str) -> None:
    """Send the beginning of an upload, and go away."""
    told = {"content-type": content_type, "authorization": person.headers["Authorization"], "host": "testserver"}
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    path = "/api/v1/photos/upload"
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers, "scheme": "http"}
    messages = iter([{"type": "http.request", "body": beginning, "more_body": True}])

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def answer(_message: Any) -> None:
        pass

    await service.app(scope, receive, answer)


async def test_what_belongs_to_others_is_not_there(strict: MetadataService, siv: Person) -> None:
    eva = await strict.user("eva")
    theirs = await send(eva, ("a.jpg", jpeg(1)))
    place = {"name": "Farm", "kind": "site", "latitude": 1, "longitude": 1, "radius_m": 1}
    place_id = (await eva.post("places", json=place)).json()["id"]
    session_id = theirs["upload_session_id"]
    file = _files(("b.jpg", jpeg(2)))
    for foreign in (session_id, NOBODY):
        asked = await _refused(siv, files=file, params={"upload_session_id": foreign})
        assert asked == (404, "upload-session-not-found")
        for path in ("status", "events"):
            answer = await siv.get(f"photos/jobs/{path}", params={"upload_session_id": foreign})
            assert (answer.status_code, answer.json()["type"]) == (404, "upload-session-not-found")
    assert await _refused(siv, files=file, params={"place_id": place_id}) == (404, "place-not-found")
    image = theirs["jobs"][0]["image_id"]
    assert (await siv.post("photos/gallery/delete", json={"image_ids": [image]})).json()["not_found"] == [image]
    assert (await siv.post(f"photos/{image}/reprocess")).status_code == 404
    assert (await siv.get(f"photos/{image}")).status_code == 404
    assert (await strict.anyone().post("photos/upload", files=file)).status_code == 401
    assert (await eva.get("photos/gallery")).json()["pagination"]["total_items"] == 1
    assert len(Uploading(strict).objects()) == 1


async def test_a_session_takes_more_files(siv: Person) -> None:
    first = await send(siv, ("a.jpg", jpeg(1)))
    again = await send(siv, ("b.jpg", jpeg(2)), upload_session_id=first["upload_session_id"])
    assert again["upload_session_id"] == first["upload_session_id"]
    state = await siv.get("photos/jobs/status", params={"upload_session_id": first["upload_session_id"]})
    assert state.json()["summary"]["total_jobs"] == 2


async def test_a_store_that_is_away_refuses_and_keeps_nothing(strict: MetadataService, siv: Person) -> None:
    folder = Uploading(strict).folder
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("no folder")
    answer = await siv.post("photos/upload", files=_files(("a.jpg", jpeg(1))))
    assert (answer.status_code, answer.json()["type"]) == (503, "store-away")
    assert answer.headers["retry-after"]
    folder.unlink()
    await send(siv, ("a.jpg", jpeg(1)))


# Where no originals are kept


async def test_where_uploads_are_off_nothing_comes_in_and_the_page_is_told(settings: Settings) -> None:
    async with running_metadata(settings.model_copy(update={"uploads": False})) as service:
        kari = await service.user("kari")
        assert await _refused(kari, files=_files(("a.jpg", jpeg(1)))) == (403, "uploads-off")
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": "filename YQ=="}
        assert (await kari.post("photos/resumable", headers=tus)).json()["type"] == "uploads-off"
        assert (await kari.get("photos/gallery")).json()["photos"] == []
        assert (await service.anyone().get("http://testserver/config.json")).json()["uploads"] is None


async def test_the_page_is_told_how_large_an_original_may_be(strict: MetadataService) -> None:
    config = (await strict.anyone().get("http://testserver/config.json")).json()
    assert config["uploads"] == {"max_file_bytes": 2**20}


# Signed addresses


async def test_a_signed_address_serves_that_object_for_an_hour(
    strict: MetadataService, siv: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva = await strict.user("eva")
    await send(siv, ("mine.jpg", jpeg(1)))
    await send(eva, ("yours.jpg", jpeg(2)))
    mine, yours = [(await who.get("photos/gallery")).json()["photos"][0]["original_url"] for who in (siv, eva)]
    stranger = strict.anyone()
    signature = re.search(r"signature=(\w+)", mine)
    assert signature
    cases = {
        mine: 200,
        mine.replace(signature[1], "0" * 64): 403,
        mine.replace(signature[1], ""): 403,
        mine.replace(signature[1], "é" * 10): 403,
        re.sub(r"expires=\d+", f"expires={int(time.time()) + 9 * SECONDS}", mine): 403,
        mine.partition("?")[0]: 403,
        mine.replace("saved_as=mine.jpg", "saved_as=yours.html"): 403,
        yours.partition("?")[0] + "?" + mine.partition("?")[2]: 403,
        mine.replace("originals/", "originals/%2e%2e/originals/"): 403,
    }
    for address, expected in cases.items():
        answer = await stranger.get(f"http://testserver{address}")
        assert answer.status_code == expected, address
    assert (await stranger.get(f"http://testserver{mine}")).content == jpeg(1)
    saved = (await stranger.get(f"http://testserver{mine}")).headers["content-disposition"]
    assert saved == 'attachment; filename="mine.jpg"'
    part = await stranger.get(f"http://testserver{mine}", headers={"Range": "bytes=0-2"})
    assert (part.status_code, part.content) == (206, b"\xff\xd8\xff")
    now = time.time()
    monkeypatch.setattr("metadata_service.uploads.addresses.time.time", lambda: now + SECONDS + 2)
    assert (await stranger.get(f"http://testserver{mine}")).json()["type"] == "address-refused"


async def test_a_good_address_of_what_is_gone_finds_nothing(strict: MetadataService) -> None:
    addresses: Addresses = strict.app.state.addresses
    answer = await strict.anyone().get(f"http://testserver{addresses.of('originals/2026/01/01/gone.jpg')}")
    assert (answer.status_code, answer.json()["type"]) == (404, "object-not-found")
    answer = await strict.anyone().get(f"http://testserver{addresses.of('../secret.key')}")
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize(
    ("beginning", "what"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(60), None),
        (b"II*\x00\x10\x00\x00\x00CR", None),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), None),
        (b"\x00\x00\x00\x18ftypcrx " + bytes(50), None),
        (b"FUJIFILMCCD-RAW " + bytes(48), None),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "a film"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", None),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "a film or a sound"),
        (b"\xef\xbb\xbf<?xml version", "text"),
        (b"\x7fELF\x02", "a program"),
        (b"", "empty"),
    ],
)
def test_the_first_bytes_tell_what_is_surely_no_picture(beginning: bytes, what: str | None) -> None:
    assert refusal(beginning) == what
    assert media_type(beginning).partition("/")[0] in {"image", "application"}


async def test_days_and_instants_choose_what_was_uploaded_between(siv: Person) -> None:
    await send(siv, ("a.jpg", jpeg(1)))
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for query, count in (
        ({"date_from": today, "date_to": today}, 1),
        ({"date_to": "2020-01-01"}, 0),
        ({"date_from": "2020-01-01T10:00:00+02:00"}, 1),
        ({"date_from": "9999-12-31"}, 0),
        ({"place_id": 77}, 0),
    ):
        assert (await siv.get("photos/gallery", params=query)).json()["pagination"]["total_items"] == count, query
    for wrong in ("yesterday", "2026-13-01", "9999-12-31T23:59:59-23:59"):
        answer = await siv.get("photos/gallery", params={"date_to": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", "date_to"]), wrong


async def test_pages_and_cursors_give_the_same(siv: Person) -> None:
    await send(siv, *((f"{seed}.jpg", jpeg(seed)) for seed in range(1, 8)))
    by_page, by_cursor, cursor = [], [], ""
    for page in (1, 2, 3):
        got = (await siv.get("photos/gallery", params={"page": page, "per_page": 3})).json()
        assert (got["pagination"]["total_pages"], got["pagination"]["total_items"]) == (3, 7)
        by_page += [photo["filename"] for photo in got["photos"]]
    while cursor is not None:
        asked = {"per_page": 3, **({"cursor": cursor} if cursor else {})}
        got = (await siv.get("photos/gallery", params=asked)).json()
        by_cursor += [photo["filename"] for photo in got["photos"]]
        cursor = got["pagination"]["next_cursor"]
    assert by_page == by_cursor == [f"{seed}.jpg" for seed in range(7, 0, -1)]


def test_no_original_lies_where_it_could_be_guessed(tmp_path: Path) -> None:
    from metadata_service.db.ids import new_id
    from metadata_service.upload_jobs.keys import original_key

    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len({one.int & (2**62 - 1) for one in made}) == 5000
    assert re.fullmatch(r"originals/\d{4}/\d\d/\d\d/[0-9a-f-]{36}\.jpg", original_key(made[0], "A.JPG"))
    assert original_key(made[0], "a.j/../pg").endswith(".bin")
    assert original_key(made[0], "noextension").endswith(".bin")

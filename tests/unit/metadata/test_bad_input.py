"""Bad input and bad days: a clear problem, nothing half kept, and never a 500."""

import asyncio
import base64
import io
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, text

from metadata_service.db.engine import Database
from metadata_service.settings import Settings
from metadata_service.tables import Photo
from tests.support.eggs import egg, jpeg
from tests.support.metadata import MetadataService, Person, running_metadata


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("changes", "slug", "field"),
    [
        ({"hothash": "0" * 64}, "hothash-mismatch", "hothash"),
        ({"hothash": "ABC"}, "invalid-request", "hothash"),
        ({"hotpreview": b"<html><script>alert(1)</script></html>"}, "preview-refused", "hotpreview_base64"),
        ({"hotpreview": jpeg(1, size=(600, 400))}, "preview-refused", "hotpreview_base64"),
        ({"hotpreview_base64": "*** not base64 ***"}, "preview-refused", "hotpreview_base64"),
        ({"hotpreview_base64": "blåbær"}, "preview-refused", "hotpreview_base64"),
        ({"coldpreview_base64": _encoded(b"GIF89a")}, "preview-refused", "coldpreview_base64"),
        ({"rating": 9}, "invalid-request", "rating"),
        ({"rating": -1}, "invalid-request", "rating"),
        ({"visibility": "friends"}, "invalid-request", "visibility"),
        ({"colour": "blue"}, "invalid-request", "colour"),
        ({"width": 0}, "invalid-request", "width"),
        ({"width": 2**40}, "invalid-request", "width"),
        ({"file_size_bytes": 2**70}, "invalid-request", "file_size_bytes"),
        ({"title": "a\0b"}, "invalid-request", "title"),
        ({"title": "x" * 256}, "invalid-request", "title"),
        ({"metadata": {"taken_at": "yesterday"}}, "invalid-request", "taken_at"),
        ({"metadata": {"taken_at": "0000-00-00T00:00:00"}}, "invalid-request", "taken_at"),
        ({"metadata": {"taken_at_offset": "+25:00"}}, "invalid-request", "taken_at_offset"),
        ({"metadata": {"gps_latitude": 91}}, "invalid-request", "gps_latitude"),
        ({"exif_dict": {"a": "b\0c"}}, "invalid-request", "exif_dict"),
        ({"exif_dict": {"a": 2**63}}, "invalid-request", "exif_dict"),
        ({"exif_dict": {"a": [-(2**64)]}}, "invalid-request", "exif_dict"),
        ({"is_valid_image": False}, "invalid-request", "is_valid_image"),
    ],
)
async def test_an_egg_that_is_wrong_is_refused_by_the_name_of_what_is_wrong(
    service: MetadataService, kari: Person, changes: dict[str, Any], slug: str, field: str
) -> None:
    answer = await kari.post("photos/photoegg", json=egg(1, **changes))
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, slug), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert any(field in error["loc"] for error in problem["errors"]), problem
    assert await _photos(service.database) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"exif_dict": {"a": NaN}}', 400),
        (b'{"exif_dict": ' + b'{"a":' * 100 + b"1" + b"}" * 101, 422),
        (b"[" * 100_000, 400),
        (b'{"title": "\\ud800"}', 400),
    ],
)
async def test_a_body_that_is_no_egg_is_a_problem_and_not_a_fault(kari: Person, body: bytes, status: int) -> None:
    answer = await kari.post("photos/photoegg", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] in {"invalid-request", "malformed-request"}


@pytest.mark.parametrize("name", ["title", "description"])
async def test_a_lone_surrogate_is_refused_wherever_text_goes(kari: Person, name: str) -> None:
    photo = await kari.keep(1)
    answer = await kari.patch(
        f"photos/{photo['id']}", content=f'{{"{name}": "\\ud800"}}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("ref", ["999999", "0", "9" * 18, "9" * 40, "-1", "abc", "f" * 64, "1.5", "%00", "١"])
async def test_a_photo_that_is_not_there_is_not_found_whatever_it_is_called(kari: Person, ref: str) -> None:
    for path in (f"photos/{ref}", f"photos/{ref}/hotpreview", f"photos/{ref}/coldpreview"):
        answer = await kari.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "photo-not-found"), path


@pytest.mark.parametrize(
    "change", [{"rating": 9}, {"rating": None}, {"visibility": None}, {"visibility": "all"}, {"owner_id": 2}, []]
)
async def test_a_change_that_cannot_be_changes_nothing(kari: Person, change: Any) -> None:
    photo = await kari.keep(1, rating=2)
    answer = await kari.patch(f"photos/{photo['id']}", json=change)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert (await kari.get(f"photos/{photo['id']}")).json()["rating"] == 2


async def test_300_megabytes_are_refused_by_their_claim_and_by_their_count(kari: Person) -> None:
    chunk = b" " * 2**20

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield chunk

    headers = {"Content-Type": "application/json"}
    counted = await kari.post("photos/photoegg", content=endless(), headers=headers)
    claimed = await kari.post(
        "photos/photoegg", content=endless(), headers=headers | {"Content-Length": str(300 * 2**20)}
    )
    for answer in (counted, claimed):
        assert (answer.status_code, answer.json()["type"]) == (413, "request-too-large")


async def test_a_locked_database_says_try_again_and_keeps_nothing(settings: Settings) -> None:
    other = Database(settings.database, busy_seconds=1)
    lock = "SELECT 1" if other.is_sqlite else "LOCK TABLE photos IN EXCLUSIVE MODE"  # in SQLite, BEGIN IMMEDIATE locks
    async with running_metadata(settings.model_copy(update={"busy_seconds": 0.3})) as service:
        kari = await service.user("kari")
        async with other.writing() as session:
            await session.execute(text(lock))
            answer = await kari.post("photos/photoegg", json=egg(1))
            reading = await kari.get("photos")
        assert (answer.status_code, answer.json()["type"]) == (503, "database-busy")
        assert answer.headers["retry-after"] == "1"
        assert reading.status_code == 200, "readers do not wait for writers"
        assert (await kari.post("photos/photoegg", json=egg(1))).status_code == 201
    await other.close()


@contextmanager
def _no_file_beyond(size: int) -> Iterator[None]:
    """Let the kernel refuse to write a file beyond `size` bytes, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_leaves_neither_half_a_file_nor_a_photo_without_its_bytes(
    service: MetadataService, kari: Person
) -> None:
    kept = await kari.keep(2)
    large = _noisy_jpeg()
    with _no_file_beyond(2_000_000):
        assert len(large) > 2_000_000
        refused = await kari.post("photos/photoegg", json=egg(1, coldpreview=large))
        put = await kari.put(f"photos/{kept['id']}/coldpreview", files={"file": large})
    for answer in (refused, put):
        assert (answer.status_code, answer.json()["type"]) == (507, "storage-full")
    assert [path for path in service.app.state.blobs.root.rglob("*") if path.is_file()] == []
    assert await _photos(service.database) == 1
    assert (await kari.get(f"photos/{kept['id']}")).json()["coldpreview_url"] is None
    assert (await kari.post("photos/photoegg", json=egg(1, coldpreview=large))).status_code == 201


async def test_a_failed_commit_is_not_answered_as_a_success(service: MetadataService, kari: Person) -> None:
    """A deferred constraint fails at COMMIT, after the handler returned: the client must learn of it."""
    if service.database.is_sqlite:
        undo = ["DROP TRIGGER late", "DROP TABLE late"]
        trigger = ["CREATE TABLE late (id INTEGER REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED)"]
        fire = "CREATE TRIGGER late AFTER INSERT ON photos BEGIN INSERT INTO late VALUES (-1); END"
    else:
        undo = ["DROP TRIGGER late ON photos", "DROP FUNCTION late", "DROP TABLE late"]
        trigger = [
            "CREATE TABLE late (id BIGINT REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED)",
            (
                "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN INSERT INTO late VALUES (-1); RETURN NULL; END $$"
            ),
        ]
        fire = "CREATE TRIGGER late AFTER INSERT ON photos FOR EACH ROW EXECUTE FUNCTION late()"
    await _run(service.database, *trigger, fire)
    answer = await kari.post("photos/photoegg", json=egg(1))
    await _run(service.database, *undo)
    assert answer.status_code == 500
    assert answer.json()["type"] == "unexpected-error"
    assert "late" not in answer.text
    assert await _photos(service.database) == 0


async def _run(database: Database, *statements: str) -> None:
    async with database.writing() as session:
        for statement in statements:
            await session.execute(text(statement))


async def test_a_database_that_is_away_is_said_and_the_service_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", data_dir=tmp_path, busy_seconds=1)
    async with running_metadata(settings) as service:
        anyone = service.anyone()
        answer = await anyone.get("photos")
        ready = await anyone.get("http://testserver/ready")
        alive = await anyone.get("http://testserver/health")
    assert (answer.status_code, answer.json()["type"]) == (503, "database-unavailable")
    assert answer.headers["retry-after"]
    assert (ready.status_code, ready.json()["type"]) == (503, "not-ready")
    assert alive.status_code == 200


async def _photos(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Photo)) or 0


def _noisy_jpeg() -> bytes:
    """A coldpreview of more than two megabytes, honest in every other way."""
    file = io.BytesIO()
    Image.effect_noise((2400, 1600), 90).convert("RGB").save(file, "JPEG", quality=95)
    return file.getvalue()


async def test_many_writers_wait_for_each_other_instead_of_failing(kari: Person, ola: Person) -> None:
    eggs = [(person, seed) for seed in range(1, 21) for person in (kari, ola)]
    answers = await asyncio.gather(*(person.post("photos/photoegg", json=egg(seed)) for person, seed in eggs))
    assert [answer.status_code for answer in answers] == [201] * 40

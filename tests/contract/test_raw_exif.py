"""Raw EXIF of older clients: core_service reads it, now or when it is back; the bytes stay as they came."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from metadata_service.core_client import CoreClient
from metadata_service.ingest.raw_exif import read_pending
from metadata_service.tables import ParseState, RawExif
from tests.support.core import CoreClient as RunningCore
from tests.support.core import running_core
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person
from tests.support.photos import camera_exif

BLOB = camera_exif()


@pytest.fixture
async def core() -> AsyncIterator[RunningCore]:
    async with running_core(processes=1) as running:
        yield running


def _group(number: int = 1, blob: bytes = BLOB, **changes: Any) -> dict[str, Any]:
    name = f"{number:064x}"
    return {
        "hothash": name,
        "hotpreview": base64.b64encode(jpeg(number)).decode(),
        "width": 4000,
        "height": 3000,
        "images": [{"filename": "IMG_1.JPG", "hothash": name, "exif_data": base64.b64encode(blob).decode()}],
    } | changes


def _connect(service: MetadataService, core: RunningCore) -> None:
    """Let metadata_service's own client reach the core application of this process."""
    transport = core._transport
    service.app.state.core = CoreClient("http://localhost", timeout_seconds=10, transport=transport)


async def test_a_group_comes_back_with_what_its_exif_says(
    service: MetadataService, core: RunningCore, kari: Person
) -> None:
    _connect(service, core)
    answer = await kari.post("photos", json=_group(title="Fjord"))
    told = answer.json()
    assert (answer.status_code, told["exif_pending"]) == (201, False)
    assert told["taken_at"].startswith("2024-04-27T14:55:20")
    assert (told["camera_make"], told["gps_latitude"]) == ("Canon", pytest.approx(59.9139, abs=1e-6))
    photo = (await kari.get(f"photos/{told['id']}")).json()
    assert (photo["taken_at_offset"], photo["title"]) == ("+02:00", "Fjord")
    assert "EXIF" in photo["exif_dict"]
    async with service.database.reading() as session:
        assert await session.scalar(select(RawExif.blob)) == BLOB


async def test_core_away_then_back_loses_nothing(service: MetadataService, core: RunningCore, kari: Person) -> None:
    """The client of the fixture points to a port where nobody listens."""
    told = (await kari.post("photos", json=_group(rating=4, tags=["sea"]))).json()
    assert (told["exif_pending"], told["taken_at"]) == (True, None)
    _connect(service, core)
    assert await read_pending(service.database, service.app.state.core) == 1
    photo = (await kari.get(f"photos/{told['id']}")).json()
    assert photo["taken_at"].startswith("2024-04-27T14:55:20")
    assert (photo["rating"], photo["camera_make"]) == (4, "Canon")
    assert await read_pending(service.database, service.app.state.core) == 0


async def test_what_core_cannot_read_is_settled_and_kept(
    service: MetadataService, core: RunningCore, kari: Person
) -> None:
    _connect(service, core)
    told = (await kari.post("photos", json=_group(blob=b"this is no EXIF at all"))).json()
    assert told["exif_pending"] is False
    async with service.database.reading() as session:
        row = (await session.scalars(select(RawExif))).one()
    assert row.blob == b"this is no EXIF at all"
    assert row.state in {ParseState.PARSED, ParseState.UNREADABLE}


async def test_a_batch_of_groups_is_read_on_the_way_in(
    service: MetadataService, core: RunningCore, kari: Person
) -> None:
    _connect(service, core)
    told = (await kari.post("photos/batch", json={"photo_groups": [_group(n) for n in range(1, 13)]})).json()
    assert (told["photos_created"], told["errors"]) == (12, [])
    for item in told["results"]:
        photo = (await kari.get(f"photos/{item['id']}")).json()
        assert photo["camera_model"] == "Canon EOS R5"


async def test_a_dead_core_is_not_asked_again_and_again(service: MetadataService, kari: Person) -> None:
    asked = 0

    async def dead(_request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        raise httpx.ConnectError("nobody there")

    service.app.state.core = CoreClient("http://localhost", timeout_seconds=1, transport=httpx.MockTransport(dead))
    answers = await asyncio.gather(*(kari.post("photos", json=_group(n)) for n in range(1, 13)))
    assert {answer.status_code for answer in answers} == {201}
    before = asked
    for number in range(20, 30):
        assert (await kari.post("photos", json=_group(number))).json()["exif_pending"] is True
    assert asked == before, "the circuit is open"

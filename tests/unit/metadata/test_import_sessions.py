"""Import sessions: every spelling, and counts that are what was really stored."""

import asyncio
import json
from typing import Any

import pytest

from tests.support.eggs import egg
from tests.support.metadata import MetadataService, Person


async def _start(person: Person, path: str = "import-sessions", **body: Any) -> int:
    answer = await person.post(path, json=body)
    assert answer.status_code == (200 if path.endswith("start") else 201), answer.text
    assert answer.json()["status"] == "in_progress"
    number: int = answer.json()["import_id"]
    return number


async def _counts(person: Person, import_id: int) -> tuple[int, int, int]:
    told = (await person.get(f"import-sessions/{import_id}")).json()
    return told["images_imported"], told["duplicates_skipped"], told["errors_count"]


@pytest.mark.parametrize(
    "path", ["import-sessions", "import-sessions/", "import_sessions/start", "import-sessions/start"]
)
async def test_an_import_begins_in_every_spelling(kari: Person, path: str) -> None:
    body = {"source_path": "Client-side import", "source_description": "Summer", "total_files_estimated": 12}
    import_id = await _start(kari, path, **body)
    for spelled in ("import-sessions", "import_sessions"):
        told = (await kari.get(f"{spelled}/{import_id}")).json()
        assert (told["source_description"], told["total_files_found"]) == ("Summer", 12)


async def test_the_server_counts_what_it_stored_however_often_it_is_told(kari: Person) -> None:
    await kari.keep(1)
    import_id = await _start(kari)
    bad = egg(4) | {"hothash": "0" * 64}
    batch = {"import_session_id": import_id, "eggs": [egg(1), egg(2), egg(3), bad]}
    for _ in range(3):  # the client lost the answer, twice
        await kari.post("photos/batch", json=batch)
        assert await _counts(kari, import_id) == (2, 1, 1)
    await kari.keep(5, import_session_id=import_id)
    await kari.keep(5, import_session_id=import_id)
    assert await _counts(kari, import_id) == (3, 1, 1)
    await kari.post("photos/batch", json={"import_session_id": import_id, "eggs": [egg(4)]})
    assert await _counts(kari, import_id) == (4, 1, 0), "what failed and then succeeded is no failure"


async def test_what_is_done_already_can_be_asked_for(kari: Person) -> None:
    import_id = await _start(kari)
    eggs = [egg(seed) for seed in range(1, 8)]
    eggs[3] = eggs[3] | {"hothash": "0" * 64}
    await kari.post("photos/batch", json={"import_session_id": import_id, "eggs": eggs})
    items: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = (await kari.get(f"import-sessions/{import_id}/items", params={"limit": 3, "cursor": cursor})).json()
        items += page["data"]
        cursor = page["meta"]["next_cursor"]
    done = {item["key"] for item in items if item["outcome"] == "imported"}
    assert done == {egg(seed)["hothash"] for seed in (1, 2, 3, 5, 6, 7)}
    (failed,) = (item for item in items if item["outcome"] == "error")
    assert failed["filename"] == "IMG_0004.JPG"
    assert "hothash" in failed["detail"]


async def test_a_client_that_counts_by_itself_is_believed(kari: Person) -> None:
    import_id = await _start(kari, "import_sessions/start")
    for counter in ("imported", "imported", "duplicates_skipped", "errors"):
        assert (await kari.post(f"import_sessions/{import_id}/increment/{counter}")).status_code == 200
    progress = {"files_processed": 9, "current_file": "IMG_9.JPG", "images_imported_increment": 3}
    told = (await kari.patch(f"import_sessions/{import_id}/progress", json=progress)).json()
    assert (told["images_imported"], told["duplicates_skipped"], told["errors_count"]) == (5, 1, 1)
    assert (told["files_processed"], told["current_file"]) == (9, "IMG_9.JPG")


async def test_what_was_really_stored_outweighs_what_a_client_says(kari: Person) -> None:
    import_id = await _start(kari)
    await kari.keep(1, import_session_id=import_id)
    await kari.post(f"import-sessions/{import_id}/increment/imported")
    assert await _counts(kari, import_id) == (1, 0, 0)


async def test_an_import_ends_once(kari: Person) -> None:
    import_id = await _start(kari)
    for _ in range(2):
        told = (await kari.post(f"import-sessions/{import_id}/complete")).json()
        assert told["status"] == "completed"
        assert told["completed_at"]
    answer = await kari.post(f"import-sessions/{import_id}/cancel")
    assert (answer.status_code, answer.json()["type"]) == (409, "import-ended")
    other = await _start(kari)
    assert (await kari.patch(f"import-sessions/{other}", json={"status": "failed"})).json()["status"] == "failed"


async def test_nobody_else_sees_or_moves_an_import(kari: Person, ola: Person, anyone: Person) -> None:
    import_id = await _start(kari)
    for person, status in ((ola, 404), (anyone, 401)):
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/items", None),
            ("GET", "/events", None),
            ("PATCH", "", {"files_processed": 1}),
            ("POST", "/increment/imported", None),
            ("POST", "/complete", None),
        ):
            answer = await person.request(method, f"import-sessions/{import_id}{path}", json=body)
            assert answer.status_code == status, (method, path)
    assert (await ola.get("import-sessions")).json()["data"] == []


async def test_writers_at_once_lose_no_count(kari: Person) -> None:
    import_id = await _start(kari)
    batches = [[egg(seed) for seed in range(start, start + 10)] for start in (1, 6, 11, 16)]
    answers = await asyncio.gather(
        *(kari.post("photos/batch", json={"import_session_id": import_id, "eggs": eggs}) for eggs in batches)
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    imported, duplicates, errors = await _counts(kari, import_id)
    assert (imported, errors) == (25, 0)
    assert duplicates == 0, "a photo that this import brought is no duplicate for being told twice"


async def test_progress_is_told_as_it_happens(service: MetadataService, kari: Person) -> None:
    import_id = await _start(kari)

    async def work() -> None:
        for seed in (1, 2):
            await asyncio.sleep(0.7)
            await kari.keep(seed, import_session_id=import_id)
        await kari.post(f"import-sessions/{import_id}/complete")

    working = asyncio.create_task(work())
    answer = await kari.get(f"import-sessions/{import_id}/events")
    await working
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert events[0]["images_imported"] == 0
    assert (events[-1]["images_imported"], events[-1]["status"]) == (2, "completed")
    assert len(events) >= 3

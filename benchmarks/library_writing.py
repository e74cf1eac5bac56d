"""Sends eggs to the application: one by one, a hundred in a request, with one that is bad, by eight clients at once.

The floor of a batch is what a bare driver takes for the very rows that it left: they are read back, deleted, and
inserted again, one `executemany` for each table, in one transaction, in turns with the application.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

import orjson

from benchmarks.bare_driver import Bare
from benchmarks.library_asking import Report
from tests.support.eggs import egg, jpeg
from tests.support.metadata import MetadataService, Person

_BATCH: Final = 100
_ROUNDS: Final = 7
_WRITERS: Final = 8
_TABLES: Final = ("photos", "photo_previews", "photo_exif", "photo_identities", "image_files", "file_locations")
_COLD: Final = jpeg(7, size=(1920, 1280))
_FIRST: Final = 10**7


async def measure_ways_in(service: MetadataService, owner: Person, report: Report) -> None:
    """Print what each way in takes."""
    await _one_by_one(owner, report)
    await _batches(service, owner)
    await _with_one_bad(owner)
    await _writers(service)


async def _one_by_one(owner: Person, report: Report) -> None:
    taken = []
    for seed in range(_FIRST, _FIRST + 30):
        body = egg(seed)
        started = time.perf_counter()
        answer = await owner.post("photos/photoegg", json=body)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 201, answer.text
    report.p50["one egg"] = statistics.median(taken)
    report.best["one egg"] = min(taken)
    print(f"One egg: p50 {report.p50['one egg']:.1f} ms, best {min(taken):.1f}, longest {max(taken):.1f}")


async def _batches(service: MetadataService, owner: Person) -> None:
    """A batch and its floor in turns; each egg with a hotpreview of its own and a coldpreview of 1920 × 1280."""
    bare = await Bare.open(service)
    ours, floor = [], []
    for turn in range(_ROUNDS):
        ids, seconds = await _send(owner, _body(_FIRST + 1_000 + turn * _BATCH, cold=True))
        ours.append(seconds)
        floor.append(await _again(bare, ids))
    await bare.close()
    ratio = statistics.median(floor) / statistics.median(ours)
    print(
        f"Batches of {_BATCH} with both previews: {_rate(ours):.0f} photos/s, bare driver {_rate(floor):.0f}"
        f" (× {ratio:.2f})"
    )


async def _with_one_bad(owner: Person) -> None:
    """The same batch, clean and with an egg whose hothash is not its own."""
    times: dict[str, list[float]] = {"clean": [], "one bad": []}
    for turn in range(_ROUNDS):
        for at, kind in enumerate(times):
            body = _body(_FIRST + 5_000 + (turn * 2 + at) * _BATCH)
            if kind == "one bad":
                body["eggs"][50]["hothash"] = "0" * 64
            _ids, seconds = await _send(owner, body, bad=at)
            times[kind].append(seconds)
    clean, bad = (statistics.median(taken) for taken in times.values())
    print(f"Batch with one bad egg ÷ clean: × {bad / clean:.2f} ({bad * 1000:.0f} ÷ {clean * 1000:.0f} ms)")


async def _writers(service: MetadataService) -> None:
    """One client who sends sixteen batches, then eight who send two each, all of them for libraries of their own."""
    people = [await service.user(f"writer{number}") for number in range(_WRITERS)]
    rates = []
    for round_, some in enumerate((people[:1], people)):
        each = 16 // len(some)
        start = _FIRST + 20_000 + round_ * 5_000
        bodies = {
            person.user["id"]: [_body(start + (at * each + batch) * _BATCH) for batch in range(each)]
            for at, person in enumerate(some)
        }
        started = time.perf_counter()
        await asyncio.gather(*(_send_all(person, bodies[person.user["id"]]) for person in some))
        rates.append(16 * _BATCH / (time.perf_counter() - started))
    print(f"Photos/s, {_WRITERS} writers ÷ 1: × {rates[1] / rates[0]:.2f} ({rates[1]:.0f} ÷ {rates[0]:.0f}), 0 errors")


def _body(start: int, *, cold: bool = False) -> dict[str, Any]:
    more = {"coldpreview": _COLD} if cold else {}
    return {"eggs": [egg(seed, **more) for seed in range(start, start + _BATCH)]}


async def _send_all(person: Person, bodies: Sequence[dict[str, Any]]) -> None:
    for body in bodies:
        await _send(person, body)


async def _send(person: Person, body: dict[str, Any], *, bad: int = 0) -> tuple[list[int], float]:
    """Send a batch; give the ids of its photos, and the seconds that it took."""
    content = orjson.dumps(body)
    started = time.perf_counter()
    answer = await person.post("photos/batch", content=content, headers={"Content-Type": "application/json"})
    seconds = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["photos_created"] == len(body["eggs"]) - bad, told["errors"]
    return [item["id"] for item in told["results"] if item["status"] == "created"], seconds


async def _again(bare: Bare, ids: Sequence[int]) -> float:
    """Read the photos' rows, delete them, and give the seconds that the bare driver takes to insert them again."""
    listed = ",".join(map(str, ids))
    of_photos = {table: "id" if table == "photos" else "photo_id" for table in _TABLES}
    of_photos["file_locations"] = f"(SELECT photo_id FROM image_files WHERE id = {_TABLES[-1]}.image_file_id)"
    rows = {
        table: await bare.rows(f"SELECT * FROM {table} WHERE {key} IN ({listed})") for table, key in of_photos.items()
    }
    await bare.do(f"DELETE FROM photos WHERE id IN ({listed})")
    started = time.perf_counter()
    await bare.insert(rows)
    return time.perf_counter() - started


def _rate(seconds: Sequence[float]) -> float:
    return _BATCH / statistics.median(seconds)

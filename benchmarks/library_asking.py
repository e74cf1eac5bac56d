"""Asks the application and, in turns with it, the bare driver for the same rows."""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import event

from benchmarks.bare_driver import Bare
from benchmarks.library_building import Library
from tests.support.metadata import MetadataService, Person

Call = Callable[[], Awaitable[Any]]
_ACCOUNT: Final = "FROM users"
_AT_ONCE: Final = 16


@dataclass
class Report:
    """What was measured on one library."""

    kind: str
    photos: int
    p50: dict[str, float] = field(default_factory=dict)
    best: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request; `person` is a name in `Library`."""

    name: str
    person: str
    path: str
    body: Any = None


async def measure(service: MetadataService, library: Library, report: Report, *, runs: int, only: str) -> None:
    """Print a table of all requests, then how many a second come through alone and at once."""
    requests = [asked for asked in await _requests(library) if only in asked.name]
    print("| Request | best ms | p50 | p99 | floor, best | ratio |\n|---|---|---|---|---|---|")
    floor = await Bare.open(service)
    for asked in requests:
        person = getattr(library, asked.person)
        call = _call(service, person, asked)
        status, answer = await call()
        assert status == 200, (asked, answer)
        statements = await _statements(service, call)
        ours, bare = await _in_turns(call, lambda said=statements: floor.answer(said), runs)
        report.p50[asked.name] = ours[len(ours) // 2]
        report.best[asked.name] = ours[0]
        print(
            f"| {asked.name} | {ours[0]:.2f} | {ours[len(ours) // 2]:.2f} | {ours[int(len(ours) * 0.99)]:.2f} "
            f"| {bare[0]:.2f} | {ours[0] / bare[0]:.1f} |"
        )
    await floor.close()
    if not only:
        await _at_once(service, library)
        await _nothing_new(service, library)
        await _again_and_again(service, library)


async def _requests(library: Library) -> list[Asked]:
    owner = library.owner
    first = (await owner.get("photos", params={"limit": 500, "owner": "me"})).json()
    ids = [photo["id"] for photo in first["data"]]
    deep = library.photos * 95 // 100
    cursor = (await owner.get("photos", params={"limit": 1, "offset": deep})).json()["meta"]["next_cursor"]
    public = (await library.anyone.get("photos", params={"limit": 1})).json()["data"]
    layout = (await owner.get("timeline/segments")).json()["data"]
    largest = max(range(len(layout["count"])), key=lambda at: (layout["count"][at] <= 1000, layout["count"][at]))
    segment = f"timeline/segments/{layout['first'][largest]}/{layout['end'][largest]}"
    hashes = [photo["hothash"] for photo in first["data"]] + [f"{number:064x}" for number in range(500)]
    year = "granularity={}&year=2010"
    filters = {
        "dates": "taken_after=2009-01-01&taken_before=2009-12-31",
        "rating ≥ 4": "rating_min=4",
        "rating = 2": "rating_min=2&rating_max=2",
        "visibility private": "visibility=private",
        "visibility space": "visibility=space",
        "camera, frequent": "camera_model=EOS+R5",
        "camera, rare": "camera_model=DC210",
        "camera, unknown": "camera_model=none",
        "make": "camera_make=Kodak",
        "lens": "lens_model=NIKKOR+Z+50mm+f/1.8+S",
        "format": "format=CR3",
        "has place": "has_gps=true",
        "has no place": "has_gps=false",
        "has raw": "has_raw=true",
        "undated": "undated=true",
        "category": "category=family",
        "small box": "bbox=10,59,11,60",
        "large box": "bbox=-120,-60,120,60",
        "tag, often": f"tag_ids={library.tags['often']}",
        "tag, seldom": f"tag_ids={library.tags['seldom']}",
        "tags, all": f"tag_ids={library.tags['often']}&tag_ids={library.tags['seldom']}&tag_match=all",
        "word, frequent": "query=fjord",
        "word, rare": "query=img_0000777",
        "word, two letters": "query=bl",
    }
    return [
        Asked("list, owner, first", "owner", "photos?limit=100"),
        Asked("list, owner, deep", "owner", f"photos?limit=100&cursor={cursor}"),
        Asked("list, other, first", "other", "photos?limit=100"),
        Asked("list, anyone, first", "anyone", "photos?limit=100"),
        Asked("list, mine, with total", "owner", "photos?limit=100&owner=me&offset=0"),
        Asked("list, by rating", "owner", "photos?limit=100&sort_by=rating"),
        Asked("list, by arrival", "owner", "photos?limit=100&sort_by=created"),
        *(Asked(f"filter {name}", "owner", f"photos?limit=100&{query}") for name, query in filters.items()),
        *(Asked(f"timeline years, {who}", who, "timeline") for who in ("owner", "other", "anyone")),
        Asked("timeline months, all", "owner", "timeline?granularity=month"),
        Asked("timeline months of a year", "owner", f"timeline?{year.format('month')}"),
        Asked("timeline days, newest 1000", "owner", "timeline?granularity=day"),
        Asked("timeline days of a month", "owner", f"timeline?{year.format('day')}&month=5"),
        Asked("timeline hours of a day", "owner", "timeline?granularity=hour&year=2001&month=5&day=17"),
        Asked("timeline years, of a camera", "owner", "timeline?camera_model=DC210"),
        Asked("segments, layout", "owner", "timeline/segments"),
        Asked(f"segment of {layout['count'][largest]}", "owner", segment),
        Asked("one photo", "owner", f"photos/{ids[0]}"),
        Asked("hotpreview", "owner", f"photos/{ids[0]}/hotpreview"),
        *([Asked("hotpreview, anyone", "anyone", f"photos/{public[0]['id']}/hotpreview")] if public else []),
        Asked("100 hotpreviews", "owner", f"photos/hotpreviews?ids={','.join(map(str, ids[:100]))}"),
        Asked("exists, 1000", "owner", "photos/exists", {"hothashes": hashes}),
    ]


def _call(service: MetadataService, person: Person, asked: Asked, *more: tuple[bytes, bytes]) -> Call:
    """Speak ASGI to the application: a client library would take longer than what is measured."""
    path, _, query = asked.path.partition("?")
    body = json.dumps(asked.body).encode() if asked.body is not None else b""
    headers = [(b"host", b"testserver"), (b"content-type", b"application/json"), *more]
    if "authorization" in person.headers:
        headers.append((b"authorization", person.headers["authorization"].encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "scheme": "http",
        "path": f"/api/v1/{path}",
        "raw_path": f"/api/v1/{path}".encode(),
        "query_string": query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "root_path": "",
    }

    async def call() -> tuple[int, bytes]:
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        await service.app({**scope, "state": {}}, receive, send)
        return said[0]["status"], b"".join(part.get("body", b"") for part in said[1:])

    return call


async def _in_turns(ours: Call, bare: Call, runs: int) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    spent = 0.0
    for _ in range(runs):
        for call, taken in zip((ours, bare), times, strict=True):
            started = time.perf_counter()
            await call()
            taken.append((time.perf_counter() - started) * 1000)
            spent += taken[-1]
        if spent > 6_000:  # what takes so long is known well enough
            break
    return sorted(times[0]), sorted(times[1])


async def _statements(service: MetadataService, call: Call) -> list[tuple[str, Any]]:
    """What the application asks its database in one request, but for whether the account is alive."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if _ACCOUNT not in statement:
            said.append((statement, parameters))

    engine = service.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await call()
    event.remove(engine, "before_cursor_execute", note)
    return said


async def _nothing_new(service: MetadataService, library: Library) -> None:
    """What it takes to hear that a segment is as it was."""
    layout = (await library.owner.get("timeline/segments")).json()["data"]
    path = f"timeline/segments/{layout['first'][0]}/{layout['end'][0]}"
    tag = (await library.owner.get(path)).headers["etag"]
    call = _call(service, library.owner, Asked("", "owner", path), (b"if-none-match", tag.encode()))
    taken = []
    for _ in range(25):
        started = time.perf_counter()
        status, _body = await call()
        taken.append((time.perf_counter() - started) * 1000)
        assert status == 304, status
    print(f"Segment not modified: best {min(taken):.2f} ms, p50 {statistics.median(taken):.2f}\n")


async def _again_and_again(service: MetadataService, library: Library) -> None:
    """Runs 10 to 30 ÷ runs 1 to 5 on a new connection: a plan that a database settles on may be a bad one."""
    paths = ["photos?limit=100", "photos?limit=100&owner=me", f"photos?limit=100&tag_ids={library.tags['sometimes']}"]
    worst = 0.0
    for path in paths:
        await service.database.reader.dispose()
        call = _call(service, library.owner, Asked("", "owner", path))
        taken = []
        for _ in range(30):
            started = time.perf_counter()
            await call()
            taken.append(time.perf_counter() - started)
        worst = max(worst, statistics.median(taken[9:]) / statistics.median(taken[:5]))
    print(f"Runs 10 to 30 ÷ runs 1 to 5 of three lists, the worst: × {worst:.2f}\n")


async def _at_once(service: MetadataService, library: Library) -> None:
    """Requests a second, one after the other and sixteen at a time."""
    call = _call(service, library.owner, Asked("", "owner", "photos?limit=100"))

    async def some(count: int) -> None:
        for _ in range(count):
            await call()

    rates: dict[int, list[float]] = {1: [], _AT_ONCE: []}
    for _ in range(5):
        for clients, rate in rates.items():
            started = time.perf_counter()
            await asyncio.gather(*(some(160 // clients) for _ in range(clients)))
            rate.append(160 / (time.perf_counter() - started))
    alone, together = (statistics.median(rate) for rate in rates.values())
    print(
        f"\nLists of 100 a second: {alone:.0f} by one client, {together:.0f} by {_AT_ONCE} at once "
        f"(× {together / alone:.2f})\n"
    )

"""Times that are told to the day or the month: whatever is asked, nothing but what is told can be found out.

The proof is that nobody notices: the true times are changed within what is told of them, and every answer to others
stays the same to the byte, cursors and tags included.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from metadata_service.photos.sort_key import wall_ms
from metadata_service.tables import Photo
from metadata_service.timeline import repository
from tests.support.metadata import MetadataService, Person
from tests.unit.metadata.test_redaction import _allow
from tests.unit.metadata.test_sharing import link_of, opened
from tests.unit.metadata.test_spaces import put, space_of

# (level, what is said of the photo alone, true time, another true time of which others are told the same)
_APRIL = ("2024-04-03T08:00:00", "2024-04-29T23:10:00.250")
_KARIS = (
    ("public", None, *_APRIL),
    ("public", None, "2024-04-28T10:00:00", "2024-04-01T00:00:00"),
    ("public", "exact", "2024-04-15T12:00:00", "2024-04-15T12:00:00"),
    ("public", "day", "2024-04-15T23:59:59.999", "2024-04-15T00:00:01"),
    ("public", None, "2024-05-31T22:00:00", "2024-05-01T05:00:00"),
    ("public", None, "1969-12-31T23:59:59.500", "1969-12-02T04:00:00"),
    ("authenticated", None, "2024-04-15T06:00:00", "2024-04-15T21:00:00"),
    ("authenticated", "month", "2024-04-16T06:00:00", "2024-04-02T21:00:00"),
    ("authenticated", None, "2024-12-31T06:00:00", "2024-12-31T23:00:00"),
    ("space", None, "2024-04-20T06:00:00", "2024-04-20T06:00:00"),
    ("space", "day", "2024-04-20T09:00:00", "2024-04-20T01:00:00"),
    ("space", "month", "2024-04-21T09:00:00", "2024-04-05T01:00:00"),
    ("private", None, "2024-04-22T09:00:00", "2024-04-11T01:00:00"),
)
_OLAS = (("public", "2024-04-10T12:00:00"), ("private", "2024-04-18T12:00:00"))
_EDGES = (
    "2024-04-01",
    "2024-04-02",
    "2024-04-15",
    "2024-04-15T06:00:01",
    "2024-04-20T02:00:00",
    "2024-05-01",
    "2025-01-01",
)


@dataclass
class World:
    """Kari's photos, in the order of `_KARIS`, and the people who look at them."""

    service: MetadataService
    kari: Person
    viewers: dict[str, Person]
    space_id: int
    photos: list[dict[str, Any]] = field(default_factory=list)
    undated: int = 0
    links: list[tuple[dict[str, Any], dict[str, str]]] = field(default_factory=list)

    async def move(self, number: int) -> None:
        """Give each photo its first or its second true time, and leave no other trace."""
        async with self.service.database.writing() as session:
            for photo, row in zip(self.photos, _KARIS, strict=True):
                taken_at = datetime.fromisoformat((row[2], row[3])[number])
                values = {"taken_at": taken_at, "sort_ts": wall_ms(taken_at), "updated_at": Photo.updated_at}
                await session.execute(update(Photo).where(Photo.id == photo["id"]).values(values))


@pytest.fixture
async def world(service: MetadataService, kari: Person, ola: Person, anyone: Person) -> World:
    siri = await service.user("siri")
    made = World(service, kari, {"ola": ola, "siri": siri, "anyone": anyone}, await space_of(kari, ola))
    await _allow(kari, "public", time="month", exif=True, filename=True)
    await _allow(kari, "authenticated", time="day")
    for seed, (level, said, taken_at, _) in enumerate(_KARIS, start=1):
        metadata = {"taken_at": taken_at}
        photo = await kari.keep(seed, title=f"Fjord {seed}", metadata=metadata, rating=4 + seed % 2)
        made.photos.append(photo)
        if level == "space":
            await put(kari, made.space_id, photo)
        else:
            await kari.patch(f"photos/{photo['id']}", json={"visibility": level})
        if said is not None:
            alone = {"place": None, "time": said, "camera": None, "filename": None, "exif": None}
            assert (await kari.put(f"photos/{photo['id']}/disclosure", json=alone)).json() == alone
    made.undated = (await kari.keep(50, visibility="public", metadata={"taken_at": None}))["id"]
    for seed, (level, taken_at) in enumerate(_OLAS, start=60):
        await ola.keep(seed, visibility=level, title="Fjord", rating=4, metadata={"taken_at": taken_at})
    await _allow(kari, "link", time="month")
    every = [photo["id"] for photo in made.photos]
    for wanted in ({"photo_ids": every}, {"criteria": {"rating_min": 4}}):
        link = await link_of(kari, **wanted)
        made.links.append((link, await opened(anyone, link)))
    return made


async def _pages(viewer: Person, path: str, **asked: Any) -> list[httpx.Response]:
    """A list from its beginning to its end, three at a time."""
    params, found = {"limit": 3, **asked}, []
    while True:
        found.append(await viewer.get(path, params=params))
        assert found[-1].status_code == 200, found[-1].text
        cursor = found[-1].json()["meta"]["next_cursor"]
        if cursor is None:
            return found
        assert len(found) < 20, "a list comes to its end"
        params = {"limit": 3, **asked, "cursor": cursor}


async def _lists(world: World, viewer: Person) -> list[httpx.Response]:
    found: list[httpx.Response] = []
    for name, order in (("taken", "desc"), ("taken", "asc"), ("rating", "desc"), ("created", "desc")):
        found += await _pages(viewer, "photos", sort_by=name, sort_order=order)
    for edge in _EDGES:
        found += await _pages(viewer, "photos", taken_after=edge)
        found.append(await viewer.get("photos", params={"taken_before": edge, "rating_min": 5, "sort_by": "rating"}))
    asked: dict[str, Any]
    for asked in ({"query": "fjord"}, {"space_id": world.space_id}, {"undated": True}):
        found += await _pages(viewer, "photos", **asked)
        found.append(await viewer.get("photos", params={**asked, "offset": 3, "limit": 3, "exact_total": True}))
    for day in ("01", "15"):
        found += await _pages(viewer, f"photos/timeline/year/2024/month/4/day/{day}/photos")
    return found + [await viewer.get(f"photos/{photo['id']}") for photo in world.photos]


async def _timelines(viewer: Person) -> list[httpx.Response]:
    queries = ("", "granularity=month", "granularity=day", "granularity=day&year=2024&month=4", "rating_min=4")
    found = [await viewer.get(f"timeline?{query}") for query in queries]
    for edge in _EDGES[1:4]:
        found.append(await viewer.get("timeline/segments", params={"taken_after": edge}))
        found.append(await viewer.get("timeline", params={"taken_before": edge, "granularity": "day"}))
    for day in ("01", "03", "15", "29"):
        found.append(await viewer.get(f"timeline?granularity=hour&year=2024&month=4&day={day}"))
        found.append(await viewer.get(f"timeline/segments?year=2024&month=4&day={day}"))
    found.append(await viewer.get("timeline/segments"))
    for first, end in (("2024-04-01", "2024-04-02"), ("2024-04-02", "2024-04-16"), ("1900-01-01", "2100-01-01")):
        at = [wall_ms(datetime.fromisoformat(moment)) for moment in (first, end)]
        found.append(await viewer.get(f"timeline/segments/{at[0]}/{at[1]}"))
    return found


async def _all_that_is_told(world: World, viewer: Person, **headers: str) -> list[str]:
    """Everything that a viewer can ask of time, as text."""
    viewer.headers.update(headers)
    found = [*await _lists(world, viewer), *await _timelines(viewer)]
    for name in headers:
        del viewer.headers[name]
    return list(map(_said, found))


def _said(answer: httpx.Response) -> str:
    return f"{answer.request.url} {answer.status_code} {answer.headers.get('etag')} {_bare(answer)}"


def _bare(answer: httpx.Response) -> str:
    """The answer without the number of its request."""
    body = answer.json()
    body.pop("request_id", None)
    return json.dumps(body)


async def _all_by_links(world: World) -> list[str]:
    anyone, found = world.viewers["anyone"], []
    for link, headers in world.links:
        anyone.headers.update(headers)
        found += await _pages(anyone, f"shared/{link['token']}/photos")
        for photo in world.photos:
            found.append(await anyone.get(f"shared/{link['token']}/photos/{photo['id']}"))
        for name in headers:
            del anyone.headers[name]
        found += await _pages(world.kari, f"share-links/{link['id']}/photos")
    return [answer.text for answer in found]


async def test_others_notice_nothing_when_a_time_changes_within_what_is_told_of_it(world: World) -> None:
    eyes = ("user:ola", f"link:{world.links[0][0]['id']}")
    seen = []
    for number in (0, 1):
        await world.move(number)
        answers = {name: await _all_that_is_told(world, viewer) for name, viewer in world.viewers.items()}
        for one in eyes:
            answers[one] = await _all_that_is_told(world, world.kari, **{"X-View-As": one})
        answers["links"] = await _all_by_links(world)
        answers["kari"] = await _all_that_is_told(world, world.kari)
        seen.append(answers)
    _notice_nothing(*seen)


async def test_nor_do_they_where_there_are_too_many_photos_to_look_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "FEW", 0)
    seen = []
    for number in (0, 1):
        await world.move(number)
        people = {**world.viewers, "kari": world.kari}
        seen.append({name: list(map(_said, await _timelines(viewer))) for name, viewer in people.items()})
    _notice_nothing(*seen)


def _notice_nothing(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    assert before.pop("kari") != after.pop("kari"), "their owner sees the difference"
    for name, told in before.items():
        different = [pair for pair in zip(told, after[name], strict=True) if pair[0] != pair[1]]
        assert different == [], name


def _told_to(photo: dict[str, Any], level: str, said: str | None, taken_at: str) -> str:
    time = said or {"public": "month", "authenticated": "day"}.get(level, "exact")
    return {"month": f"{taken_at[:7]}-01T00:00:00", "day": f"{taken_at[:10]}T00:00:00", "exact": taken_at}[time]


async def test_lists_and_timelines_are_right_by_what_is_told(world: World) -> None:
    ola = world.viewers["ola"]
    told = {
        photo["id"]: _told_to(photo, *row[:3])
        for photo, row in zip(world.photos, _KARIS, strict=True)
        if row[0] != "private"
    }
    told |= {photo["id"]: photo["taken_at"] for photo in (await ola.get("photos?owner=me")).json()["data"]}
    shown = [photo for page in await _pages(ola, "photos", undated=False) for photo in page.json()["data"]]
    assert [photo["id"] for photo in shown] == sorted(told, key=lambda one: (told[one], one), reverse=True)
    assert {photo["id"]: datetime.fromisoformat(photo["taken_at"]) for photo in shown} == {
        photo_id: datetime.fromisoformat(moment) for photo_id, moment in told.items()
    }
    by_day: dict[str, int] = {}
    for moment in told.values():
        by_day[moment[:10]] = by_day.get(moment[:10], 0) + 1
    days = (await ola.get("timeline?granularity=day")).json()
    assert {f"{d['year']}-{d['month']:02}-{d['day']:02}": d["count"] for d in days["data"]} == by_day
    assert (days["meta"]["total_photos"], days["meta"]["undated_photos"]) == (len(told), 1)
    for granularity in ("month", "year"):
        periods = (await ola.get(f"timeline?granularity={granularity}")).json()
        assert sum(period["count"] for period in periods["data"]) == len(told)
        assert {period["preview_photo_id"] for period in periods["data"]} <= told.keys()
    layout = (await ola.get("timeline/segments")).json()["data"]
    assert sum(layout["count"]) == len(told)
    segment = (await ola.get(f"timeline/segments/{layout['first'][-1]}/{layout['end'][0]}")).json()["data"]
    assert segment["id"] == [photo["id"] for photo in shown]
    assert segment["time"] == [wall_ms(datetime.fromisoformat(told[photo_id])) for photo_id in segment["id"]]


async def test_precision_offset_and_exif_say_no_more_than_the_time_does(world: World) -> None:
    by_month, _, exact, by_day, *_ = world.photos
    ola = world.viewers["ola"]
    told = [(await ola.get(f"photos/{photo['id']}")).json() for photo in (by_month, by_day, exact)]
    assert [photo["taken_at_precision"] for photo in told] == ["month", "day", "exact"]
    assert [photo["taken_at"] for photo in told] == [
        "2024-04-01T00:00:00",
        "2024-04-15T00:00:00",
        "2024-04-15T12:00:00",
    ]
    assert [photo["taken_at_offset"] for photo in told] == [None, None, "+02:00"]
    assert [photo["exif_dict"] is None for photo in told] == [True, True, False]
    own = (await world.kari.get(f"photos/{by_month['id']}")).json()
    assert (own["taken_at"], own["taken_at_precision"], own["taken_at_offset"]) == (_APRIL[0], "exact", "+02:00")
    undated = (await ola.get(f"photos/{world.undated}")).json()
    assert (undated["taken_at"], undated["taken_at_precision"]) == (None, None)


async def test_a_time_that_is_told_again_is_told_at_once(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    exact = (await ola.get(f"photos/{photo['id']}")).json()["taken_at"]
    for time, told in (("month", f"{exact[:7]}-01T00:00:00"), ("day", f"{exact[:10]}T00:00:00"), ("exact", exact)):
        await _allow(kari, "public", time=time)
        assert (await ola.get("photos")).json()["data"][0]["taken_at"] == told
        (day,) = (await ola.get("timeline?granularity=day")).json()["data"]
        assert day["date_range"] == {"first": told, "last": told}

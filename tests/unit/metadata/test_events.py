"""Events: a tree of everybody's own, without cycles, and the photos that belong to them."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from metadata_service.db.types import utc_now
from metadata_service.tables import Event
from tests.support.metadata import MetadataService, Person


async def _event(person: Person, name: str, parent: int | None = None, **more: Any) -> int:
    answer = await person.post("events/", json={"name": name, "parent_event_id": parent, **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def _journey(person: Person) -> tuple[int, int, int]:
    """London, in it the Tower, in that the jewels."""
    london = await _event(person, "London 2025")
    tower = await _event(person, "Tower", london)
    return london, tower, await _event(person, "Jewels", tower)


async def _photos(person: Person, event_id: int, **params: Any) -> list[int]:
    answer = await person.get(f"events/{event_id}/photos", params=params)
    assert answer.status_code == 200, answer.text
    return [photo["id"] for photo in answer.json()]


async def test_an_event_is_made_read_changed_and_deleted(kari: Person) -> None:
    body = {"name": "London", "description": "rain", "location_name": "UK", "gps_latitude": 51.5, "gps_longitude": -0.1}
    made = (await kari.post("events", json=body)).json()
    assert {name: made[name] for name in body} == body
    assert (made["user_id"], made["parent_event_id"], made["photo_count"]) == (kari.user["id"], None, 0)
    changed = (await kari.put(f"events/{made['id']}/", json={"description": None, "sort_order": 3})).json()
    assert (changed["name"], changed["description"], changed["sort_order"]) == ("London", None, 3)
    assert (await kari.get(f"events/{made['id']}/")).json() == changed
    gone = await kari.delete(f"events/{made['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    again = await kari.get(f"events/{made['id']}")
    assert (again.status_code, again.json()["type"]) == (404, "event-not-found")


async def test_lists_show_one_level_in_order_and_the_tree_shows_all(kari: Person, ola: Person) -> None:
    london, tower, jewels = await _journey(kari)
    oslo = await _event(kari, "oslo", sort_order=-1)
    bridge = await _event(kari, "bridge", london)
    await _event(ola, "elsewhere")
    assert [event["id"] for event in (await kari.get("events")).json()] == [oslo, london]
    below = (await kari.get("events", params={"parent_id": london})).json()
    assert [event["id"] for event in below] == [bridge, tower]
    told = (await kari.get("events/tree")).json()
    assert (told["total_events"], [event["id"] for event in told["events"]]) == (5, [oslo, london])
    assert [event["id"] for event in told["events"][1]["children"]] == [bridge, tower]
    branch = (await kari.get("events/tree", params={"root_id": tower})).json()
    assert (branch["total_events"], branch["events"][0]["children"][0]["id"]) == (2, jewels)
    for path in (f"events?parent_id={london}", f"events/tree?root_id={london}"):
        assert (await ola.get(path)).status_code == 404


async def test_a_tree_of_many_asks_no_more_than_a_tree_of_one(kari: Person, statements: list[str]) -> None:
    asked = []
    for _ in range(3):
        event, *_ = await _journey(kari)
        statements.clear()
        for path in ("events", "events/tree", f"events/{event}/photos?include_descendants=true"):
            assert (await kari.get(path)).status_code == 200
        asked.append(len(statements))
    assert len(set(asked)) == 1, asked


async def test_an_event_moves_with_all_below_it_but_never_into_itself(kari: Person, ola: Person) -> None:
    london, tower, jewels = await _journey(kari)
    for parent in (london, tower, jewels):
        answer = await kari.post(f"events/{london}/move", json={"new_parent_id": parent})
        assert (answer.status_code, answer.json()["type"]) == (409, "event-cycle")
    assert (await kari.put(f"events/{london}", json={"parent_event_id": jewels})).json()["type"] == "event-cycle"
    moved = (await kari.post(f"events/{tower}/move", json={"new_parent_id": None})).json()
    assert moved["parent_event_id"] is None
    assert (await kari.put(f"events/{london}", json={"parent_event_id": jewels})).json()["parent_event_id"] == jewels
    theirs = await _event(ola, "elsewhere")
    for body in ({"name": "x", "parent_event_id": theirs}, {"name": "x", "parent_event_id": 999_999}):
        answer = await kari.post("events", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "parent_event_id"])


async def test_two_moves_at_once_make_no_cycle(kari: Person) -> None:
    for _ in range(5):
        one, other = await _event(kari, "one"), await _event(kari, "other")
        answers = await asyncio.gather(
            kari.post(f"events/{one}/move", json={"new_parent_id": other}),
            kari.post(f"events/{other}/move", json={"new_parent_id": one}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_there_is_an_end_to_depth(kari: Person) -> None:
    deepest = None
    for level in range(32):
        deepest = await _event(kari, f"level {level}", deepest)
    answer = await kari.post("events", json={"name": "deeper", "parent_event_id": deepest})
    assert (answer.status_code, answer.json()["type"]) == (409, "events-too-deep")
    pair = await _event(kari, "pair")
    await _event(kari, "inner", pair)
    level_30 = (await kari.get(f"events/{deepest}")).json()["parent_event_id"]
    answer = await kari.post(f"events/{pair}/move", json={"new_parent_id": level_30})
    assert answer.json()["type"] == "events-too-deep", "the moved event brings a level of its own"
    assert (await kari.get("events/tree")).json()["total_events"] == 34


async def test_a_photo_belongs_to_one_event(kari: Person) -> None:
    london, tower, jewels = await _journey(kari)
    first, second, third = [(await kari.keep(seed)) for seed in (1, 2, 3)]
    # The number alone, as the page sends it; in an object; among other changes.
    told = (await kari.put(f"photos/{first['hothash']}/event", json=london)).json()
    assert (told["hothash"], told["event_id"]) == (first["hothash"], london)
    await kari.put(f"photos/{second['id']}/event/", json={"event_id": tower})
    await kari.patch(f"photos/{third['id']}", json={"event_id": jewels})
    assert await _photos(kari, london) == [first["id"]]
    everything = await _photos(kari, london, include_descendants=True)
    assert sorted(everything) == [first["id"], second["id"], third["id"]]
    assert await _photos(kari, london, include_descendants=True, skip=1, limit=1) == everything[1:2]
    assert (await kari.get(f"events/{london}")).json()["photo_count"] == 1
    found = (await kari.post("photos/search", json={"event_id": tower})).json()
    assert [photo["id"] for photo in found["data"]] == [second["id"]]
    await kari.put(f"photos/{first['hothash']}/event", json=tower)
    assert await _photos(kari, london) == []
    for empty in ({"event_id": None}, None):
        await kari.put(f"photos/{first['hothash']}/event", json=tower)
        cleared = await kari.put(f"photos/{first['hothash']}/event", json=empty)
        assert cleared.json()["event_id"] is None


async def test_only_ones_own_photos_belong_to_ones_own_events(kari: Person, ola: Person) -> None:
    event = await _event(kari, "London")
    theirs = await _event(ola, "elsewhere")
    photo = await kari.keep(1, visibility="public")
    for wanted in (theirs, 999_999):
        answer = await kari.put(f"photos/{photo['hothash']}/event", json=wanted)
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "event_id"])
        bulk = await kari.patch("photos/bulk", json={"ids": [photo["id"]], "change": {"event_id": wanted}})
        assert bulk.status_code == 422
    assert (await ola.put(f"photos/{photo['hothash']}/event", json=theirs)).status_code == 403
    await kari.put(f"photos/{photo['hothash']}/event", json=event)
    assert (await ola.get(f"photos/{photo['id']}")).json()["event_id"] is None
    assert (await ola.post("photos/search", json={"event_id": event})).json()["data"] == []


async def test_the_trash_counts_for_no_event_and_comes_back_to_it(kari: Person) -> None:
    event = await _event(kari, "London")
    photo = await kari.keep(1)
    await kari.put(f"photos/{photo['id']}/event", json=event)
    await kari.delete(f"photos/{photo['id']}")
    assert await _photos(kari, event) == []
    assert (await kari.get(f"events/{event}")).json()["photo_count"] == 0
    await kari.post(f"photos/{photo['id']}/restore")
    assert await _photos(kari, event) == [photo["id"]]


async def test_when_an_event_goes_what_is_below_moves_up_and_photos_stay(kari: Person) -> None:
    london, tower, jewels = await _journey(kari)
    photo = await kari.keep(1)
    before = (await kari.put(f"photos/{photo['id']}/event", json=tower)).json()
    assert (await kari.delete(f"events/{tower}")).status_code == 204
    assert (await kari.get(f"events/{jewels}")).json()["parent_event_id"] == london
    after = (await kari.get(f"photos/{photo['id']}")).json()
    assert after["event_id"] is None
    assert after["updated_at"] > before["updated_at"], "who keeps a copy must learn of it"


async def test_the_database_itself_keeps_trees_apart(service: MetadataService, kari: Person, ola: Person) -> None:
    event, theirs = await _event(kari, "London"), await _event(ola, "elsewhere")
    now = utc_now()
    row = {"owner_id": kari.user["id"], "name": "x", "sort_order": 0, "created_at": now, "updated_at": now}
    with pytest.raises(IntegrityError):
        async with service.database.writing() as session:
            await session.execute(insert(Event).values(**row, parent_event_id=theirs))
    with pytest.raises(IntegrityError):
        async with service.database.writing() as session:
            await session.execute(text(f"UPDATE events SET parent_event_id = id WHERE id = {event}"))


async def test_an_account_takes_its_events_along(service: MetadataService, kari: Person) -> None:
    await _journey(kari)
    async with service.database.writing() as session:
        await session.execute(text(f"DELETE FROM users WHERE id = {kari.user['id']}"))
        assert (await session.execute(text("SELECT count(*) FROM events"))).scalar() == 0


@pytest.mark.parametrize("body", [{"name": ""}, {"name": None}, {"name": "x", "gps_latitude": 91}, {"name": "a\0b"}])
async def test_what_is_no_event_is_refused(kari: Person, body: dict[str, Any]) -> None:
    assert (await kari.post("events", json=body)).status_code == 422

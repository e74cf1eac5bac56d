"""Spaces: who belongs to them, what they show to whom, and that leaving takes sight away at once, everywhere."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from metadata_service.doctor import examine
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person


async def space_of(owner: Person, *guests: Person, role: str = "viewer", name: str = "Family") -> int:
    """Make a space and let guests come by invitation."""
    space = (await owner.post("spaces", json={"name": name})).json()
    for guest in guests:
        sent = {"to": guest.user["username"], "role": role}
        assert (await owner.post(f"spaces/{space['id']}/invites", json=sent)).status_code == 201
        invite = (await guest.get("space-invites")).json()["data"][-1]
        assert (await guest.post(f"space-invites/{invite['id']}/accept")).status_code == 200
    number: int = space["id"]
    return number


async def put(owner: Person, space_id: int, *photos: dict[str, Any]) -> dict[str, Any]:
    """Put photos in."""
    answer = await owner.post(f"spaces/{space_id}/photos", json={"ids": [photo["id"] for photo in photos]})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
async def siri(service: MetadataService) -> Person:
    """A second stranger, who belongs to nothing."""
    return await service.user("siri")


async def test_a_photo_in_a_space_is_seen_by_its_members_and_by_nobody_else(
    service: MetadataService, kari: Person, ola: Person, siri: Person, anyone: Person
) -> None:
    photo = await kari.keep(1, coldpreview=jpeg(2, size=(600, 400)), title="Fjord")
    space_id = await space_of(kari, ola)
    told = await put(kari, space_id, photo)
    assert told == {"put": 1, "widened": 1, "skipped": 0}
    for person, sees in ((kari, True), (ola, True), (siri, False), (anyone, False)):
        ids = [photo["id"]] if sees else []
        assert await person.ids() == ids
        assert await person.ids(query="fjord") == ids
        assert await person.ids(visibility="space") == ids
        assert await person.ids(sort_by="rating") == ids
        assert await person.ids(sort_by="created", sort_order="asc") == ids
        assert await person.ids(rating_min=0, rating_max=0) == ids
        assert await person.ids(space_id=space_id) == ids
        for path in ("", "/hotpreview", "/coldpreview"):
            assert (await person.get(f"photos/{photo['hothash']}{path}")).status_code == (200 if sees else 404)
        for granularity in ("year", "month", "day"):
            meta = (await person.get(f"timeline?granularity={granularity}")).json()["meta"]
            assert meta["total_photos"] == len(ids)
        hours = (await person.get("timeline?granularity=hour&year=2024&month=4&day=2")).json()["data"]
        assert [hour["count"] for hour in hours] == ([1] if sees else [])
        assert (await person.get("timeline/segments")).json()["data"]["count"] == ([1] if sees else [])
        packed = (await person.get(f"photos/hotpreviews?ids={photo['id']}")).content
        assert (len(packed) > 4) is sees
    assert await examine(service.database, repair=False) == []


async def test_leaving_takes_sight_away_at_once(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1)
    space_id = await space_of(kari, ola)
    await put(kari, space_id, photo)
    assert await ola.ids() == [photo["id"]]
    assert (await ola.post(f"spaces/{space_id}/leave")).status_code == 200
    assert await ola.ids() == []
    assert (await ola.get(f"photos/{photo['id']}")).status_code == 404
    assert (await ola.get("timeline")).json()["meta"]["total_photos"] == 0
    assert (await ola.get(f"spaces/{space_id}")).status_code == 404


async def test_a_cursor_from_before_leaving_leads_to_nothing(kari: Person, ola: Person) -> None:
    space_id = await space_of(kari, ola)
    photos = [await kari.keep(seed) for seed in (1, 2, 3)]
    await put(kari, space_id, *photos)
    asked: list[dict[str, Any]] = [{}, {"space_id": space_id}, {"sort_by": "rating"}, {"query": "canon"}]
    cursors = []
    for params in asked:
        page = (await ola.get("photos", params={**params, "limit": 1})).json()
        assert len(page["data"]) == 1
        cursors.append(page["meta"]["next_cursor"])
    assert (await ola.post(f"spaces/{space_id}/leave")).status_code == 200
    for params, cursor in zip(asked, cursors, strict=True):
        page = (await ola.get("photos", params={**params, "limit": 1, "cursor": cursor})).json()
        assert (page["data"], page["meta"]["next_cursor"]) == ([], None), params


async def test_who_is_removed_takes_along_what_they_put_in(kari: Person, ola: Person, service: MetadataService) -> None:
    space_id = await space_of(kari, ola, role="editor")
    theirs = await ola.keep(1)
    await put(ola, space_id, theirs)
    assert await kari.ids() == [theirs["id"]]
    assert (await kari.delete(f"spaces/{space_id}/members/{ola.user['id']}")).status_code == 200
    assert await kari.ids() == []
    assert (await ola.get(f"photos/{theirs['id']}")).json()["visibility"] == "space"
    assert await examine(service.database, repair=False) == []


async def test_a_photo_in_several_spaces_counts_once(
    kari: Person, ola: Person, siri: Person, service: MetadataService
) -> None:
    both, one = await kari.keep(1), await kari.keep(2)
    first, second = await space_of(kari, ola), await space_of(kari, ola, siri, name="Friends")
    await put(kari, first, both, one)
    await put(kari, second, both)
    for person, ids in ((ola, [one["id"], both["id"]]), (siri, [both["id"]])):
        assert await person.ids() == ids
        for granularity in ("year", "month", "day"):
            assert (await person.get(f"timeline?granularity={granularity}")).json()["meta"]["total_photos"] == len(ids)
        assert (await person.get("photos?offset=0")).json()["meta"]["total"] == len(ids)
    assert await examine(service.database, repair=False) == []
    await kari.request("DELETE", f"spaces/{first}/photos", json={"ids": [both["id"]]})
    assert await ola.ids() == [one["id"], both["id"]]
    assert (await kari.delete(f"spaces/{second}")).status_code == 200
    assert await ola.ids() == [one["id"]]
    assert await siri.ids() == []
    assert await examine(service.database, repair=False) == []


async def test_the_level_rules_over_the_space(kari: Person, ola: Person, service: MetadataService) -> None:
    photo = await kari.keep(1)
    space_id = await space_of(kari, ola)
    await put(kari, space_id, photo)
    for level, sees in (("private", False), ("authenticated", True), ("space", True), ("public", True)):
        await kari.patch(f"photos/{photo['id']}", json={"visibility": level})
        assert await ola.ids() == ([photo["id"]] if sees else []), level
        assert (await ola.get("timeline")).json()["meta"]["total_photos"] == sees, level
        assert await examine(service.database, repair=False) == []
    await kari.patch(f"photos/{photo['id']}", json={"visibility": "space"})
    await kari.delete(f"photos/{photo['id']}")
    assert await ola.ids() == []
    await kari.post(f"photos/{photo['id']}/restore", json={})
    assert await ola.ids() == [photo["id"]]
    await kari.delete(f"photos/{photo['id']}?purge=true")
    assert await ola.ids() == []
    assert await examine(service.database, repair=False) == []


async def test_putting_a_private_photo_shows_it_in_that_space_alone(kari: Person, ola: Person, siri: Person) -> None:
    photo = await kari.keep(1)
    first, second = await space_of(kari, ola), await space_of(kari, siri, name="Friends")
    await put(kari, first, photo)
    await kari.patch(f"photos/{photo['id']}", json={"visibility": "private"})
    assert (await put(kari, second, photo))["widened"] == 1
    assert (await ola.ids(), await siri.ids()) == ([], [photo["id"]])


async def test_only_editors_put_photos_in_and_only_their_own(kari: Person, ola: Person) -> None:
    space_id = await space_of(kari, ola)
    mine, theirs = await kari.keep(1), await ola.keep(2)
    refused = await ola.post(f"spaces/{space_id}/photos", json={"ids": [theirs["id"]]})
    assert (refused.status_code, refused.json()["type"]) == (403, "not-allowed-in-space")
    assert (await kari.patch(f"spaces/{space_id}/members/{ola.user['id']}", json={"role": "editor"})).status_code == 200
    assert await put(ola, space_id, theirs, mine) == {"put": 1, "widened": 1, "skipped": 1}

    not_theirs = await ola.request("DELETE", f"spaces/{space_id}/photos", json={"ids": [mine["id"]]})
    assert not_theirs.json() == {"taken": 0, "skipped": 1}
    as_owner = await kari.request("DELETE", f"spaces/{space_id}/photos", json={"hothashes": [theirs["hothash"]]})
    assert as_owner.json() == {"taken": 1, "skipped": 0}


async def test_what_only_owners_may_do_is_refused_to_members_and_unknown_to_strangers(
    kari: Person, ola: Person, siri: Person
) -> None:
    space_id = await space_of(kari, ola, role="editor")
    asked: list[tuple[str, str, Any]] = [
        ("PATCH", f"spaces/{space_id}", {"name": "x"}),
        ("DELETE", f"spaces/{space_id}", None),
        ("GET", f"spaces/{space_id}/invites", None),
        ("POST", f"spaces/{space_id}/invites", {"to": "siri"}),
        ("PATCH", f"spaces/{space_id}/members/{kari.user['id']}", {"role": "viewer"}),
        ("DELETE", f"spaces/{space_id}/members/{kari.user['id']}", None),
    ]
    for method, path, body in asked:
        assert (await ola.request(method, path, json=body)).status_code == 403, path
        assert (await siri.request(method, path, json=body)).status_code == 404, path


async def test_a_space_always_has_its_owner(kari: Person, ola: Person) -> None:
    space_id = await space_of(kari, ola)
    assert (await kari.post(f"spaces/{space_id}/leave")).json()["type"] == "space-owner-stays"
    await kari.patch(f"spaces/{space_id}/members/{ola.user['id']}", json={"role": "owner"})
    assert (await ola.get(f"spaces/{space_id}")).json()["role"] == "owner"
    assert (await kari.get(f"spaces/{space_id}")).json()["role"] == "editor"
    assert (await kari.post(f"spaces/{space_id}/leave")).status_code == 200


async def test_a_link_lets_as_many_in_as_it_says(kari: Person, ola: Person, siri: Person) -> None:
    space_id = await space_of(kari)
    made = (await kari.post(f"spaces/{space_id}/invites", json={"uses": 1})).json()
    assert (await ola.post("space-invites/accept", json={"token": made["token"]})).status_code == 200
    assert (await siri.post("space-invites/accept", json={"token": made["token"]})).status_code == 404
    assert (await kari.get(f"spaces/{space_id}/invites")).json()["data"] == []
    names = [member["username"] for member in (await kari.get(f"spaces/{space_id}/members")).json()["data"]]
    assert names == ["kari", "ola"]


async def test_an_invitation_does_not_tell_whether_somebody_has_the_name(kari: Person, ola: Person) -> None:
    space_id = await space_of(kari)
    real, fake = [
        (await kari.post(f"spaces/{space_id}/invites", json={"to": name})).json() for name in ("ola", "nobody")
    ]
    changing = ("id", "to", "created_at", "expires_at")
    assert {k: v for k, v in real.items() if k not in changing} == {k: v for k, v in fake.items() if k not in changing}
    invite = (await ola.get("space-invites")).json()["data"][0]
    assert (await ola.post(f"space-invites/{invite['id']}/decline")).status_code == 200
    assert (await ola.post(f"space-invites/{invite['id']}/accept")).status_code == 404
    withdrawn = await kari.delete(f"spaces/{space_id}/invites/{fake['id']}")
    assert withdrawn.status_code == 200


async def test_the_doctor_mends_what_spaces_show(kari: Person, ola: Person, service: MetadataService) -> None:
    space_id = await space_of(kari, ola)
    await put(kari, space_id, await kari.keep(1), await kari.keep(2))
    async with service.database.writing() as session:
        await session.execute(text("UPDATE photo_spaces SET day = day + 1, sort_ts = 0, is_only = false"))
        await session.execute(text("UPDATE space_days SET photos = 9"))
    assert await examine(service.database, repair=True) != []
    assert await examine(service.database, repair=False) == []


async def test_a_space_whose_owner_is_gone_leaves_no_word_of_the_photos_that_it_held(
    kari: Person, ola: Person, siri: Person, service: MetadataService
) -> None:
    space_id = await space_of(kari, ola, siri, role="editor")
    theirs = await ola.keep(1, title="Fjord")
    await put(ola, space_id, theirs)
    await put(kari, space_id, await kari.keep(2, title="Fjord"))
    assert len(await siri.ids(query="fjord")) == 2
    assert (await kari.delete("users/me")).status_code == 200
    assert await siri.ids(query="fjord") == await siri.ids() == []
    assert await ola.ids(query="fjord") == [theirs["id"]]
    assert await examine(service.database, repair=False) == []


async def test_owners_whose_photos_lie_in_each_others_spaces_may_go_at_once(
    kari: Person, ola: Person, siri: Person, service: MetadataService
) -> None:
    people = (kari, ola, siri)
    for owner in people:
        space_id = await space_of(owner, *(guest for guest in people if guest is not owner), role="editor")
        for seed, person in enumerate(people, start=1):
            await put(person, space_id, await person.keep(seed))
    answers = await asyncio.gather(*(person.delete("users/me") for person in people))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await examine(service.database, repair=False) == []

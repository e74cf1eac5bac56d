"""Changes: of one photo as one knows it, of many photos at once, all or none."""

import asyncio
from typing import Any

import pytest

from tests.support.metadata import MetadataService, Person


async def test_a_change_is_made_only_to_the_state_that_its_maker_knows(kari: Person) -> None:
    photo = await kari.keep(1, rating=1)
    path = f"photos/{photo['id']}"
    tag = (await kari.get(path)).headers["etag"]
    changed = await kari.patch(path, json={"rating": 2}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["rating"]) == (200, 2)
    late = await kari.put(path, json={"rating": 3}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["type"]) == (412, "photo-changed")
    for seen in ("{}", '"other", {}', "*"):
        changed = await kari.patch(path, json={"rating": 4}, headers={"If-Match": seen.format(changed.headers["etag"])})
        assert changed.status_code == 200
    weak = await kari.patch(path, json={"rating": 5}, headers={"If-Match": f"W/{changed.headers['etag']}"})
    assert weak.status_code == 412, "If-Match compares strongly"
    assert (await kari.get(path)).headers["etag"] == changed.headers["etag"]


async def test_of_many_who_change_the_same_state_one_wins(kari: Person) -> None:
    photo = await kari.keep(1)
    path = f"photos/{photo['id']}"
    tag = (await kari.get(path)).headers["etag"]
    answers = await asyncio.gather(
        *(kari.patch(path, json={"rating": rating}, headers={"If-Match": tag}) for rating in (1, 2, 3, 4, 5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    (winner,) = [answer.json()["rating"] for answer in answers if answer.status_code == 200]
    assert (await kari.get(path)).json()["rating"] == winner


async def test_older_clients_set_what_they_know(kari: Person) -> None:
    photo = await kari.keep(1)
    body = {"rating": 3, "category": "family", "author_id": None, "event_id": None, "visibility": "public"}
    answer = await kari.put(f"photos/{photo['hothash']}", json=body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["category"], answer.json()["visibility"]) == ("family", "public")


async def test_an_author_must_be_ones_own(kari: Person) -> None:
    photo = await kari.keep(1)
    for answer in (
        await kari.patch(f"photos/{photo['id']}", json={"author_id": 77}),
        await kari.patch("photos/bulk", json={"ids": [photo["id"]], "change": {"author_id": 77}}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
        assert answer.json()["errors"][0]["loc"][-1] == "author_id"


async def test_many_photos_are_changed_at_once_and_only_ones_own(kari: Person, ola: Person) -> None:
    mine = [await kari.keep(seed) for seed in range(1, 5)]
    theirs = await ola.keep(9, visibility="public")
    body: dict[str, Any] = {
        "ids": [mine[0]["id"], mine[0]["id"], mine[1]["id"], theirs["id"], 10**9],
        "hothashes": [mine[2]["hothash"], "f" * 64],
        "change": {"rating": 5, "title": "Bryllup", "visibility": "authenticated"},
    }
    answer = await kari.patch("photos/bulk", json=body)
    assert answer.json() == {"changed": 3, "skipped": 3}
    ratings = {photo["id"]: photo["rating"] for photo in (await kari.get("photos")).json()["data"]}
    assert [ratings[photo["id"]] for photo in mine] == [5, 5, 5, 0]
    assert (await ola.get(f"photos/{theirs['id']}")).json()["rating"] == 0
    assert set(await ola.ids()) == {*(photo["id"] for photo in mine[:3]), theirs["id"]}
    assert (await ola.post("photos/search", json={"query": "bryllup"})).json()["meta"]["total"] == 3
    assert (await ola.get("timeline")).json()["meta"]["total_photos"] == 4


async def test_a_bulk_change_moves_the_state_of_each_photo(kari: Person) -> None:
    photo = await kari.keep(1)
    tag = (await kari.get(f"photos/{photo['id']}")).headers["etag"]
    await kari.patch("photos/bulk", json={"ids": [photo["id"]], "change": {"rating": 1}})
    assert (await kari.get(f"photos/{photo['id']}")).headers["etag"] != tag


async def test_many_photos_are_deleted_at_once_to_the_trash_or_for_good(kari: Person, ola: Person) -> None:
    ids = [(await kari.keep(seed))["id"] for seed in range(1, 6)]
    theirs = await ola.keep(9, visibility="public")
    thrown = await kari.post("photos/bulk/delete", json={"ids": [*ids[:2], theirs["id"]]})
    assert thrown.json() == {"deleted": 2, "skipped": 1}
    assert (await kari.get("photos/trash")).json()["meta"]["total"] == 2
    purged = await kari.post("photos/bulk/delete", json={"ids": ids[1:4], "purge": True})
    assert purged.json() == {"deleted": 3, "skipped": 0}
    assert (await kari.get("photos/trash")).json()["meta"]["total"] == 1
    assert await kari.ids(owner="me") == [ids[4]]
    assert (await ola.get(f"photos/{theirs['id']}")).status_code == 200


async def test_bulk_writers_of_the_same_photos_wait_for_each_other(kari: Person) -> None:
    ids = [(await kari.keep(seed))["id"] for seed in range(1, 13)]
    bodies = [
        {"ids": ids[::step], "change": {"visibility": level}}
        for step in (1, -1)
        for level in ("public", "private", "authenticated")
    ]
    answers = await asyncio.gather(*(kari.patch("photos/bulk", json=body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({photo["visibility"] for photo in (await kari.get("photos")).json()["data"]}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"change": {"rating": 1}},
        {"ids": [1]},
        {"ids": [2**63], "change": {}},
        {"ids": [1], "change": {"rating": 9}},
        {"ids": [1], "change": {"colour": "blue"}},
        {"ids": [1] * 10_001, "change": {}},
        {"hothashes": ["xyz"], "change": {}},
    ],
)
async def test_a_bulk_change_that_cannot_be_is_refused(service: MetadataService, kari: Person, body: Any) -> None:
    answer = await kari.patch("photos/bulk", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_a_bulk_change_tells_what_was_there_and_that_is_the_way_back(kari: Person, ola: Person) -> None:
    ids = [(await kari.keep(seed, rating=seed % 2))["id"] for seed in range(1, 5)]
    await kari.patch(f"photos/{ids[0]}", json={"visibility": "public"})
    theirs = await ola.keep(9)
    body = {"ids": [*ids, theirs["id"]], "change": {"rating": 5, "visibility": "authenticated"}, "tell_before": True}
    answer = (await kari.patch("photos/bulk", json=body)).json()

    assert (answer["changed"], answer["skipped"]) == (4, 1)
    had = {tuple(sorted(group["ids"])): group["change"] for group in answer["before"]}
    assert had == {
        (ids[0],): {"rating": 1, "visibility": "public"},
        (ids[2],): {"rating": 1, "visibility": "private"},
        (ids[1], ids[3]): {"rating": 0, "visibility": "private"},
    }
    for group in answer["before"]:
        assert (await kari.patch("photos/bulk", json=group)).json() == {"changed": len(group["ids"]), "skipped": 0}
    now = {photo["id"]: photo for photo in (await kari.get("photos")).json()["data"]}
    assert [now[photo]["rating"] for photo in ids] == [1, 0, 1, 0]
    assert [now[photo]["visibility"] for photo in ids] == ["public", "private", "private", "private"]


async def test_many_photos_come_back_from_the_trash_at_once(kari: Person, ola: Person) -> None:
    ids = [(await kari.keep(seed))["id"] for seed in range(1, 5)]
    theirs = await ola.keep(9)
    await kari.post("photos/bulk/delete", json={"ids": ids[:3]})
    await ola.post("photos/bulk/delete", json={"ids": [theirs["id"]]})

    answer = await kari.post("photos/bulk/restore", json={"ids": [*ids[1:], theirs["id"]]})
    assert answer.json() == {"restored": 2, "skipped": 2}
    assert set(await kari.ids()) == set(ids[1:])
    assert (await ola.ids()) == []
    assert (await kari.get("timeline")).json()["meta"]["total_photos"] == 3


async def test_tags_tell_who_had_them_before(kari: Person) -> None:
    ids = [(await kari.keep(seed))["id"] for seed in range(1, 4)]
    await kari.post("tags/bulk", json={"photo_ids": ids[:1], "add": ["Sommer"]})
    body = {"photo_ids": ids, "add": ["sommer", "hytte"], "tell_before": True}
    answer = await kari.post("tags/bulk", json=body)
    assert answer.json() == {"photos": 3, "added": 5, "removed": 0, "had": {"sommer": ids[:1], "hytte": []}}

"""Before photos are shared, their owner is told who would see them."""

from typing import Any

from tests.support.metadata import Person
from tests.unit.metadata.test_spaces import put, space_of


async def _preview(person: Person, **wanted: Any) -> dict[str, Any]:
    answer = await person.post("photos/bulk/sharing-preview", json=wanted)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_each_level_says_who_would_newly_see_how_many(kari: Person, ola: Person) -> None:
    levels = ("private", "private", "authenticated", "public")
    ids = [(await kari.keep(seed, visibility=level))["id"] for seed, level in enumerate(levels, start=1)]
    theirs = (await ola.keep(9))["id"]
    told = await _preview(kari, ids=[*ids, theirs], visibility="public")
    assert told == {
        "photos": 4,
        "skipped": 1,
        "narrowed": 0,
        "newly_seen_by": [
            {"who": "signed_in", "photos": 2, "space_id": None, "space_name": None, "people": None},
            {"who": "anyone", "photos": 3, "space_id": None, "space_name": None, "people": None},
        ],
    }
    told = await _preview(kari, ids=ids, visibility="authenticated")
    assert ([who["photos"] for who in told["newly_seen_by"]], told["narrowed"]) == ([2], 1)
    told = await _preview(kari, ids=ids, visibility="private")
    assert (told["newly_seen_by"], told["narrowed"]) == ([], 2)
    assert [(await kari.get(f"photos/{photo}")).json()["visibility"] for photo in ids] == list(levels)


async def test_what_a_preview_says_of_a_space_comes_true(kari: Person, ola: Person) -> None:
    photos = [await kari.keep(seed) for seed in (1, 2, 3)]
    ids = [photo["id"] for photo in photos]
    space_id = await space_of(kari, ola)
    await put(kari, space_id, photos[0])
    (told,) = (await _preview(kari, ids=ids, space_id=space_id))["newly_seen_by"]
    assert (told["space_name"], told["people"], told["photos"]) == ("Family", 1, 2)
    before = await ola.ids()
    await put(kari, space_id, *photos)
    assert len(await ola.ids()) - len(before) == told["photos"]
    hidden = {"ids": ids[:2], "change": {"visibility": "private"}}
    assert (await kari.patch("photos/bulk", json=hidden)).json()["changed"] == 2
    (told,) = (await _preview(kari, hothashes=[photo["hothash"] for photo in photos], visibility="space"))[
        "newly_seen_by"
    ]
    assert (told["space_id"], told["photos"]) == (space_id, 2), "they lie in it already"
    before = await ola.ids()
    await kari.patch("photos/bulk", json={"ids": ids, "change": {"visibility": "space"}})
    assert len(await ola.ids()) - len(before) == told["photos"]


async def test_a_space_that_one_does_not_belong_to_tells_nothing(kari: Person, ola: Person) -> None:
    photo = await ola.keep(1)
    space_id = await space_of(kari)
    assert (await _preview(ola, ids=[photo["id"]], space_id=space_id))["newly_seen_by"] == []

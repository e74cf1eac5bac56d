"""Collections: photos and text cards in an order that survives moves, the trash, and two hands at once."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from metadata_service.collections.lineup import Slot, moved, with_hidden
from metadata_service.tables import CollectionItem
from tests.support.metadata import MetadataService, Person

CARD = {"type": "text", "text_card": {"title": "Day 1", "body": "We came by boat."}}


async def _hashes(person: Person, count: int, first: int = 1) -> list[str]:
    return [(await person.keep(seed))["hothash"] for seed in range(first, first + count)]


async def _collection(person: Person, hothashes: list[str] | None = None, name: str = "Album") -> str:
    answer = await person.post("collections/", json={"name": name, "hothashes": hothashes or []})
    assert answer.status_code == 201, answer.text
    return f"collections/{answer.json()['id']}"


async def _told(person: Person, at: str) -> dict[str, Any]:
    answer = await person.get(at)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def _items(person: Person, at: str) -> list[str]:
    """Photos by hothash, cards by title."""
    return [
        item["photo_hothash"] if item["type"] == "photo" else item["text_card"]["title"]
        for item in (await _told(person, at))["items"]
    ]


def _photo(hothash: str, **more: Any) -> dict[str, Any]:
    return {"type": "photo", "photo_hothash": hothash, **more}


def _card(title: str) -> dict[str, Any]:
    return {"type": "text", "text_card": {"title": title, "body": ""}}


async def test_a_collection_is_made_read_changed_and_deleted(kari: Person) -> None:
    first, second = await _hashes(kari, 2)
    at = await _collection(kari, [second, first])
    told = await _told(kari, at)
    assert (told["user_id"], told["name"], told["description"]) == (kari.user["id"], "Album", None)
    assert (told["hothashes"], told["cover_photo_hothash"]) == ([second, first], second)
    assert (told["item_count"], told["photo_count"], told["text_card_count"]) == (2, 2, 0)
    assert told["items"][0]["photo"]["hothash"] == second
    for method in ("PATCH", "PUT"):
        changed = (await kari.request(method, f"{at}/", json={"description": method})).json()
        assert (changed["name"], changed["description"], changed["hothashes"]) == ("Album", method, [second, first])
    gone = await kari.delete(at)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await kari.get(at)).json()["type"] == "collection-not-found"
    assert (await kari.get(f"photos/{first}")).status_code == 200


async def test_the_list_is_paged_and_ones_own(kari: Person, ola: Person) -> None:
    (photo,) = await _hashes(kari, 1)
    for name in ("one", "two", "three"):
        await _collection(kari, [photo], name)
    await _collection(ola, name="not yours")
    told = (await kari.get("collections/")).json()
    assert ([one["name"] for one in told["collections"]], told["total"]) == (["three", "two", "one"], 3)
    assert told["collections"][0]["hothashes"] == [photo]
    told = (await kari.get("collections", params={"skip": 1, "limit": 1})).json()
    assert ([one["name"] for one in told["collections"]], told["total"]) == (["two"], 3)


async def test_a_list_of_many_asks_no_more_than_a_list_of_one(kari: Person, statements: list[str]) -> None:
    hashes = await _hashes(kari, 2)
    asked = []
    for _ in range(3):
        at = await _collection(kari, hashes)
        statements.clear()
        for path in ("collections", at, f"{at}/photos"):
            assert (await kari.get(path)).status_code == 200
        asked.append(len(statements))
    assert len(set(asked)) == 1, asked


async def test_photos_are_added_once_taken_out_and_put_in_order(kari: Person) -> None:
    first, second, third = await _hashes(kari, 3)
    at = await _collection(kari, [first])
    told = (await kari.post(f"{at}/photos", json={"hothashes": [third, first, second, third]})).json()
    wanted = {"photo_count": 3, "affected_count": 2, "skipped_count": 2, "cover_photo_hothash": first}
    assert {name: told[name] for name in wanted} == wanted
    assert await _items(kari, at) == [first, third, second]
    told = (await kari.put(f"{at}/photos/reorder", json={"hothashes": [second, first]})).json()
    assert (told["affected_count"], told["cover_photo_hothash"]) == (2, second)
    assert await _items(kari, at) == [second, first, third]
    photos = (await kari.get(f"{at}/photos", params={"skip": 1, "limit": 1})).json()
    assert [photo["hothash"] for photo in photos] == [first]
    body = {"hothashes": [second, "0" * 64]}
    told = (await kari.request("DELETE", f"{at}/photos/", json=body)).json()
    wanted = {"photo_count": 2, "affected_count": 1, "skipped_count": 1, "cover_photo_hothash": first}
    assert {name: told[name] for name in wanted} == wanted
    assert await _items(kari, at) == [first, third]


async def test_only_ones_own_photos_can_be_put_in(kari: Person, ola: Person) -> None:
    (theirs,) = [(await ola.keep(1, visibility="public"))["hothash"]]
    at = await _collection(kari, [theirs])
    told = (await kari.post(f"{at}/items", json={"items": [_photo(theirs), _photo("0" * 64), CARD]})).json()
    assert (told["item_count"], told["photo_count"], told["affected_count"], told["skipped_count"]) == (1, 0, 1, 2)
    told = (await kari.put(f"{at}/items/reorder", json={"items": [_photo(theirs)]})).json()
    assert (told["item_count"], told["skipped_count"]) == (0, 1)


async def test_photos_keep_off_the_places_of_cards_when_they_change_order(kari: Person) -> None:
    first, second, third = await _hashes(kari, 3)
    at = await _collection(kari)
    await kari.post(f"{at}/items", json={"items": [_card("a"), _photo(first), _card("b"), _photo(second)]})
    await kari.post(f"{at}/photos", json={"hothashes": [third]})
    await kari.put(f"{at}/photos/reorder", json={"hothashes": [third, second, first]})
    assert await _items(kari, at) == ["a", third, "b", second, first]


async def test_items_are_inserted_and_moved(kari: Person) -> None:
    first, second = await _hashes(kari, 2)
    at = await _collection(kari, [first, second])
    told = (await kari.post(f"{at}/items/insert", json={"position": 1, "items": [_card("a"), _card("b")]})).json()
    assert (told["item_count"], told["photo_count"], told["affected_count"]) == (4, 2, 2)
    assert await _items(kari, at) == [first, "a", "b", second]
    await kari.post(f"{at}/items/insert", json={"position": 99, "items": [_card("end")]})
    moves = [
        ((1, 2, 3), [first, second, "end", "a", "b"]),
        ((3, 2, 0), ["a", "b", first, second, "end"]),
        ((0, 1, 1), ["b", "a", first, second, "end"]),
    ]
    for (start, count, to), order in moves:
        body = {"from_position": start, "count": count, "to_position": to}
        assert (await kari.post(f"{at}/items/move", json=body)).json()["affected_count"] == count
        assert await _items(kari, at) == order
    for start, count, to in ((5, 1, 0), (0, 6, 0), (0, 2, 4)):
        body = {"from_position": start, "count": count, "to_position": to}
        answer = await kari.post(f"{at}/items/move", json=body)
        assert (answer.status_code, answer.json()["type"]) == (409, "no-such-item")


async def test_all_items_may_be_given_anew_as_they_were_read(kari: Person) -> None:
    first, second, third = await _hashes(kari, 3)
    at = await _collection(kari, [first, second])
    await kari.patch(f"{at}/items/0/caption", json={"caption": "the fjord"})
    await kari.post(f"{at}/items", json={"items": [CARD]})
    items = (await _told(kari, at))["items"]
    told = (await kari.put(f"{at}/items/reorder", json={"items": [*reversed(items), _photo(third)]})).json()
    assert (told["item_count"], told["photo_count"], told["affected_count"]) == (4, 3, 4)
    after = (await _told(kari, at))["items"]
    assert after[:3] == list(reversed(items))
    # A client that knows photos only takes no captions away, and puts out what it does not name.
    await kari.put(f"{at}/items/reorder", json={"items": [_photo(third), _photo(first, visible=False)]})
    after = (await _told(kari, at))["items"]
    assert [(item["photo_hothash"], item["caption"], item["visible"]) for item in after] == [
        (third, None, True),
        (first, "the fjord", False),
    ]


async def test_nothing_may_be_given_too(kari: Person) -> None:
    at = await _collection(kari, await _hashes(kari, 1))
    for left in (1, 0):
        assert (await kari.put(f"{at}/photos/reorder", json={"hothashes": []})).json()["item_count"] == left
        assert (await kari.put(f"{at}/items/reorder", json={"items": []})).json()["item_count"] == 0
    assert (await kari.post(f"{at}/items/insert", json={"position": 0, "items": []})).json()["item_count"] == 0


async def test_captions_cards_and_visibility_are_changed_in_place(kari: Person) -> None:
    (photo,) = await _hashes(kari, 1)
    at = await _collection(kari, [photo])
    await kari.post(f"{at}/items", json={"items": [CARD | {"visible": False}]})
    for path, body in (
        ("0/caption", {"caption": "Æ"}),
        ("0/visibility", {"visible": False}),
        ("1", {"title": "Day 2"}),
        ("1/visibility/", {"visible": True}),
    ):
        assert (await kari.patch(f"{at}/items/{path}", json=body)).json()["affected_count"] == 1
    shown, card = (await _told(kari, at))["items"]
    assert (shown["caption"], shown["visible"]) == ("Æ", False)
    assert card == {"type": "text", "visible": True, "text_card": {"title": "Day 2", "body": "We came by boat."}}
    for path, body in (("0", {"title": "x"}), ("1/caption", {"caption": "x"}), ("2/visibility", {"visible": True})):
        answer = await kari.patch(f"{at}/items/{path}", json=body)
        assert (answer.status_code, answer.json()["type"]) == (409, "no-such-item")


async def test_items_are_taken_out_by_position(kari: Person) -> None:
    at = await _collection(kari)
    await kari.post(f"{at}/items", json={"items": [_card(name) for name in "abcd"]})
    assert (await kari.delete(f"{at}/items/1/")).json()["item_count"] == 3
    assert (await kari.request("DELETE", f"{at}/items", json={"positions": [0, 9]})).status_code == 409
    assert await _items(kari, at) == ["a", "c", "d"]
    assert (await kari.request("DELETE", f"{at}/items", json={"positions": [0, 2]})).json()["affected_count"] == 2
    assert await _items(kari, at) == ["c"]


async def test_a_photo_in_the_trash_keeps_its_place_and_shows_nowhere(kari: Person) -> None:
    first, second, third = await _hashes(kari, 3)
    at = await _collection(kari, [first, second, third])
    await kari.delete(f"photos/{second}")
    told = await _told(kari, at)
    assert (told["hothashes"], told["photo_count"]) == ([first, third], 2)
    assert [photo["hothash"] for photo in (await kari.get(f"{at}/photos")).json()] == [first, third]
    # Positions are those of what is shown; what is not shown stays behind the item that it was behind.
    await kari.post(f"{at}/items/move", json={"from_position": 1, "to_position": 0})
    await kari.post(f"{at}/items/insert", json={"position": 1, "items": [_card("a")]})
    (trashed,) = (await kari.get("photos/trash")).json()["data"]
    assert (await kari.post(f"photos/{trashed['id']}/restore")).status_code == 200
    assert await _items(kari, at) == [third, "a", first, second]


async def test_cleaning_up_gives_up_the_places_of_the_trash(kari: Person) -> None:
    first, second = await _hashes(kari, 2)
    at = await _collection(kari, [first, second])
    photo = (await kari.get(f"photos/{first}")).json()
    await kari.delete(f"photos/{first}")
    told = (await kari.post(f"{at}/cleanup")).json()
    assert (told["removed_count"], told["photo_count"]) == (1, 1)
    await kari.post(f"photos/{photo['id']}/restore")
    assert await _items(kari, at) == [second]
    assert (await kari.post(f"{at}/cleanup")).json()["removed_count"] == 0


async def test_a_photo_that_is_gone_for_good_leaves_a_collection_that_works(kari: Person) -> None:
    first, second, third = await _hashes(kari, 3)
    at = await _collection(kari, [first, second, third])
    await kari.delete(f"photos/{second}", params={"purge": True})
    assert await _items(kari, at) == [first, third]
    await kari.post(f"{at}/items", json={"items": [CARD]})
    await kari.post(f"{at}/items/move", json={"from_position": 2, "to_position": 0})
    assert await _items(kari, at) == ["Day 1", first, third]


async def test_two_hands_at_once_lose_nothing(kari: Person) -> None:
    hashes = await _hashes(kari, 6)
    at = await _collection(kari, hashes[:2])
    move = {"from_position": 0, "to_position": 1}
    answers = await asyncio.gather(
        *(kari.post(f"{at}/photos", json={"hothashes": [one, hashes[2]]}) for one in hashes[2:]),
        *(kari.post(f"{at}/items/insert", json={"position": 1, "items": [_card(name)]}) for name in "abc"),
        *(kari.post(f"{at}/items/move", json=move) for _ in range(4)),
    )
    assert {answer.status_code for answer in answers} == {200}
    items = await _items(kari, at)
    assert sorted(items) == sorted([*hashes, *"abc"])


async def test_there_is_an_end_to_a_collection(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metadata_service.collections.items.MAX_ITEMS", 2)
    at = await _collection(kari)
    answer = await kari.post(f"{at}/items", json={"items": [CARD] * 3})
    assert (answer.status_code, answer.json()["type"]) == (409, "collection-full")
    assert await _items(kari, at) == []


async def test_the_database_itself_keeps_places_apart(service: MetadataService, kari: Person) -> None:
    (photo,) = await _hashes(kari, 1)
    at = await _collection(kari, [photo])
    row = {"collection_id": int(at.rpartition("/")[2]), "position": 7, "card_title": "x", "card_body": "", "visible": 1}
    photo_id = (await kari.get(f"photos/{photo}")).json()["id"]
    card = {"card_title": None, "card_body": None}
    wrong = [{"position": 0}, {"photo_id": photo_id}, card, card | {"photo_id": photo_id}, {"card_body": None}]
    for change in wrong:
        with pytest.raises(IntegrityError):
            async with service.database.writing() as session:
                await session.execute(insert(CollectionItem).values(row | {"visible": True} | change))


async def test_an_account_takes_its_collections_along(service: MetadataService, kari: Person) -> None:
    await _collection(kari, await _hashes(kari, 1))
    async with service.database.writing() as session:
        await session.execute(text(f"DELETE FROM users WHERE id = {kari.user['id']}"))
        for table in ("collections", "collection_items"):
            assert (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"name": ""}),
        ("1/photos", {"hothashes": ["x"]}),
        ("1/items", {"items": [{"type": "film"}]}),
        ("1/items", {"items": [{"type": "text", "text_card": {"title": "a\0", "body": ""}}]}),
        ("1/items/move", {"from_position": -1, "to_position": 0}),
    ],
)
async def test_what_cannot_be_meant_is_refused(kari: Person, path: str, body: dict[str, Any]) -> None:
    assert (await kari.post(f"collections/{path}", json=body)).status_code == 422


def _slots(shown: list[bool]) -> list[Slot]:
    return [Slot(number, number, None, None, None, True, is_shown) for number, is_shown in enumerate(shown)]


@given(st.lists(st.booleans(), max_size=12), st.data())
def test_whatever_is_moved_nothing_hidden_is_lost_or_leaves_its_neighbour(
    shown: list[bool], data: st.DataObject
) -> None:
    slots = _slots(shown)
    ids = [slot.id for slot in slots if slot.is_shown]
    start = data.draw(st.integers(0, len(ids)))
    count = data.draw(st.integers(0, len(ids) - start))
    to = data.draw(st.integers(0, len(ids) - count))
    order = moved(ids, start, count, to)
    assert order[to : to + count] == ids[start : start + count]
    everything = with_hidden(order, slots)
    assert sorted(everything) == [slot.id for slot in slots]
    assert [one for one in everything if shown[one]] == order
    for slot in slots:
        if not slot.is_shown and slot.id > 0 and shown[slot.id - 1]:
            assert everything[everything.index(slot.id) - 1] == slot.id - 1


async def test_each_address_names_the_methods_that_are_its_own(kari: Person) -> None:
    at = await _collection(kari)
    for path, methods in (("items/move", "POST"), ("items/0", "DELETE, PATCH"), ("items", "DELETE, POST")):
        answer = await kari.options(f"{at}/{path}")
        assert (answer.status_code, answer.headers["allow"]) == (405, methods)

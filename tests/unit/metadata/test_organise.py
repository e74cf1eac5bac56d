"""Tags and authors: put on, counted, found, renamed, united, deleted; everybody their own."""

from typing import Any

import pytest

from tests.support.eggs import egg
from tests.support.metadata import Person


async def _tags(person: Person, **params: Any) -> dict[str, int]:
    told = (await person.get("tags", params=params)).json()
    assert told["total"] == len(told["tags"])
    return {tag["name"]: tag["photo_count"] for tag in told["tags"]}


async def _id_of(person: Person, name: str) -> int:
    (found,) = [tag["id"] for tag in (await person.get("tags")).json()["tags"] if tag["name"] == name]
    return int(found)


async def test_tags_come_with_the_egg_and_on_the_photo_and_are_counted(kari: Person) -> None:
    first = await kari.keep(1, tags=["Fjord", "  summer   2024 "])
    await kari.keep(2, tags=["FJORD"])
    assert await _tags(kari) == {"Fjord": 2, "summer 2024": 1}
    answer = await kari.post(f"photos/{first['hothash']}/tags/", json={"tags": ["fjord", "Æøå", "boat"]})
    told = answer.json()
    assert ([tag["name"] for tag in told["tags"]], told["added"], told["skipped"]) == (
        ["boat", "Fjord", "summer 2024", "Æøå"],
        2,
        1,
    )
    answer = await kari.delete(f"photos/{first['hothash']}/tags/æøå")
    assert answer.json()["removed_tag"] == "æøå"
    assert [tag["name"] for tag in answer.json()["remaining_tags"]] == ["boat", "Fjord", "summer 2024"]
    again = await kari.delete(f"photos/{first['hothash']}/tags/æøå")
    assert (again.status_code, again.json()["type"]) == (404, "tag-not-found")
    assert await _tags(kari, sort_by="photo_count", order="desc") == {"Fjord": 2, "boat": 1, "summer 2024": 1, "Æøå": 0}


async def test_a_tag_may_hold_a_slash(kari: Person) -> None:
    photo = await kari.keep(1, tags=["places/Oslo"])
    assert (await kari.delete(f"photos/{photo['id']}/tags/places/Oslo")).json()["remaining_tags"] == []


async def test_what_is_typed_finds_tags_that_begin_so_the_most_used_first(kari: Person, ola: Person) -> None:
    await kari.keep(1, tags=["sea", "season", "100% sea"])
    await kari.keep(2, tags=["season"])
    await ola.keep(3, tags=["seagull"])
    told = (await kari.get("tags/autocomplete", params={"q": "SEA"})).json()["suggestions"]
    assert [(tag["name"], tag["photo_count"]) for tag in told] == [("season", 2), ("sea", 1)]
    assert (await kari.get("tags/autocomplete", params={"q": "%"})).json()["suggestions"] == []
    assert len((await kari.get("tags/autocomplete", params={"limit": 2})).json()["suggestions"]) == 2


async def test_a_renamed_tag_is_found_under_its_new_name_only(kari: Person) -> None:
    photo = await kari.keep(1, tags=["fjrd"])
    answer = await kari.put(f"tags/{await _id_of(kari, 'fjrd')}", json={"new_name": "fjord"})
    told = answer.json()
    assert (told["old_name"], told["new_name"], told["photo_count"]) == ("fjrd", "fjord", 1)
    assert await kari.ids(query="fjord") == [photo["id"]]
    assert await kari.ids(query="fjrd") == []


async def test_a_name_that_another_tag_bears_asks_for_a_merge(kari: Person) -> None:
    first = await kari.keep(1, tags=["sea", "ocean"])
    second = await kari.keep(2, tags=["ocean"])
    ocean, sea = await _id_of(kari, "ocean"), await _id_of(kari, "sea")
    answer = await kari.put(f"tags/{ocean}", json={"new_name": "SEA"})
    assert (answer.status_code, answer.json()["type"]) == (409, "tag-name-taken")
    told = (await kari.post(f"tags/{ocean}/merge", json={"into_id": sea})).json()
    assert (told["name"], told["photo_count"], told["photos_affected"]) == ("sea", 2, 2)
    assert await _tags(kari) == {"sea": 2}
    assert sorted(await kari.ids(query="sea")) == sorted([first["id"], second["id"]])
    assert await kari.ids(query="ocean") == []


async def test_a_deleted_tag_leaves_its_photos(kari: Person) -> None:
    photo = await kari.keep(1, tags=["gone"])
    told = (await kari.delete(f"tags/{await _id_of(kari, 'gone')}")).json()
    assert (told["deleted_tag"], told["photos_affected"]) == ("gone", 1)
    assert await _tags(kari) == {}
    assert (await kari.get(f"photos/{photo['id']}")).status_code == 200


async def test_many_photos_are_tagged_at_once_but_only_ones_own(kari: Person, ola: Person) -> None:
    ids = [(await kari.keep(seed, tags=["old"]))["id"] for seed in range(1, 6)]
    theirs = (await ola.keep(9, visibility="public"))["id"]
    body = {"photo_ids": [*ids, theirs], "add": ["new"], "remove": ["old", "never"]}
    assert (await kari.post("tags/bulk", json=body)).json() == {"photos": 5, "added": 5, "removed": 5}
    assert await _tags(kari) == {"new": 5, "old": 0}
    assert await _tags(ola) == {}


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b", "🦆" * 10_000])
async def test_what_is_no_name_is_no_tag(kari: Person, name: str) -> None:
    photo = await kari.keep(1)
    answer = await kari.post(f"photos/{photo['id']}/tags", json={"tags": [name]})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert (await kari.post("photos/photoegg", json=egg(2, tags=[name]))).status_code == 422


async def test_authors_are_kept_and_counted(kari: Person) -> None:
    body = {"name": "Kari N.", "email": "kari@example.org", "bio": "Likes fog."}
    author = (await kari.post("authors/", json=body)).json()
    assert author | body == author
    photo = await kari.keep(1, author_id=author["id"])
    listed = (await kari.get("authors")).json()
    assert ([row["image_count"] for row in listed["data"]], listed["meta"]["total"]) == ([1], 1)
    changed = (await kari.put(f"authors/{author['id']}", json={"bio": None})).json()
    assert (changed["name"], changed["bio"], changed["image_count"]) == ("Kari N.", None, 1)
    assert (await kari.put(f"authors/{author['id']}", json={"name": ""})).status_code == 422
    assert (await kari.delete(f"authors/{author['id']}")).status_code == 200
    assert (await kari.get(f"photos/{photo['id']}")).json()["author_id"] is None


async def test_photos_are_known_as_changed_when_what_they_belong_to_is_gone(kari: Person) -> None:
    """Else a client that asks with the ETag it has would be told that nothing happened."""
    author = (await kari.post("authors", json={"name": "Ola"})).json()["id"]
    channel = (await kari.post("input-channels", json={})).json()["id"]
    photo = await kari.keep(1, author_id=author, import_session_id=channel)
    stack = (await kari.post("photo-stacks", json={"photo_hothashes": [photo["hothash"]]})).json()["stack"]["id"]
    for path in (f"authors/{author}", f"input-channels/{channel}", f"photo-stacks/{stack}"):
        before = (await kari.get(f"photos/{photo['id']}")).json()["updated_at"]
        assert (await kari.delete(path)).status_code == 200
        assert (await kari.get(f"photos/{photo['id']}")).json()["updated_at"] > before, path


async def test_an_imports_default_author_took_its_pictures(kari: Person) -> None:
    author = (await kari.post("authors", json={"name": "Ola"})).json()["id"]
    started = (await kari.post("import-sessions", json={"default_author_id": author})).json()["id"]
    photo = await kari.keep(1, import_session_id=started)
    assert (await kari.get(f"photos/{photo['id']}")).json()["author_id"] == author


async def test_a_default_author_must_be_ones_own(kari: Person, ola: Person) -> None:
    theirs = (await ola.post("authors", json={"name": "Ola"})).json()["id"]
    answer = await kari.post("import-sessions", json={"default_author_id": theirs})
    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-author")


async def test_an_input_channel_is_an_import_session_by_its_later_name(kari: Person, ola: Person) -> None:
    channel = (await kari.post("input-channels/", json={"title": "Camera", "description": "SD card"})).json()
    assert (channel["title"], channel["images_count"]) == ("Camera", 0)
    await kari.keep(1, input_channel_id=channel["id"])
    listed = (await kari.get("input-channels")).json()
    assert (listed["total"], listed["channels"][0]["images_count"]) == (1, 1)
    path = f"input-channels/{channel['id']}"
    assert (await kari.put(path, json={"title": "Phone"})).json()["description"] == "SD card"
    assert (await kari.get(f"import-sessions/{channel['id']}")).json()["title"] == "Phone"
    assert (await ola.get(path)).json()["type"] == "import-not-found"
    assert (await kari.put(path, json={"default_author_id": 99})).json()["type"] == "unknown-author"
    assert (await kari.delete(path)).status_code == 200
    (photo_id,) = await kari.ids()
    assert (await kari.get(f"photos/{photo_id}")).json()["import_session_id"] is None


async def test_a_stack_holds_photos_under_one_cover(kari: Person, ola: Person) -> None:
    first, second, third = [(await kari.keep(seed))["hothash"] for seed in (1, 2, 3)]
    body = {"stack_type": "burst", "title": "Gulls", "photo_hothashes": [first, second], "cover_photo_hothash": second}
    made = (await kari.post("photo-stacks", json=body)).json()
    stack = made["stack"]
    assert made["success"] is True
    assert (stack["photo_count"], stack["cover_photo_hothash"]) == (2, second)
    path = f"photo-stacks/{stack['id']}"
    added = (await kari.post(f"{path}/photo", json={"photo_hothash": third})).json()["stack"]
    assert set(added["photo_hothashes"]) == {first, second, third}
    assert (await kari.get(f"photos/{third}/stack")).json()["id"] == stack["id"]
    taken = (await kari.delete(f"{path}/photo/{second}")).json()["stack"]
    assert (taken["photo_count"], taken["cover_photo_hothash"]) == (2, None)
    assert (await kari.get(f"photos/{second}/stack")).json() is None
    refused = await kari.put(path, json={"cover_photo_hothash": second})
    assert (refused.status_code, refused.json()["type"]) == (422, "not-in-stack")
    assert (await kari.put(path, json={"title": None})).json()["stack"]["stack_type"] == "burst"
    listed = (await kari.get("photo-stacks/")).json()
    assert [(row["id"], row["photo_count"]) for row in listed["data"]] == [(stack["id"], 2)]
    assert listed["meta"]["total"] == 1
    assert (await kari.delete(path)).json()["success"] is True
    assert (await kari.get(f"photos/{first}/stack")).json() is None


async def test_a_photo_is_in_one_stack_at_most_and_only_ones_own(kari: Person, ola: Person) -> None:
    mine = (await kari.keep(1))["hothash"]
    theirs = (await ola.keep(2, visibility="public"))["hothash"]
    first, second = [
        (await kari.post("photo-stacks", json={"photo_hothashes": [mine]})).json()["stack"] for _ in range(2)
    ]
    assert (await kari.get(f"photo-stacks/{first['id']}")).json()["photo_count"] == 0
    assert (await kari.get(f"photo-stacks/{second['id']}")).json()["photo_hothashes"] == [mine]
    answer = await kari.post(f"photo-stacks/{first['id']}/photo", json={"photo_hothash": theirs})
    assert answer.json()["type"] == "not-your-photo"


async def test_the_files_of_a_photo_are_its_owners_to_see(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    assert [file["filename"] for file in (await kari.get(f"photos/{photo['hothash']}/files")).json()] == [
        "IMG_0001.JPG"
    ]
    assert (await ola.get(f"photos/{photo['hothash']}/files")).status_code == 403

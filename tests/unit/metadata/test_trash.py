"""The trash: gone for everybody, back when wanted, gone for good when said."""

import asyncio
from pathlib import Path

from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person


def _files(service: MetadataService) -> list[Path]:
    return [path for path in service.app.state.blobs.root.rglob("*") if path.is_file()]


async def test_a_deleted_photo_is_seen_by_nobody_and_comes_back_whole(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    cold = jpeg(5, size=(600, 400))
    photo = await kari.keep(1, title="Fjord", visibility="public", coldpreview=cold)
    before = (await kari.get(f"photos/{photo['id']}")).json()
    deleted = (await kari.delete(f"photos/{photo['hothash']}")).json()
    assert (deleted["id"], deleted["hothash"], deleted["is_purged"]) == (photo["id"], photo["hothash"], False)
    for person in (kari, ola):
        assert (await person.get(f"photos/{photo['id']}")).status_code == 404
        assert (await person.get(f"photos/{photo['id']}/coldpreview")).status_code == 404
        assert await person.ids() == []
        assert (await person.post("photos/search", json={"query": "fjord"})).json()["data"] == []
        assert (await person.get("timeline")).json()["data"] == []
    assert (await kari.delete(f"photos/{photo['id']}")).status_code == 404, "it is thrown away already"
    assert (await kari.post(f"photos/{photo['id']}/restore")).status_code == 200
    after = (await kari.get(f"photos/{photo['id']}")).json()
    assert after | {"updated_at": None} == before | {"updated_at": None}
    assert (await kari.get(f"photos/{photo['id']}/coldpreview")).content == cold
    assert (await ola.post("photos/search", json={"query": "fjord"})).json()["meta"]["total"] == 1
    assert (await kari.get("timeline")).json()["meta"]["total_photos"] == 1


async def test_the_trash_lists_what_was_thrown_away_last_first_and_shows_its_pictures_to_its_owner(
    kari: Person, ola: Person, anyone: Person
) -> None:
    ids = [(await kari.keep(seed, visibility="public"))["id"] for seed in range(1, 6)]
    for photo_id in ids[:4]:
        await kari.delete(f"photos/{photo_id}")
    walked: list[int] = []
    cursor = None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await kari.get("photos/trash", params=params)).json()
        assert page["meta"]["total"] == 4
        assert all(photo["deleted_at"] for photo in page["data"])
        walked += [photo["id"] for photo in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    assert walked == ids[3::-1]
    assert (await ola.get("photos/trash")).json()["data"] == []
    assert (await anyone.get("photos/trash")).status_code == 401
    shown = await kari.get(f"photos/{ids[0]}/hotpreview")
    assert shown.status_code == 200
    assert shown.headers["cache-control"].startswith("private"), "it was public, and is not any more"
    assert (await anyone.get(f"photos/{ids[0]}/hotpreview")).status_code == 404


async def test_emptying_the_trash_removes_what_is_in_it_and_nothing_else(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    kept, thrown = [await kari.keep(seed, coldpreview=jpeg(seed + 9, size=(600, 400))) for seed in (1, 2)]
    theirs = await ola.keep(3)
    await kari.delete(f"photos/{thrown['id']}")
    await ola.delete(f"photos/{theirs['id']}")
    assert (await kari.post("photos/trash/empty")).json() == {"purged": 1}
    assert len(_files(service)) == 1
    assert await kari.ids() == [kept["id"]]
    assert (await kari.post(f"photos/{thrown['id']}/restore")).json()["type"] == "photo-not-found"
    assert (await ola.post(f"photos/{theirs['id']}/restore")).status_code == 200


async def test_a_photo_is_purged_from_the_trash_too(kari: Person) -> None:
    photo = await kari.keep(1)
    await kari.delete(f"photos/{photo['id']}")
    assert (await kari.delete(f"photos/{photo['id']}", params={"purge": True})).json()["is_purged"] is True
    assert (await kari.get("photos/trash")).json()["data"] == []


async def test_what_lies_in_anothers_trash_cannot_be_touched(kari: Person, ola: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    await kari.delete(f"photos/{photo['id']}")
    for answer in (
        await ola.post(f"photos/{photo['id']}/restore"),
        await ola.delete(f"photos/{photo['id']}", params={"purge": True}),
        await ola.patch(f"photos/{photo['id']}", json={"rating": 5}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (404, "photo-not-found")
    assert (await kari.post(f"photos/{photo['id']}/restore")).status_code == 200


async def test_two_who_delete_the_same_photo_delete_it_once(kari: Person) -> None:
    photo = await kari.keep(1)
    answers = await asyncio.gather(*(kari.delete(f"photos/{photo['id']}") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 5

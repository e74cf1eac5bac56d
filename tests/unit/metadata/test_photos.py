"""A photo's life: kept, found, changed, deleted."""

import asyncio

from sqlalchemy import func, select

from metadata_service.tables import ImageFile, Photo, PhotoExif, PhotoIdentity, PhotoPreview
from tests.support.eggs import egg, jpeg
from tests.support.metadata import MetadataService, Person


async def test_a_kept_egg_is_found_by_id_and_by_hothash_with_all_that_it_told(kari: Person) -> None:
    answer = await kari.post("photos/photoegg", json=egg(7, rating=4, title="Fjord", visibility="authenticated"))
    assert answer.status_code == 201
    created = answer.json()
    assert created["is_duplicate"] is False
    assert answer.headers["location"] == f"/api/v1/photos/{created['id']}"
    for ref in (created["id"], created["hothash"]):
        photo = (await kari.get(f"photos/{ref}")).json()
        assert photo["title"] == "Fjord"
        assert photo["rating"] == 4
        assert photo["visibility"] == "authenticated"
        assert photo["taken_at"] == "2024-04-08T14:55:20"
        assert photo["taken_at_offset"] == "+02:00"
        assert (photo["gps_latitude"], photo["gps_longitude"]) == (59.9139, 10.7522)
        assert photo["exif_dict"] == {"EXIF": {"Make": "Canon"}}
        assert [file["filename"] for file in photo["files"]] == ["IMG_0007.JPG"]
        assert photo["is_mine"] is True


async def test_a_nested_egg_is_the_same_egg(kari: Person) -> None:
    answer = await kari.post("photos/photoegg", json={"photo_egg": egg(1), "rating": 3})
    assert answer.status_code == 201
    assert answer.json()["rating"] == 3


async def test_the_same_egg_again_answers_200_with_the_same_photo_and_keeps_what_its_owner_typed(kari: Person) -> None:
    first = await kari.keep(1, title="Mine", rating=5)
    answer = await kari.post("photos/photoegg", json=egg(1, title="Other", rating=1))
    assert answer.status_code == 200
    assert answer.json() == first | {"is_duplicate": True}
    assert (await kari.get(f"photos/{first['id']}")).json()["title"] == "Mine"


async def test_a_file_that_is_known_is_the_same_photo_under_another_hothash(kari: Person) -> None:
    first = await kari.keep(1)
    again = await kari.keep(2, file_sha256=egg(1)["file_sha256"], primary_filename="copy.jpg")
    assert again["id"] == first["id"]
    assert again["is_duplicate"] is True
    photo = (await kari.get(f"photos/{first['id']}")).json()
    assert [file["filename"] for file in photo["files"]] == ["IMG_0001.JPG", "copy.jpg"]
    third = await kari.keep(2, file_sha256="f" * 64)
    assert third["id"] == first["id"], "the second hothash names the photo from now on"


async def test_a_duplicate_brings_the_coldpreview_that_was_missing(kari: Person) -> None:
    first = await kari.keep(1)
    assert (await kari.get(f"photos/{first['id']}/coldpreview")).status_code == 404
    cold = jpeg(99, size=(600, 400))
    await kari.keep(1, coldpreview=cold)
    assert (await kari.get(f"photos/{first['id']}/coldpreview")).content == cold


async def test_the_same_photo_may_belong_to_many(kari: Person, ola: Person) -> None:
    mine, his = await kari.keep(1), await ola.keep(1)
    assert mine["id"] != his["id"]
    assert his["is_duplicate"] is False
    for person, photo in ((kari, mine), (ola, his)):
        assert (await person.get(f"photos/{photo['hothash']}")).json()["id"] == photo["id"]


async def test_twenty_clients_with_the_same_egg_make_one_photo(service: MetadataService, kari: Person) -> None:
    answers = await asyncio.gather(*(kari.post("photos/photoegg", json=egg(1)) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    async with service.database.reading() as session:
        for table in (Photo, PhotoPreview, PhotoExif, ImageFile):
            assert await session.scalar(select(func.count()).select_from(table)) == 1
        assert await session.scalar(select(func.count()).select_from(PhotoIdentity)) == 2


async def test_a_change_sets_what_is_given_and_nothing_else(kari: Person) -> None:
    photo = await kari.keep(1, title="Old", rating=2)
    answer = await kari.patch(f"photos/{photo['id']}", json={"rating": 5, "visibility": "public"})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["rating"], answer.json()["visibility"]) == ("Old", 5, "public")
    answer = await kari.put(f"photos/{photo['hothash']}", json={"title": None})
    assert (answer.json()["title"], answer.json()["rating"]) == (None, 5)


async def test_only_the_owner_changes_a_photo(kari: Person, ola: Person, anyone: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    for person, status, slug in ((ola, 403, "not-your-photo"), (anyone, 401, "not-signed-in")):
        for answer in (
            await person.patch(f"photos/{photo['id']}", json={"rating": 1}),
            await person.delete(f"photos/{photo['id']}"),
            await person.put(f"photos/{photo['id']}/coldpreview", files={"file": jpeg()}),
        ):
            assert (answer.status_code, answer.json()["type"]) == (status, slug)
    assert (await kari.get(f"photos/{photo['id']}")).json()["rating"] == 0


async def test_a_purged_photo_leaves_nothing_behind(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1, coldpreview=jpeg(5, size=(600, 400)))
    blobs = service.app.state.blobs.root
    assert len([path for path in blobs.rglob("*") if path.is_file()]) == 1
    answer = await kari.delete(f"photos/{photo['id']}", params={"purge": True})
    assert (answer.status_code, answer.json()["is_purged"]) == (200, True)
    assert (await kari.get(f"photos/{photo['id']}")).status_code == 404
    assert [path for path in blobs.rglob("*") if path.is_file()] == []
    async with service.database.reading() as session:
        for table in (Photo, PhotoPreview, PhotoExif, ImageFile, PhotoIdentity):
            assert await session.scalar(select(func.count()).select_from(table)) == 0


async def test_the_number_of_a_purged_photo_never_names_another(kari: Person) -> None:
    first = await kari.keep(1)
    await kari.delete(f"photos/{first['id']}?purge=true")
    assert (await kari.keep(2))["id"] > first["id"]


async def test_a_stranger_learns_only_roughly_where_and_not_which_file(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1, visibility="public")
    for shown in (
        (await anyone.get(f"photos/{photo['id']}")).json(),
        (await anyone.get("photos")).json()["data"][0],
    ):
        assert (shown["gps_latitude"], shown["gps_longitude"], shown["gps_altitude"]) == (59.9, 10.8, None)
        assert [shown[name] for name in ("primary_filename", "file_size_bytes")] == [None] * 2
        assert shown["is_mine"] is False
        assert [shown.get(name) for name in ("exif_dict", "warnings", "author")] == [None] * 3
        assert (shown["files"], shown["tags"]) == ([], [])

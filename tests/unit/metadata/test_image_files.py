"""The files of photos: corrected, placed, found again by their bytes, and told of where one disk is all there is."""

from typing import Any

import pytest
from sqlalchemy import insert

from metadata_service.db.types import utc_now
from metadata_service.tables import FileLocation, ImageFile
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person


def _file(name: str, digest: str, *paths: str, volume: str = "disk", **more: Any) -> dict[str, Any]:
    place = {"location": {"machine": "pc", "volume": volume, "relative_path": paths[0]}} if paths else {}
    return {"filename": name, "sha256": digest * 64, "file_size": 1000, **place, **more}


async def _keep(person: Person, seed: int, *files: dict[str, Any]) -> dict[str, Any]:
    first = {"primary_filename": files[0]["filename"], "file_sha256": files[0]["sha256"], "file_size_bytes": 1000}
    return await person.keep(seed, image_files=list(files), **first)


async def _files(person: Person, photo: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await person.get(f"photos/{photo['id']}/locations")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def _paths(file: dict[str, Any]) -> set[tuple[str, str]]:
    return {(place["volume"], place["relative_path"]) for place in file["locations"]}


async def test_a_file_is_corrected_and_forgotten_with_all_that_hangs_on_it(kari: Person) -> None:
    photo = await _keep(kari, 1, _file("a.jpg", "a", "x/a.jpg"), _file("a.cr3", "b", "x/a.cr3", role="raw"))
    raw = next(file for file in await _files(kari, photo) if file["role"] == "raw")
    changed = await kari.patch(f"images/{raw['id']}", json={"filename": "b.cr3", "file_format": "CR3"})
    assert (changed.json()["filename"], changed.json()["file_format"]) == ("b.cr3", "CR3")
    assert (await kari.post("photos/search", json={"query": "b.cr3"})).json()["meta"]["total"] == 1
    assert (await kari.patch(f"images/{raw['id']}", json={"sha256": "c" * 64})).status_code == 422
    assert (await kari.patch(f"images/{raw['id']}", json={"role": None})).status_code == 422
    assert (await kari.get(f"photos/{photo['id']}")).json()["has_raw_companion"] is True
    assert (await kari.delete(f"images/{raw['id']}")).status_code == 204
    assert (await kari.get(f"images/{raw['id']}")).status_code == 404
    assert (await kari.get(f"photos/{photo['id']}")).json()["has_raw_companion"] is False
    known = (await kari.post("photos/exists", json={"file_sha256s": ["a" * 64, "b" * 64]})).json()["file_sha256s"]
    assert known == {"a" * 64: photo["id"]}


async def test_a_photo_has_a_file_of_one_name_and_the_same_bytes_once(kari: Person) -> None:
    photo = await _keep(kari, 1, _file("a.jpg", "a"))
    for name in ("one.xmp", "two.xmp"):
        await kari.post("images", json={"filename": name, "hothash": photo["hothash"]})
    two = next(file for file in await _files(kari, photo) if file["filename"] == "two.xmp")
    taken = await kari.patch(f"images/{two['id']}", json={"filename": "one.xmp"})
    assert (taken.status_code, taken.json()["type"].rpartition("/")[2]) == (409, "file-taken")
    named = await kari.patch(f"images/{two['id']}", json={"sha256": "d" * 64})
    assert named.json()["sha256"] == "d" * 64
    assert (await kari.post("photos/exists", json={"file_sha256s": ["d" * 64]})).json()["file_sha256s"] == {
        "d" * 64: photo["id"]
    }


async def test_places_of_a_file_come_and_go(kari: Person, ola: Person) -> None:
    photo = await _keep(kari, 1, _file("a.jpg", "a", "x/a.jpg"))
    (file,) = await _files(kari, photo)
    place = {"machine": "nas", "volume": "backup", "relative_path": "2024/a.jpg"}
    for _ in range(2):
        answer = await kari.post(f"images/{file['id']}/locations", json=place)
        assert _paths(answer.json()) == {("disk", "x/a.jpg"), ("backup", "2024/a.jpg")}
    first = answer.json()["locations"][0]["id"]
    assert (await ola.delete(f"images/{file['id']}/locations/{first}")).status_code == 404
    left = await kari.delete(f"images/{file['id']}/locations/{first}")
    assert _paths(left.json()) == {("backup", "2024/a.jpg")}
    gone = await kari.delete(f"images/{file['id']}/locations/{first}")
    assert (gone.status_code, gone.json()["type"].rpartition("/")[2]) == (404, "location-not-found")


async def test_the_report_names_originals_that_one_disk_takes_along(kari: Person, ola: Person) -> None:
    single = await _keep(kari, 1, _file("a.jpg", "a", "x/a.jpg"))
    twice_there = await _keep(kari, 2, _file("b.jpg", "b", "x/b.jpg"))
    safe = await _keep(kari, 3, _file("c.jpg", "c", "x/c.jpg"), {"filename": "c.xmp", "role": "sidecar"})
    nowhere = await _keep(kari, 4, _file("d.jpg", "d"))
    await _keep(ola, 5, _file("e.jpg", "e", "x/e.jpg"))
    for photo, volume in ((twice_there, "disk"), (safe, "backup")):
        file = (await _files(kari, photo))[0]
        place = {"machine": "pc", "volume": volume, "relative_path": "copy/of.jpg"}
        await kari.post(f"images/{file['id']}/locations", json=place)
    found, cursor = [], None
    while True:
        params = {"limit": 2, "with_totals": True, **({"cursor": cursor} if cursor else {})}
        page = (await kari.get("image-files/one-copy", params=params)).json()
        found += [(item["photo_id"], len(item["locations"])) for item in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    assert sorted(found) == [(single["id"], 1), (twice_there["id"], 2), (nowhere["id"], 0)]
    assert page["meta"]["totals"] == {"originals": 4, "nowhere": 1, "one_copy": 2, "more_copies": 1}
    await kari.delete(f"photos/{single['id']}")
    assert len((await kari.get("image-files/one-copy")).json()["data"]) == 2
    assert (await kari.get("image-files/one-copy?cursor=x")).status_code == 422


async def test_moved_folders_are_found_again_by_bytes_and_shown_before(kari: Person, ola: Person) -> None:
    one = await _keep(kari, 1, _file("a.jpg", "a", "old/2023/a.jpg"))
    two = await _keep(kari, 2, _file("b.jpg", "b", "old/b.jpg"))
    other = await _keep(kari, 3, _file("c.jpg", "c", "elsewhere/c.jpg"))
    theirs = await _keep(ola, 4, _file("a.jpg", "a", "old/2023/a.jpg"))
    wanted = {
        "machine": "pc",
        "volume": "disk",
        "moved_from": "old",
        "found": [
            {"path": "new/2023/a.jpg", "sha256": "a" * 64, "size": 1000},
            {"path": "new/b.jpg", "sha256": "b" * 64, "size": 999},
            {"path": "new/c.jpg", "sha256": "c" * 64},
            {"path": "elsewhere/c.jpg", "sha256": "c" * 64},
            {"path": "new/z.jpg", "sha256": "f" * 64},
        ],
    }
    shown = (await kari.post("image-files/relink", json=wanted)).json()
    assert [line["state"] for line in shown["data"]] == ["moved", "size_differs", "added", "unchanged", "unknown"]
    assert shown["data"][0]["given_up"] == ["old/2023/a.jpg"]
    assert shown["data"][0]["photo_id"] == one["id"]
    assert (shown["photos"], shown["applied"]) == (2, False)
    assert _paths((await _files(kari, one))[0]) == {("disk", "old/2023/a.jpg")}, "shown, not done"

    done = (await kari.post("image-files/relink", json=wanted | {"apply": True})).json()
    assert done["data"] == shown["data"]
    assert _paths((await _files(kari, one))[0]) == {("disk", "new/2023/a.jpg")}
    assert _paths((await _files(kari, two))[0]) == {("disk", "old/b.jpg")}
    assert _paths((await _files(kari, other))[0]) == {("disk", "elsewhere/c.jpg"), ("disk", "new/c.jpg")}
    assert _paths((await _files(ola, theirs))[0]) == {("disk", "old/2023/a.jpg")}
    again = (await kari.post("image-files/relink", json=wanted | {"apply": True})).json()
    assert again["counts"] == {"unchanged": 3, "size_differs": 1, "unknown": 1}


async def test_a_place_that_was_found_again_is_not_given_up_nor_one_outside_the_folder(kari: Person) -> None:
    photo = await _keep(kari, 1, _file("a.jpg", "a", "old/a.jpg"))
    (file,) = await _files(kari, photo)
    for path in ("old/copy/a.jpg", "older/a.jpg"):
        place = {"machine": "pc", "volume": "disk", "relative_path": path}
        await kari.post(f"images/{file['id']}/locations", json=place)
    found = [{"path": path, "sha256": "a" * 64} for path in ("new/a.jpg", "old/copy/a.jpg")]
    wanted = {"machine": "pc", "volume": "disk", "moved_from": "old", "found": found, "apply": True}
    assert (await kari.post("image-files/relink", json=wanted)).json()["data"][0]["given_up"] == ["old/a.jpg"]
    left = {"old/copy/a.jpg", "older/a.jpg", "new/a.jpg"}
    assert {path for _, path in _paths((await _files(kari, photo))[0])} == left


@pytest.mark.parametrize("found", [[], [{"path": "", "sha256": "a" * 64}], [{"path": "x", "sha256": "a"}]])
async def test_what_says_nothing_is_refused(kari: Person, found: list[Any]) -> None:
    assert (await kari.post("image-files/relink", json={"found": found})).status_code == 422


async def test_the_report_and_relinking_cost_as_many_statements_for_many_files(
    service: MetadataService, kari: Person, statements: list[str]
) -> None:
    async with service.database.writing() as session:
        ids = await fill(session, list(photos(kari.user["id"], 80)))
        rows = [
            {"photo_id": photo_id, "filename": "x.jpg", "sha256": f"{photo_id:064x}", "role": "primary"}
            for photo_id in ids
        ]
        files = list(await session.scalars(insert(ImageFile).returning(ImageFile.id), rows))
        places = [
            {
                "image_file_id": file_id,
                "machine": "",
                "volume": "",
                "relative_path": "x",
                "stem_key": "",
                "last_seen": now,
            }
            for file_id in files
            for now in (utc_now(),)
        ]
        await session.execute(insert(FileLocation), places)
    await kari.get("photos")
    statements.clear()
    assert len((await kari.get("image-files/one-copy?limit=80")).json()["data"]) == 80
    assert len(statements) <= 3, statements
    statements.clear()
    found = [{"path": f"y/{photo_id}", "sha256": f"{photo_id:064x}"} for photo_id in ids]
    assert (await kari.post("image-files/relink", json={"found": found})).status_code == 200
    assert len(statements) <= 3, statements

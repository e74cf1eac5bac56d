"""Batches: eggs and the groups of older clients, each item by itself, twice the same as once."""

import asyncio
import base64
from typing import Any

import pytest
from sqlalchemy import func, select, text

from metadata_service.tables import FileLocation, ImageFile, Photo, PhotoIdentity, RawExif
from tests.support.eggs import egg, jpeg
from tests.support.metadata import MetadataService, Person


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _group(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A photo group of version 1."""
    return {
        "basename": f"IMG_{number:04}",
        "hothash": f"{number:064x}",
        "hotpreview": "data:image/jpeg;base64," + _encoded(jpeg(number)),
        "exifData": {
            "width": 4000,
            "height": 3000,
            "taken_at": "2024-04-27T23:49:34.000Z",
            "gps_latitude": 59.9139,
            "gps_longitude": 10.7522,
            "aperture": 2.8,
            "camera_make": "Canon",
        },
        "files": [
            {"filename": f"IMG_{number:04}.CR2", "fileSize": 45678912, "fileType": "CR2", "exifBlob": _encoded(b"raw")},
            {"filename": f"IMG_{number:04}.JPG", "fileSize": 8765432, "fileType": "JPEG", "exifBlob": ""},
        ],
    } | changes


async def _batch(person: Person, **body: Any) -> dict[str, Any]:
    answer = await person.post("photos/batch", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def _count(service: MetadataService, table: type[Any]) -> int:
    async with service.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_batch_of_eggs_keeps_each_and_answers_in_order(kari: Person) -> None:
    told = await _batch(kari, eggs=[egg(seed, rating=seed % 5) for seed in range(1, 31)])
    assert (told["photos_created"], told["duplicates_skipped"], told["errors"]) == (30, 0, [])
    assert [item["hothash"] for item in told["results"]] == [egg(seed)["hothash"] for seed in range(1, 31)]
    photo = (await kari.get(f"photos/{told['results'][6]['id']}")).json()
    assert (photo["rating"], photo["primary_filename"]) == (2, "IMG_0007.JPG")
    assert (await kari.get(f"photos/{photo['id']}/hotpreview")).content == jpeg(7)


async def test_one_bad_item_of_a_hundred_harms_only_itself(service: MetadataService, kari: Person) -> None:
    eggs = [egg(seed) for seed in range(1, 101)]
    eggs[41]["hothash"] = "0" * 64
    told = await _batch(kari, eggs=eggs)
    assert (told["photos_created"], len(told["errors"])) == (99, 1)
    assert told["errors"][0].startswith("Failed to process photo group IMG_0042.JPG: ")
    assert (told["results"][41]["status"], told["results"][41]["type"]) == ("error", "hothash-mismatch")
    assert await _count(service, Photo) == 99


async def test_an_item_that_only_the_database_refuses_stands_alone_too(service: MetadataService, kari: Person) -> None:
    """A trigger plays the constraint that nobody foresaw."""
    if service.database.is_sqlite:
        make = ["CREATE TRIGGER no BEFORE INSERT ON photos WHEN NEW.title = 'no' BEGIN SELECT RAISE(ABORT, 'no'); END"]
        undo = ["DROP TRIGGER no"]
    else:
        make = ["ALTER TABLE photos ADD CONSTRAINT no CHECK (title <> 'no')"]
        undo = ["ALTER TABLE photos DROP CONSTRAINT no"]
    await _run(service, make)
    eggs = [egg(seed, title="no" if seed in {5, 17} else None) for seed in range(1, 21)]
    told = await _batch(kari, eggs=eggs)
    await _run(service, undo)
    assert told["photos_created"] == 18
    refused = [item["index"] for item in told["results"] if item["status"] == "error"]
    assert refused == [4, 16]
    assert {told["results"][index]["type"] for index in refused} == {"item-refused"}
    assert len(await kari.ids(limit=100)) == 18


async def _run(service: MetadataService, statements: list[str]) -> None:
    async with service.database.writing() as session:
        for statement in statements:
            await session.execute(text(statement))


async def test_a_batch_sent_again_creates_nothing_and_says_so(service: MetadataService, kari: Person) -> None:
    eggs = [egg(seed, coldpreview=jpeg(seed, size=(600, 400))) for seed in range(1, 6)]
    first = await _batch(kari, eggs=eggs)
    again = await _batch(kari, eggs=eggs)
    assert (again["photos_created"], again["duplicates_skipped"]) == (0, 5)
    assert [item["id"] for item in again["results"]] == [item["id"] for item in first["results"]]
    assert len(list(service.app.state.blobs.root.rglob("*.jpg"))) == 5


async def test_duplicates_inside_one_batch_are_one_photo(service: MetadataService, kari: Person) -> None:
    told = await _batch(kari, eggs=[egg(1), egg(2), egg(1), egg(3, file_sha256=egg(2)["file_sha256"])])
    assert [item["status"] for item in told["results"]] == ["created", "created", "duplicate", "duplicate"]
    assert told["results"][3]["id"] == told["results"][1]["id"]
    assert await _count(service, Photo) == 2


async def test_two_batches_racing_with_the_same_photos_make_each_once(service: MetadataService, kari: Person) -> None:
    eggs = [egg(seed, tags=["race", f"tag {seed % 3}"]) for seed in range(1, 31)]
    answers = await asyncio.gather(*(_batch(kari, eggs=order) for order in (eggs, eggs[::-1], eggs[15:] + eggs[:15])))
    assert sum(told["photos_created"] for told in answers) == 30
    assert all(told["errors"] == [] for told in answers)
    assert await _count(service, Photo) == 30
    assert await _count(service, PhotoIdentity) == 60


async def test_the_same_idempotency_key_gets_the_same_answer_and_does_nothing(kari: Person) -> None:
    headers = {"Idempotency-Key": "abc"}
    first = await kari.post("photos/batch", json={"eggs": [egg(1)]}, headers=headers)
    again = await kari.post("photos/batch", json={"eggs": [egg(1)]}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = await kari.post("photos/batch", json={"eggs": [egg(2)]}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("spelled", ["camel", "snake"])
async def test_a_group_of_version_1_is_kept_in_either_spelling(
    service: MetadataService, kari: Person, spelled: str
) -> None:
    group = _group(1)
    if spelled == "snake":
        group["exif_data"] = group.pop("exifData")
        group["files"] = [
            {"filename": "IMG_0001.CR2", "file_size": 45678912, "file_type": "CR2", "exif_blob": _encoded(b"raw")},
            {"filename": "IMG_0001.JPG", "file_size": 8765432, "file_type": "JPEG", "exif_blob": ""},
        ]
    told = await _batch(kari, photo_groups=[group])
    assert (told["photos_created"], told["images_created"]) == (1, 2)
    photo = (await kari.get(f"photos/{told['results'][0]['id']}")).json()
    assert (photo["width"], photo["f_number"], photo["gps_latitude"]) == (4000, 2.8, 59.9139)
    assert (photo["taken_at"], photo["taken_at_offset"]) == ("2024-04-27T23:49:34", None)
    assert [file["filename"] for file in photo["files"]] == ["IMG_0001.CR2", "IMG_0001.JPG"]
    async with service.database.reading() as session:
        assert await session.scalar(select(RawExif.blob)) == b"raw", "kept as it came"
        assert (await session.scalars(select(ImageFile.role).order_by(ImageFile.id))).all() == ["raw", "primary"]


async def test_an_old_client_finds_its_photo_under_its_own_hash(kari: Person) -> None:
    group = _group(3)
    told = await _batch(kari, photo_groups=[group])
    by_their_name = await kari.get(f"photos/{group['hothash']}")
    assert by_their_name.json()["id"] == told["results"][0]["id"]
    assert (await _batch(kari, photo_groups=[group]))["duplicates_skipped"] == 1


@pytest.mark.parametrize(
    ("exif_data", "accepted"),
    [
        (_encoded(b"\0\1\2"), True),
        ([0, 1, 255], True),
        ([0.5, 1], False),
        ([256], False),
        ([True], False),
        ("***", False),
        ({"a": 1}, False),
    ],
)
async def test_version_2_takes_raw_exif_as_base64_or_as_numbers(
    kari: Person, exif_data: Any, *, accepted: bool
) -> None:
    group = {
        "hothash": "a" * 64,
        "hotpreview": _encoded(jpeg(1)),
        "images": [{"filename": "IMG_1.JPG", "hothash": "a" * 64, "file_size": 1, "exif_data": exif_data}],
    }
    answer = await kari.post("photos/", json=group)
    assert answer.status_code == (201 if accepted else 422), answer.text
    if accepted:
        assert (answer.json()["hothash"], answer.json()["images_created"]) == ("a" * 64, 1)
        assert answer.json()["exif_pending"] is True, "no core_service runs in this test"
    else:
        assert "exif_data" in str(answer.json()["errors"])


async def test_a_group_without_a_picture_is_kept_and_has_none(kari: Person) -> None:
    answer = await kari.post(
        "photos", json={"hothash": "test123", "images": [{"filename": "a.jpg", "hothash": "test123"}]}
    )
    assert answer.status_code == 201
    photo = (await kari.get(f"photos/{answer.json()['id']}")).json()
    assert (photo["hotpreview_url"], photo["width"]) == (None, None)
    assert (await kari.get(f"photos/{photo['id']}/hotpreview")).status_code == 404


def _shot(number: int, folder: str, name: str, **changes: Any) -> dict[str, Any]:
    """An egg with the place where its file lies."""
    laid = egg(number, primary_filename=name, image_format=name.rpartition(".")[2].upper(), **changes)
    place = {"machine": "desk", "volume": "photos", "relative_path": f"{folder}/{name}"}
    return laid | {"image_files": [{"filename": name, "sha256": laid["file_sha256"], "location": place}]}


_AT = {"taken_at": "2024-05-01T12:00:00"}
_A_SECOND_LATER = {"taken_at": "2024-05-01T12:00:01"}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("apart", [False, True], ids=["one batch", "two batches"])
async def test_a_raw_file_and_its_jpeg_are_one_photo(
    service: MetadataService, kari: Person, order: int, *, apart: bool
) -> None:
    pair = [
        _shot(1, "2024", "IMG_1.CR2", metadata=_AT),
        _shot(2, "2024", "IMG_1.jpg", metadata=_A_SECOND_LATER),
    ][::order]
    for eggs in [[pair[0]], [pair[1]]] if apart else [pair]:
        told = await _batch(kari, eggs=eggs)
        assert told["errors"] == []
    assert await _count(service, Photo) == 1
    (photo_id,) = await kari.ids()
    photo = (await kari.get(f"photos/{photo_id}")).json()
    assert {file["filename"] for file in photo["files"]} == {"IMG_1.CR2", "IMG_1.jpg"}
    shown = (await kari.get(f"photos/{photo_id}/hotpreview")).content
    assert photo["hothash"] in {egg(1)["hothash"], egg(2)["hothash"]}
    assert shown == (jpeg(1) if photo["hothash"] == egg(1)["hothash"] else jpeg(2))
    if not apart:
        assert photo["hothash"] == egg(2)["hothash"], "the JPEG is the picture that people see"


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("another folder", {"folder": "2025", "metadata": _AT}),
        ("another minute", {"folder": "2024", "metadata": {"taken_at": "2024-05-01T12:01:00"}}),
        ("another camera", {"folder": "2024", "metadata": _AT | {"camera_model": "Z 9"}}),
        ("no time", {"folder": "2024", "metadata": {"taken_at": None}}),
    ],
)
async def test_a_name_alone_pairs_nothing(
    service: MetadataService, kari: Person, name: str, second: dict[str, Any]
) -> None:
    folder, changes = second["folder"], {key: value for key, value in second.items() if key != "folder"}
    await _batch(kari, eggs=[_shot(1, "2024", "IMG_1.CR2", metadata=_AT), _shot(2, folder, "IMG_1.jpg", **changes)])
    assert await _count(service, Photo) == 2, name


async def test_a_copy_elsewhere_adds_its_place_and_seeing_it_again_adds_nothing(
    service: MetadataService, kari: Person
) -> None:
    for folder in ("2024", "backup/2024", "2024"):
        await _batch(kari, eggs=[_shot(1, folder, "IMG_1.jpg")])
    assert (await _count(service, Photo), await _count(service, ImageFile)) == (1, 1)
    assert await _count(service, FileLocation) == 2


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"eggs": [{}] * 101}, "batch-too-large"),
        ({"eggs": "many"}, "invalid-request"),
        ({"eggs": [], "import_session_id": 99}, "import-not-found"),
        ([], "invalid-request"),
    ],
)
async def test_a_batch_that_is_none_is_refused_whole(kari: Person, body: Any, slug: str) -> None:
    answer = await kari.post("photos/batch", json=body)
    assert answer.json()["type"] == slug


@pytest.mark.parametrize("item", [None, 1, "egg", [], {}, {"photo_egg": 5}, {"hotpreview_base64": 5}, {"basename": 7}])
async def test_an_item_that_is_no_photo_is_an_error_of_its_own(kari: Person, item: Any) -> None:
    told = await _batch(kari, eggs=[item, egg(1)], photo_groups=[item])
    assert [result["status"] for result in told["results"]] == ["error", "created", "error"]


@pytest.mark.parametrize("name", ["author_id", "import_session_id", "stack_id"])
async def test_nobody_refers_to_what_is_anothers(kari: Person, ola: Person, name: str) -> None:
    theirs = 77
    if name == "import_session_id":
        theirs = (await ola.post("import-sessions", json={})).json()["id"]
    answer = await kari.post("photos/photoegg", json=egg(1, **{name: theirs}))
    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-reference")
    assert name in answer.json()["errors"][0]["loc"]
    told = await _batch(kari, eggs=[egg(1, **{name: theirs}), egg(2)])
    assert [item["status"] for item in told["results"]] == ["error", "created"]


async def test_exists_knows_what_is_mine_and_only_that(kari: Person, ola: Person) -> None:
    mine = await kari.keep(1)
    await ola.keep(2)
    asked = {
        "hothashes": [egg(1)["hothash"], egg(2)["hothash"], "f" * 64],
        "file_sha256s": [egg(1)["file_sha256"], egg(3)["file_sha256"]],
    }
    answer = (await kari.post("photos/exists", json=asked)).json()
    assert answer == {
        "hothashes": {egg(1)["hothash"]: mine["id"]},
        "file_sha256s": {egg(1)["file_sha256"]: mine["id"]},
        "in_trash": [],
    }
    await kari.delete(f"photos/{mine['id']}")
    answer = (await kari.post("photos/exists", json=asked)).json()
    assert answer["in_trash"] == [mine["id"]], "it is known, but nobody finds it among the photos"
    many = [f"{number:064x}" for number in range(1000)]
    assert (await kari.post("photos/exists", json={"hothashes": many, "file_sha256s": many})).status_code == 200
    assert (await kari.post("photos/exists", json={"hothashes": [*many, "f" * 64]})).status_code == 422


async def test_a_file_joins_a_photo_by_any_of_its_names(kari: Person, ola: Person) -> None:
    group = _group(3, files=[])
    photo_id = (await _batch(kari, photo_groups=[group]))["results"][0]["id"]
    new = {"filename": "IMG_3.CR2", "hothash": group["hothash"], "file_size": 5, "exif_data": _encoded(b"raw")}
    answers = [await kari.post("images/", json=new) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["photo_id"], answers[0].json()["role"]) == (photo_id, "raw")
    image = f"images/{answers[0].json()['id']}"
    assert (await kari.get(image)).json()["filename"] == "IMG_3.CR2"
    assert (await ola.get(image)).json()["type"] == "image-not-found"
    assert (await ola.post("images", json=new)).json()["type"] == "photo-not-found"

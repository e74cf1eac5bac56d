"""Photos that look alike are found, none is missed, and uniting two of them loses nothing."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from metadata_service.derived import likeness
from metadata_service.derived.likeness import distance, near, parts_of
from metadata_service.duplicates.pairing import pair_waiting
from metadata_service.tables import Photo, PhotoBand, PhotoPair, UnpairedPhoto
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person

_HASH = "f0e1d2c3b4a59687"


def _signed(bits: int) -> int:
    return bits - 2**64 if bits >= 2**63 else bits


def _turned(text: str, *bits: int) -> str:
    return f"{int(text, 16) ^ sum(1 << bit for bit in bits):016x}"


async def _fill(service: MetadataService, person: Person, hashes: list[int]) -> list[int]:
    rows = list(photos(person.user["id"], len(hashes), seed=random.randrange(10**6)))
    for row, bits in zip(rows, hashes, strict=True):
        row["perceptual_hash"] = _signed(bits)
    async with service.database.writing() as session:
        return await fill(session, rows)


async def _compare(service: MetadataService) -> None:
    while await pair_waiting(service.database):
        pass


async def _groups(person: Person, **params: Any) -> dict[str, Any]:
    answer = await person.get("duplicates/groups", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=11))
def test_two_hashes_agree_in_one_part_but_for_a_quarter_of_their_distance(bits: int, turned: set[int]) -> None:
    other = bits ^ sum(1 << bit for bit in turned)
    assert distance(_signed(bits), _signed(other)) == len(turned)
    parts = zip(parts_of(_signed(bits)), parts_of(_signed(other)), strict=True)
    assert min((one ^ two).bit_count() for one, two in parts) <= len(turned) // 4


@pytest.mark.parametrize("most", [0, 3, 4, 7, 11])
async def test_the_search_finds_what_looking_at_all_would_find(
    service: MetadataService, kari: Person, ola: Person, most: int
) -> None:
    chance = random.Random(most)
    centres = [chance.getrandbits(64) for _ in range(6)] + [0, 2**64 - 1]
    hashes = [
        chance.choice(centres) ^ sum(1 << bit for bit in chance.sample(range(64), chance.randrange(14)))
        for _ in range(400)
    ]
    ids = await _fill(service, kari, hashes)
    await _fill(service, ola, hashes)
    asked = [*centres, *hashes[:10]]
    async with service.database.reading() as session:
        found = await near(session, kari.user["id"], [_signed(bits) for bits in asked], most)
    expected = {
        (number, photo_id, (bits ^ wanted).bit_count())
        for number, wanted in enumerate(asked)
        for photo_id, bits in zip(ids, hashes, strict=True)
        if (bits ^ wanted).bit_count() <= most
    }
    assert {tuple(alike) for alike in found} == expected
    assert len(found) == len(expected)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=4))
def test_parts_are_those_that_the_database_cuts(hashes: list[int]) -> None:
    for bits in hashes:
        assert parts_of(_signed(bits)) == tuple(
            part * 65536 + int(f"{bits:016x}"[4 * part : 4 * part + 4], 16) for part in range(4)
        )


async def test_parts_follow_their_photo(service: MetadataService, kari: Person) -> None:
    ids = await _fill(service, kari, [5, 2**63, 2**64 - 1, 77])
    async with service.database.writing() as session:
        assert await likeness.check(session) == []
        await session.execute(update(Photo).where(Photo.id == ids[0]).values(perceptual_hash=-9))
        await session.execute(update(Photo).where(Photo.id == ids[1]).values(perceptual_hash=None))
        assert await likeness.check(session) == []
    assert (await kari.delete(f"photos/{ids[2]}?purge=true")).status_code == 200
    async with service.database.writing() as session:
        assert await likeness.check(session) == []
        assert await session.scalar(select(func.count()).select_from(PhotoBand)) == 8
        await session.execute(update(PhotoBand).values(hash=1))
        assert "has" in " ".join(await likeness.check(session))
        await likeness.rebuild(session)
        assert await likeness.check(session) == []


async def test_similar_photos_come_nearest_first_with_the_evidence(kari: Person) -> None:
    one = await kari.keep(1, perceptual_hash=_HASH)
    far = await kari.keep(2, perceptual_hash=_turned(_HASH, 1, 20, 40, 60, 63))
    close = await kari.keep(3, perceptual_hash=_turned(_HASH, 7))
    await kari.keep(4, perceptual_hash=_turned(_HASH, *range(8)))
    answer = (await kari.get(f"photos/{one['id']}/similar")).json()
    assert [item["photo"]["id"] for item in answer["data"]] == [close["id"], far["id"]]
    evidence = answer["data"][0]["evidence"]
    assert evidence["distance"] == 1
    assert evidence["same_camera"] is True
    assert evidence["seconds_apart"] is not None
    assert evidence["same_file"] is False
    wider = (await kari.get(f"photos/{one['id']}/similar?distance=8")).json()
    assert len(wider["data"]) == 3
    assert (await kari.get(f"photos/{one['id']}/similar?distance=12")).status_code == 422
    await kari.delete(f"photos/{close['id']}")
    answer = (await kari.get(f"photos/{one['id']}/similar")).json()
    assert [item["photo"]["id"] for item in answer["data"]] == [far["id"]]


async def test_a_stranger_learns_of_no_similar_photo(kari: Person, ola: Person, anyone: Person) -> None:
    mine = await kari.keep(1, perceptual_hash=_HASH, visibility="public")
    theirs = await ola.keep(2, perceptual_hash=_HASH, visibility="public")
    assert (await ola.get(f"photos/{mine['id']}/similar")).status_code == 403
    assert (await anyone.get(f"photos/{mine['id']}/similar")).status_code == 401
    assert (await ola.get(f"photos/{theirs['id']}/similar")).json()["data"] == []
    assert (await ola.post("photos/exists", json={"perceptual_hashes": [_HASH]})).json()["similar"] == {
        _HASH: [{"id": theirs["id"], "distance": 0}]
    }


async def test_before_an_import_exists_tells_what_looks_alike_and_else_answers_as_ever(kari: Person) -> None:
    photo = await kari.keep(1, perceptual_hash=_HASH)
    close = _turned(_HASH, 3, 30)
    answer = (await kari.post("photos/exists", json={"perceptual_hashes": [close, "0" * 16]})).json()
    assert answer["similar"] == {close: [{"id": photo["id"], "distance": 2}], "0" * 16: []}
    plain = (await kari.post("photos/exists", json={"hothashes": [photo["hothash"]]})).json()
    assert plain["hothashes"] == {photo["hothash"]: photo["id"]}
    assert "similar" not in plain


async def test_groups_hold_who_is_alike_page_by_page(service: MetadataService, kari: Person, ola: Person) -> None:
    chance = random.Random(5)
    centres = [chance.getrandbits(64) for _ in range(5)]
    hashes = [centre ^ turned for centre in centres for turned in (0, 1, 6)] + [
        chance.getrandbits(64) for _ in range(9)
    ]
    ids = await _fill(service, kari, hashes)
    await _fill(service, ola, hashes)
    assert (await _groups(kari))["meta"]["photos_to_compare"] == len(hashes)
    await _compare(service)
    seen, cursor = [], None
    while True:
        page = await _groups(kari, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [[item["photo"]["id"] for item in group["photos"]] for group in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    assert seen == [ids[start : start + 3] for start in range(0, 15, 3)]
    assert page["meta"]["photos_to_compare"] == 0
    assert (await _groups(kari, distance=0))["data"] == []
    assert (await kari.get("duplicates/groups?cursor=x")).status_code == 422


async def test_a_chain_is_one_group_and_what_is_dismissed_or_stacked_is_none(
    service: MetadataService, kari: Person
) -> None:
    # 1 - 3 - 2 - 4: two photos begin nothing, although no earlier one is like them
    ids = await _fill(service, kari, [0b0, 0b1111111100, 0b111100, 0b111111110000])
    await _compare(service)
    (group,) = (await _groups(kari, distance=5))["data"]
    assert [item["photo"]["id"] for item in group["photos"]] == ids
    assert (await kari.post("duplicates/dismiss", json={"photos": ids})).json() == {"pairs": 3}
    assert (await _groups(kari, distance=5))["data"] == []
    await kari.post("duplicates/dismiss", json={"photos": ids[:3], "is_dismissed": False})
    (group,) = (await _groups(kari, distance=5))["data"]
    assert len(group["photos"]) == 3
    names = [item["photo"]["hothash"] for item in group["photos"]]
    await kari.post("photo-stacks", json={"stack_type": "burst", "photo_hothashes": names})
    assert (await _groups(kari, distance=5))["data"] == []


async def test_a_new_hash_is_compared_anew(service: MetadataService, kari: Person) -> None:
    ids = await _fill(service, kari, [1, 2, 2**40 - 1])
    await _compare(service)
    async with service.database.writing() as session:
        await session.execute(update(Photo).where(Photo.id == ids[1]).values(perceptual_hash=2**40 - 2))
        assert list(await session.scalars(select(PhotoPair.photo_id))) == []
        assert list(await session.scalars(select(UnpairedPhoto.photo_id))) == [ids[1]]
    await _compare(service)
    async with service.database.reading() as session:
        pairs = await session.execute(select(PhotoPair.photo_id, PhotoPair.other_id))
        assert [tuple(pair) for pair in pairs] == [(ids[1], ids[2])]


async def _rich(kari: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two photos of one scene, each with things that the other lacks."""
    kept = await kari.keep(
        1, title="Fjord", rating=2, tags=["sea", "both"], perceptual_hash=_HASH,
        metadata={"camera_model": "R5", "taken_at": None, "gps_latitude": None, "gps_longitude": None},
        file_sha256="a" * 64,
        image_files=[{"filename": "a.xmp", "location": {"relative_path": "x/a.xmp"}}],
    )  # fmt: skip
    merged = await kari.keep(
        2, title="The fjord", description="In May", rating=4, tags=["both", "summer"], category="family",
        metadata={"camera_model": "R6", "taken_at": "2024-05-17T12:00:00", "taken_at_offset": "+02:00",
                  "gps_latitude": 60.5, "gps_longitude": 5.25},
        file_sha256="b" * 64, perceptual_hash=_HASH,
        image_files=[{"filename": "b.cr3", "sha256": "b" * 64, "role": "raw", "location": {"relative_path": "y/b.cr3"}},
                     {"filename": "a.xmp", "location": {"relative_path": "z/a.xmp"}}],
    )  # fmt: skip
    return kept, merged


async def _state(kari: Person, photo_id: int) -> dict[str, Any]:
    """All that the owner is told of a photo, but when it changed."""
    photo = (await kari.get(f"photos/{photo_id}")).json()
    tags = {name: photo_id in await kari.ids(tags=name) for name in ("sea", "both", "summer")}
    return {**{name: value for name, value in photo.items() if "updated" not in name}, "borne": tags}


async def test_merging_drops_nothing_and_undoing_gives_everything_back(kari: Person) -> None:  # noqa: PLR0915
    kept, merged = await _rich(kari)
    held = {"name": "Album", "hothashes": [merged["hothash"]]}
    collection = (await kari.post("collections", json=held)).json()
    event = (await kari.post("events", json={"name": "Trip"})).json()
    await kari.put(f"photos/{merged['id']}/event", json={"event_id": event["id"]})
    before = [await _state(kari, photo["id"]) for photo in (kept, merged)]

    answer = await kari.post("duplicates/merge", json={"keep": kept["id"], "merge": [merged["hothash"]]})
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()["data"]
    assert {"field": "camera_model", "kept": "R5", "merged": "R6"} in told["differences"]
    united = await _state(kari, kept["id"])
    assert united["title"] == "Fjord"
    assert united["description"] == "The fjord\n\nIn May"
    assert (united["rating"], united["category"], united["event_id"]) == (4, "family", event["id"])
    assert (united["gps_latitude"], united["gps_longitude"]) == (60.5, 5.25)
    assert united["taken_at"] == "2024-05-17T12:00:00"
    assert united["has_raw_companion"] is True
    assert {file["filename"] for file in united["files"]} >= {"a.xmp", "b.cr3"}
    assert all(united["borne"].values())
    assert (await kari.get(f"photos/{merged['id']}")).status_code == 404
    known = (
        await kari.post("photos/exists", json={"file_sha256s": ["b" * 64], "hothashes": [merged["hothash"]]})
    ).json()
    assert known["file_sha256s"] == {"b" * 64: kept["id"]}
    assert known["hothashes"] == {merged["hothash"]: kept["id"]}
    items = (await kari.get(f"collections/{collection['id']}/photos")).json()
    assert kept["hothash"] in str(items)
    again = await kari.keep(2, perceptual_hash=_HASH, file_sha256="b" * 64)
    assert (again["id"], again["is_duplicate"]) == (kept["id"], True), "it does not come in again"

    undone = await kari.post(f"duplicates/merges/{told['id']}/undo")
    assert undone.status_code == 200, undone.text
    after = [await _state(kari, photo["id"]) for photo in (kept, merged)]
    assert after == before
    assert merged["hothash"] in str((await kari.get(f"collections/{collection['id']}/photos")).json())
    assert (await kari.post(f"duplicates/merges/{told['id']}/undo")).status_code == 409
    assert (await kari.get("duplicates/merges")).json()["data"][0]["undone_at"] is not None


async def test_what_the_owner_changed_since_survives_the_undoing(kari: Person) -> None:
    kept, merged = await _rich(kari)
    answer = await kari.post("duplicates/merge", json={"keep": kept["id"], "merge": [merged["id"]]})
    (told,) = answer.json()["data"]
    await kari.patch(f"photos/{kept['id']}", json={"rating": 5})
    await kari.post(f"duplicates/merges/{told['id']}/undo")
    assert (await kari.get(f"photos/{kept['id']}")).json()["rating"] == 5
    assert (await kari.get(f"photos/{kept['id']}")).json()["category"] is None


async def test_a_merge_of_what_is_not_ones_own_changes_nothing(kari: Person, ola: Person) -> None:
    mine, theirs = await kari.keep(1), await ola.keep(2, visibility="public")
    hidden = await ola.keep(3)
    for keep, merge, status in (
        (mine, theirs, 403),
        (theirs, mine, 403),
        (mine, hidden, 404),
        (mine, mine, 422),
    ):
        answer = await kari.post("duplicates/merge", json={"keep": keep["id"], "merge": [merge["id"]]})
        assert answer.status_code == status
    assert (await kari.get(f"photos/{mine['id']}")).status_code == 200
    other = await kari.keep(4)
    (told,) = (
        await kari.post("duplicates/merge", json={"keep": mine["id"], "merge": [other["id"]]})
    ).json()["data"]  # fmt: skip
    assert (await ola.post(f"duplicates/merges/{told['id']}/undo")).status_code == 404
    await kari.delete(f"photos/{other['id']}?purge=true")
    assert (await kari.post(f"duplicates/merges/{told['id']}/undo")).status_code == 409


async def test_groups_cost_as_many_statements_for_a_hundred_as_for_one(
    service: MetadataService, kari: Person, statements: list[str]
) -> None:
    chance = random.Random(1)
    hashes = [bits ^ turned for bits in (chance.getrandbits(64) for _ in range(60)) for turned in (0, 1)]
    ids = await _fill(service, kari, hashes)
    await _compare(service)
    await kari.get("photos")
    for address, most in ((f"duplicates/groups?limit={limit}", 8) for limit in (1, 60)):
        statements.clear()
        assert (await kari.get(address)).status_code == 200
        assert len(statements) <= most, statements
    statements.clear()
    await kari.get(f"photos/{ids[0]}/similar")
    assert len(statements) <= 4, statements

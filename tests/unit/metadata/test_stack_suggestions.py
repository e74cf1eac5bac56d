"""Stacks are suggested by evidence: never by name alone, always with the reasons, and taken back without a trace."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from metadata_service.stacks.evidence import Frame, suggested
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person

_NOON = datetime.fromisoformat("2024-05-17T12:00:00")
_FRAME = Frame(
    id=1,
    taken_at=_NOON,
    camera="Canon EOS R5",
    is_raw=False,
    hash=0,
    size=(6000, 4000),
    exposure=(1 / 250, 8.0, 100.0),
    focal_length=35.0,
)


def _frame(number: int, seconds: float = 0, **changes: Any) -> Frame:
    return replace(_FRAME, **{"id": number, "taken_at": _NOON + timedelta(seconds=seconds), **changes})


def _found(*frames: Frame) -> list[tuple[str, list[int]]]:
    return [(one.kind, [frame.id for frame in one.frames]) for one in suggested(frames)]


def test_three_that_look_alike_within_seconds_are_a_burst() -> None:
    assert _found(_frame(1), _frame(2, 0.5, hash=1), _frame(3, 1, hash=3)) == [("burst", [1, 2, 3])]
    assert _found(_frame(1), _frame(2, 1)) == [], "two are no series"
    assert _found(_frame(1), _frame(2, 3), _frame(3, 6)) == [], "too far apart"
    assert _found(_frame(1), _frame(2, 1, hash=2**20 - 1), _frame(3, 2)) == [], "another picture between"
    assert _found(_frame(1), _frame(2, 1, camera="Z 6"), _frame(3, 2)) == [], "another camera"
    assert _found(_frame(1, hash=None), _frame(2, 1, hash=None), _frame(3, 2, hash=None)) == [], "nobody knows"


def test_one_scene_exposed_differently_is_a_bracket() -> None:
    by_time = [_frame(number, number, exposure=(1 / 250 * 2**number, 8.0, 100.0)) for number in range(3)]
    assert _found(*by_time) == [("hdr", [0, 1, 2])]
    said = [_frame(number, number, compensation=float(number - 1)) for number in range(3)]
    assert _found(*said) == [("hdr", [0, 1, 2])]
    (hdr,) = suggested(said)
    assert hdr.cover.id == 1, "the middle exposure"
    assert any("-1, +0, +1" in reason for reason in hdr.reasons)
    slight = [_frame(number, number, exposure=(1 / 250 * 1.2**number, 8.0, 100.0)) for number in range(3)]
    assert _found(*slight) == [("burst", [0, 1, 2])], "light that changes is no bracket"


def test_a_sweep_with_everything_fixed_is_a_panorama() -> None:
    turned = [_frame(number, number * 4, hash=(2**18 - 1) << (number * 10)) for number in range(3)]
    assert _found(*turned) == [("panorama", [0, 1, 2])]
    zoomed = [turned[0], replace(turned[1], focal_length=50.0), turned[2]]
    assert _found(*zoomed) == []
    unknown = [replace(frame, focal_length=None) for frame in turned]
    assert _found(*unknown) == []


def test_a_raw_file_and_its_jpeg_are_a_pair_by_more_than_a_name() -> None:
    raw = _frame(1, is_raw=True, name_stem="img_1", hash=5)
    assert _found(raw, _frame(2, 1, name_stem="img_1", hash=6)) == [("raw_jpeg", [1, 2])]
    assert _found(raw, _frame(2, 1, name_stem="img_1", hash=2**30 - 1)) == [], "another picture of that name"
    assert _found(raw, _frame(2, 60, name_stem="img_1", hash=5)) == [], "another time"
    assert _found(raw, _frame(2, 1, name_stem="img_1", hash=5, camera="Z 6")) == [], "another camera"
    assert _found(raw, _frame(2, 1, name_stem="img_2", hash=5)) == [], "another name, and nothing says where they lie"
    beside = (replace(raw, stems=frozenset("a")), _frame(2, 1, stems=frozenset("a"), hash=None))
    assert _found(*beside) == [("raw_jpeg", [1, 2])]


async def _burst(service: MetadataService, person: Person, start: datetime, count: int, seed: int) -> list[int]:
    rows = list(photos(person.user["id"], count, seed=seed))
    for number, row in enumerate(rows):
        taken_at = start + timedelta(seconds=number)
        row |= {"taken_at": taken_at, "camera_make": "Canon", "camera_model": "EOS R5", "perceptual_hash": number % 2}
        row["sort_ts"] = int((taken_at - datetime(1970, 1, 1)).total_seconds() * 1000)  # noqa: DTZ001  # wall clock
    async with service.database.writing() as session:
        return await fill(session, rows)


async def _suggestions(person: Person, **params: Any) -> dict[str, Any]:
    answer = await person.get("photo-stacks/suggestions", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_suggestion_is_accepted_or_dismissed_and_both_are_taken_back(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    ids = await _burst(service, kari, _NOON, 4, seed=1)
    await _burst(service, ola, _NOON, 4, seed=2)
    (one,) = (await _suggestions(kari))["data"]
    assert (one["stack_type"], [photo["id"] for photo in one["photos"]]) == ("burst", ids)
    assert one["reasons"]
    assert (await kari.post("photo-stacks/suggestions/dismiss", json={"key": one["key"]})).status_code == 200
    assert (await _suggestions(kari))["data"] == []
    wanted = {"key": one["key"], "is_dismissed": False}
    assert (await kari.post("photo-stacks/suggestions/dismiss", json=wanted)).status_code == 200
    taken = {"key": one["key"], "photo_ids": ids}
    assert (await ola.post("photo-stacks/suggestions/accept", json=taken)).status_code == 409
    made = await kari.post("photo-stacks/suggestions/accept", json=taken)
    assert made.status_code == 201, made.text
    stack = made.json()["stack"]
    assert (stack["stack_type"], stack["photo_count"]) == ("burst", 4)
    assert stack["cover_photo_hothash"] == one["cover_photo_hothash"]
    assert (await _suggestions(kari))["data"] == []
    again = await kari.post("photo-stacks/suggestions/accept", json=taken)
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "suggestion-gone")
    await kari.delete(f"photo-stacks/{stack['id']}")
    assert [item["key"] for item in (await _suggestions(kari))["data"]] == [one["key"]]


async def test_what_exif_says_of_the_exposure_counts(kari: Person) -> None:
    for number in range(3):
        await kari.keep(
            1 + number,
            metadata={"taken_at": f"2024-05-17T12:00:0{number}"},
            exif_dict={"EXIF": {"ExposureCompensation": (number - 1) * 2}},
        )
    (one,) = (await _suggestions(kari))["data"]
    assert one["stack_type"] == "hdr"
    await kari.keep(9, metadata={"taken_at": "2024-05-17T12:00:03"}, exif_dict={"EXIF": {"ExposureCompensation": "x"}})
    assert len((await _suggestions(kari))["data"]) == 1


async def test_pages_hold_every_suggestion_once_and_cost_few_statements(
    service: MetadataService, kari: Person, statements: list[str]
) -> None:
    for number in range(7):
        await _burst(service, kari, _NOON + timedelta(hours=number), 3, seed=10 + number)
    keys: list[str] = []
    cursor = None
    while True:
        page = await _suggestions(kari, limit=3, **({"cursor": cursor} if cursor else {}))
        keys += [item["key"] for item in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    assert len(keys) == len(set(keys)) == 7
    statements.clear()
    assert len((await _suggestions(kari, limit=50))["data"]) == 7
    assert len(statements) <= 5, statements
    assert (await kari.get("photo-stacks/suggestions?cursor=x")).status_code == 422

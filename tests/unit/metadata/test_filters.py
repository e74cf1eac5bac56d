"""Filters and orders: the same answer as looking at every photo in turn, for each viewer, on each database."""

import itertools
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert

from metadata_service.photos.criteria import Criteria
from metadata_service.tables import Author, ImportSession, PhotoStack, PhotoTag, Tag
from tests.support.library import CAMERAS, LENSES, fill, photos
from tests.support.metadata import MetadataService, Person

Row = dict[str, Any]
_COUNT = 160


@pytest.fixture
async def library(service: MetadataService, kari: Person, ola: Person) -> list[Row]:
    """Two people's photos with everything that can be asked for; `tags` are names."""
    rows: list[Row] = []
    async with service.database.writing() as session:
        for person in (kari, ola):
            rows += await _furnished(session, person.user["id"])
    return rows


async def _furnished(session: Any, owner_id: int) -> list[Row]:
    chance = random.Random(owner_id)

    async def make(table: Any, *values: Row) -> list[int]:
        rows = [{"owner_id": owner_id, **value} for value in values]
        return list(await session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))

    authors = await make(Author, {"name": "A"}, {"name": "B"})
    sessions = await make(ImportSession, {"title": "one"}, {"title": "two"})
    stacks = await make(PhotoStack, {"title": "burst"}, {"title": "pano"})
    names = ["Sjø", "Fjell", "By"]
    tags = await make(Tag, *({"name": name, "name_key": name.casefold()} for name in names))
    rows = [
        row
        | {
            "author_id": chance.choice([None, *authors]),
            "import_session_id": chance.choice([None, *sessions]),
            "stack_id": chance.choice([None, None, None, *stacks]),
        }
        for row in photos(owner_id, _COUNT)
    ]
    ids = await fill(session, rows)
    links: list[Row] = []
    for row, photo_id in zip(rows, ids, strict=True):
        row["id"] = photo_id
        row["tags"] = chance.sample(names, chance.choice([0, 0, 1, 2, 3]))
        links += [
            {"tag_id": tags[names.index(name)], "photo_id": photo_id, "sort_ts": row["sort_ts"]} for name in row["tags"]
        ]
    await session.execute(insert(PhotoTag), links)
    return rows


_OWN_ONLY = {"tags", "author_id", "import_session_id", "stack_id", "category", "has_gps", "has_raw", "bbox", "owner"}


def _fits(row: Row, viewer_id: int | None, asked: Row) -> bool:
    mine = row["owner_id"] == viewer_id
    if not (mine or row["visibility"] == 3 or (row["visibility"] == 2 and viewer_id is not None)):
        return False
    if not mine and any(name in _OWN_ONLY for name in asked):
        return False
    return all(_is(row, name, value, asked) for name, value in asked.items())


def _is(row: Row, name: str, value: Any, asked: Row) -> bool:
    return _MEANINGS.get(name, lambda row, value, _: row[name] == value)(row, value, asked)


def _bears(row: Row, names: list[str], asked: Row) -> bool:
    quantifier = all if asked.get("tag_match") == "all" else any
    return quantifier(name.casefold() in map(str.casefold, row["tags"]) for name in names)


def _lies_in(row: Row, box: str, _: Row) -> bool:
    west, south, east, north = map(float, box.split(","))
    if row["gps_latitude"] is None or not south <= row["gps_latitude"] <= north:
        return False
    at = row["gps_longitude"]
    return bool(west <= at <= east if west <= east else at >= west or at <= east)


def _taken(row: Row, first: str, last: str) -> bool:
    return bool(row["taken_at"] and datetime.fromisoformat(first) <= row["taken_at"] <= datetime.fromisoformat(last))


_LEVELS = ["private", "space", "authenticated", "public"]
_MEANINGS: dict[str, Callable[[Row, Any, Row], bool]] = {
    "owner": lambda *_: True,
    "tag_match": lambda *_: True,
    "tags": _bears,
    "bbox": _lies_in,
    "visibility": lambda row, value, _: _LEVELS[row["visibility"]] == value,
    "taken_after": lambda row, value, _: _taken(row, value, "9999-12-31"),
    "taken_before": lambda row, value, _: _taken(row, "0001-01-01", f"{value}T23:59:59.999999"),
    "undated": lambda row, value, _: (row["taken_at"] is None) == value,
    "rating_min": lambda row, value, _: row["rating"] >= value,
    "rating_max": lambda row, value, _: row["rating"] <= value,
    "has_gps": lambda row, value, _: (row["gps_latitude"] is not None) == value,
    "format": lambda row, value, _: row["image_format"] == value.upper(),
}
_KEYS = {
    "taken": lambda row: (row["sort_ts"], row["id"]),
    "created": lambda row: (row["id"],),
    "rating": lambda row: (row["rating"], row["sort_ts"], row["id"]),
}


def _single_filters(library: list[Row]) -> list[Row]:
    mine = library[:_COUNT]
    return [
        {},
        {"owner": "me"},
        *({"visibility": level} for level in ("private", "space", "authenticated", "public")),
        {"taken_after": "2010-01-01"},
        {"taken_before": mine[3]["taken_at"].date().isoformat()},
        {"taken_after": "2005-01-01", "taken_before": "2015-12-31"},
        {"undated": True},
        {"undated": False},
        {"rating_min": 4},
        {"rating_max": 0},
        {"rating_min": 1, "rating_max": 3},
        *({"camera_make": make} for make, _ in CAMERAS[:2]),
        {"camera_model": CAMERAS[1][1]},
        {"lens_model": LENSES[0]},
        {"format": "heif"},
        {"has_gps": True},
        {"has_gps": False},
        {"has_raw": True},
        {"has_raw": False},
        {"category": "family"},
        {"bbox": "-10,-20,120,60"},
        {"bbox": "120,-80,-120,80"},
        {"tags": ["sjø"]},
        {"tags": ["SJØ", "Fjell"]},
        {"tags": ["sjø", "fjell", "by"], "tag_match": "all"},
        {"tags": ["sjø", "unknown"], "tag_match": "all"},
        {"tags": ["unknown"]},
        {"author_id": next(row["author_id"] for row in mine if row["author_id"])},
        {"import_session_id": next(row["import_session_id"] for row in mine if row["import_session_id"])},
        {"stack_id": next(row["stack_id"] for row in mine if row["stack_id"])},
    ]


async def _walk(person: Person, asked: Row, limit: int = 23) -> list[int]:
    """Every page through cursors, in `limit`s that no group of ties fits."""
    found: list[int] = []
    cursor = None
    while True:
        body = asked | {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = await person.post("photos/search", json=body)
        assert answer.status_code == 200, (asked, answer.text)
        found += [photo["id"] for photo in answer.json()["data"]]
        cursor = answer.json()["meta"]["next_cursor"]
        if cursor is None:
            return found


def _expected(library: list[Row], viewer_id: int | None, asked: Row, sort_by: str, *, descending: bool) -> list[int]:
    fitting = [row for row in library if _fits(row, viewer_id, asked)]
    return [row["id"] for row in sorted(fitting, key=_KEYS[sort_by], reverse=descending)]


async def test_every_filter_finds_what_looking_at_each_photo_would(
    library: list[Row], kari: Person, ola: Person, anyone: Person
) -> None:
    for person, viewer_id in ((kari, kari.user["id"]), (ola, ola.user["id"]), (anyone, None)):
        for asked in _single_filters(library):
            expected = _expected(library, viewer_id, asked, "taken", descending=True)
            assert await _walk(person, asked, 100) == expected, (viewer_id, asked)


async def test_every_order_walks_every_photo_once(library: list[Row], kari: Person, anyone: Person) -> None:
    some = ({}, {"rating_min": 3}, {"tags": ["sjø", "by"]}, {"camera_model": "EOS R5"}, {"owner": "me"})
    for asked, sort_by, descending in itertools.product(some, _KEYS, (True, False)):
        body = asked | {"sort_by": sort_by, "sort_order": "desc" if descending else "asc"}
        for person, viewer_id in ((kari, kari.user["id"]), (anyone, None)):
            expected = _expected(library, viewer_id, asked, sort_by, descending=descending)
            assert await _walk(person, body) == expected, (viewer_id, body)


async def test_filters_that_are_combined_must_all_be_true(library: list[Row], kari: Person) -> None:
    chance = random.Random(7)
    single = [asked for asked in _single_filters(library) if asked]
    for _ in range(40):
        asked: Row = {}
        for part in chance.sample(single, chance.choice([2, 3])):
            if not asked.keys() & part.keys():
                asked |= part
        sort_by, descending = chance.choice(list(_KEYS)), chance.random() < 0.5
        try:
            Criteria.model_validate(asked)
        except ValueError:
            continue
        expected = _expected(library, kari.user["id"], asked, sort_by, descending=descending)
        body = asked | {"sort_by": sort_by, "sort_order": "desc" if descending else "asc"}
        assert await _walk(kari, body, 100) == expected, body


async def test_a_query_string_asks_for_the_same_as_a_body(library: list[Row], kari: Person) -> None:
    for asked in _single_filters(library):
        assert await kari.ids(limit=500, **asked) == _expected(
            library, kari.user["id"], asked, "taken", descending=True
        ), asked


async def test_totals_are_cheap_capped_or_exact_as_asked(library: list[Row], kari: Person) -> None:
    mine = {"owner": "me", "limit": 5}
    first = (await kari.post("photos/search", json=mine)).json()["meta"]
    assert (first["total"], first["offset"], first["page"], first["pages"]) == (_COUNT, 0, 1, _COUNT // 5)
    assert first["total_is_capped"] is None
    filtered = (await kari.post("photos/search", json=mine | {"has_gps": True})).json()["meta"]
    expected = len(_expected(library, kari.user["id"], {"has_gps": True}, "taken", descending=True))
    assert (filtered["total"], filtered["total_is_capped"]) == (expected, False)
    assert (await kari.get("photos")).json()["meta"]["total"] is None, "not counted unless asked for"


async def test_strangers_learn_nothing_from_filters_about_what_they_are_not_told(
    library: list[Row], kari: Person, ola: Person, anyone: Person
) -> None:
    theirs = {row["id"] for row in library if row["owner_id"] == kari.user["id"]}
    probes: list[Row] = [
        {"has_gps": True},
        {"has_gps": False},
        {"bbox": "-180,-90,180,90"},
        {"has_raw": True},
        {"category": "family"},
        {"query": "IMG_0000001"},
        *({name: library[3][name]} for name in ("author_id", "import_session_id", "stack_id")),
        {"tags": ["sjø"]},
    ]
    for probe in probes:
        asked = {name: value if value is not None else 1 for name, value in probe.items()}
        for person in (ola, anyone):
            assert not theirs & set(await _walk(person, asked, 500)), asked


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "0,10,5,5"}, "bbox"),
        ({"bbox": "0,0,nan,5"}, "bbox"),
        ({"bbox": "-181,0,5,5"}, "bbox"),
        ({"bbox": "0,0,1e999,5"}, "bbox"),
        ({"taken_after": "0000-01-01"}, "taken_after"),
        ({"taken_after": "yesterday"}, "taken_after"),
        ({"taken_before": "10000-01-01"}, "taken_before"),
        ({"rating_min": 6}, "rating_min"),
        ({"tag_ids": [2**64]}, "tag_ids"),
        ({"tag_ids": list(range(1, 60))}, "tag_ids"),
        ({"tags": ["a\0"]}, "tags"),
        ({"query": "x" * 256}, "query"),
        ({"author_id": 2**63}, "author_id"),
        ({"sort_by": "colour"}, "sort_by"),
        ({"sort_order": "up"}, "sort_order"),
        ({"page": 0}, "page"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_a_filter_that_cannot_be_is_refused_by_name(kari: Person, asked: Row, field: str) -> None:
    by_body = await kari.post("photos/search", json=asked)
    by_query = await kari.get("photos", params=asked)
    for answer in (by_body, by_query):
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request"), answer.text
        assert any(field in error["loc"] for error in answer.json()["errors"]), answer.text


@pytest.mark.parametrize("asked", [{"taken_before": "9999-12-31"}, {"taken_after": "0001-01-01"}, {"page": 10**9}])
async def test_the_ends_of_time_and_of_paging_are_answered(library: list[Row], kari: Person, asked: Row) -> None:
    assert (await kari.post("photos/search", json=asked)).status_code == 200


async def test_ranges_upside_down_are_refused(kari: Person) -> None:
    for asked in ({"rating_min": 4, "rating_max": 2}, {"taken_after": "2024-01-02", "taken_before": "2024-01-01"}):
        assert (await kari.post("photos/search", json=asked)).status_code == 422


async def test_a_cursor_belongs_to_its_order(library: list[Row], kari: Person) -> None:
    cursor = (await kari.get("photos", params={"limit": 5, "sort_by": "rating"})).json()["meta"]["next_cursor"]
    for order in ({"sort_by": "taken"}, {"sort_by": "rating", "sort_order": "asc"}, {"sort_by": "created"}):
        answer = await kari.get("photos", params={"cursor": cursor, **order})
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid-cursor"), order
    assert (await kari.get("photos", params={"cursor": cursor, "sort_by": "rating"})).status_code == 200

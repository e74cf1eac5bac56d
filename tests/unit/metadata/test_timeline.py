"""The timeline: what lies where, for whom; and segments that lose nothing while others write."""

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from metadata_service.timeline.periods import packed
from tests.support.eggs import jpeg
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person

Row = dict[str, Any]
_COUNT = 400
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # wall clock
_WIDTHS = {"year": 1, "month": 2, "day": 3, "hour": 4}


@pytest.fixture
async def library(service: MetadataService, kari: Person, ola: Person) -> list[Row]:
    rows = [row for person in (kari, ola) for row in photos(person.user["id"], _COUNT)]
    async with service.database.writing() as session:
        for row, photo_id in zip(rows, await fill(session, rows), strict=True):
            row["id"] = photo_id
    return rows


def _seen(library: list[Row], viewer_id: int | None) -> list[Row]:
    least = 3 if viewer_id is None else 2
    return [row for row in library if row["owner_id"] == viewer_id or row["visibility"] >= least]


def _parts(taken_at: datetime) -> tuple[int, ...]:
    return (taken_at.year, taken_at.month, taken_at.day, taken_at.hour)


def _key(period: Row) -> tuple[int, ...]:
    return tuple(period[name] for name in _WIDTHS if period[name] is not None)


def _check(shown: list[Row], rows: list[Row], granularity: str) -> None:
    """Compare the periods with what looking at each photo says."""
    width = _WIDTHS[granularity]
    groups: dict[tuple[int, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(_parts(row["taken_at"])[:width], []).append(row)
    assert [_key(period) for period in shown] == sorted(groups, reverse=True)
    for period in shown:
        members = groups[_key(period)]
        moments = sorted(row["taken_at"] for row in members)
        assert period["count"] == len(members)
        assert period["date_range"] == {"first": moments[0].isoformat(), "last": moments[-1].isoformat()}
        (cover,) = [row for row in members if row["id"] == period["preview_photo_id"]]
        best = max(row["rating"] if row["rating"] >= 4 else 0 for row in members)
        candidates = [row for row in members if row["rating"] >= best]
        middle = moments[0] + (moments[-1] - moments[0]) / 2
        late = [row for row in candidates if row["taken_at"] >= middle]
        assert cover in (late or candidates), "the best rated, in the later half if there is one"
        assert period["preview_hothash"] == cover["hothash"]
        assert period["preview_url"] == f"/api/v1/photos/{cover['id']}/hotpreview"


@pytest.mark.parametrize("asked", [{}, {"owner": "me"}, {"camera_model": "EOS R5"}, {"visibility": "public"}])
async def test_every_granularity_counts_and_covers_what_each_viewer_sees(
    library: list[Row], kari: Person, anyone: Person, asked: Row
) -> None:
    for person, viewer_id in ((kari, kari.user["id"]), (anyone, None)):
        seen = [
            row
            for row in _seen(library, viewer_id)
            if row["camera_model"] == asked.get("camera_model", row["camera_model"])
            and (row["visibility"] == 3 or "visibility" not in asked)
            and (row["owner_id"] == viewer_id or "owner" not in asked)
        ]
        dated = [row for row in seen if row["taken_at"]]
        for granularity in ("year", "month", "day"):
            answer = (await person.get("timeline", params={"granularity": granularity, **asked})).json()
            _check(answer["data"], dated, granularity)
            assert answer["meta"]["total_photos"] == len(dated)
            assert answer["meta"][f"total_{granularity}s"] == len(answer["data"])
            if "camera_model" not in asked:
                assert answer["meta"]["undated_photos"] == len(seen) - len(dated)


async def test_a_period_within_a_period(library: list[Row], kari: Person) -> None:
    dated = [row for row in _seen(library, kari.user["id"]) if row["taken_at"]]
    (year, month, day), _ = Counter(_parts(row["taken_at"])[:3] for row in dated).most_common(1)[0]
    for granularity, within in (("month", [year]), ("day", [year, month]), ("hour", [year, month, day])):
        params: Row = {"granularity": granularity, **dict(zip(_WIDTHS, within, strict=False))}
        answer = (await kari.get("timeline", params=params)).json()
        inside = [row for row in dated if _parts(row["taken_at"])[: len(within)] == tuple(within)]
        _check(answer["data"], inside, granularity)
        address = "/".join(f"{name}/{value}" for name, value in zip(_WIDTHS, within, strict=False))
        listed = (await kari.get(f"photos/timeline/{address}/photos", params={"limit": 500})).json()
        assert {photo["id"] for photo in listed["data"]} == {row["id"] for row in inside}
        assert listed["meta"]["total"] == len(inside)
    hour = (await kari.get("timeline", params=params)).json()["data"][0]
    listed = (await kari.get(f"photos/timeline/{address}/hour/{hour['hour']}/photos")).json()
    assert listed["meta"]["total"] == hour["count"]


async def test_the_ends_of_time(service: MetadataService, kari: Person) -> None:
    moments = ["0001-01-01T00:00:00", "1969-12-31T23:59:59.999", "1970-01-01T00:00:00", "9999-12-31T23:59:59"]
    for seed, moment in enumerate(moments, start=1):
        await kari.keep(seed, metadata={"taken_at": moment})
    for granularity in ("year", "month", "day"):
        data = (await kari.get("timeline", params={"granularity": granularity})).json()["data"]
        assert [period["year"] for period in data] == [9999, 1970, 1969, 1]
    layout = (await kari.get("timeline/segments")).json()["data"]
    assert sum(layout["count"]) == 4
    assert (await kari.get("photos/timeline/year/9999/month/12/photos")).json()["meta"]["total"] == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("granularity=hour", ""),
        ("granularity=second", "granularity"),
        ("year=0", "year"),
        ("year=10000", "year"),
        ("month=5", ""),
        ("year=2024&month=13", "month"),
        ("year=2023&month=2&day=29", ""),
        ("year=2024&month=2&day=x", "day"),
        ("undated=true", ""),
        ("limit=0", "limit"),
    ],
)
async def test_a_timeline_that_cannot_be_is_refused(kari: Person, asked: str, field: str) -> None:
    answer = await kari.get(f"timeline?{asked}")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert field in answer.json()["errors"][0]["loc"] or not field


@pytest.mark.parametrize("path", ["year/0", "year/2023/month/2/day/30", "year/2024/month/0", "year/x", "year/99999"])
async def test_photos_of_a_period_that_cannot_be_are_refused(kari: Person, path: str) -> None:
    answer = await kari.get(f"photos/timeline/{path}/photos")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def _all_of(person: Person, first: int, end: int) -> list[int]:
    """A segment with what it says to go on to."""
    found: list[int] = []
    cursor = ""
    while True:
        answer = await person.get(f"timeline/segments/{first}/{end}", params={"cursor": cursor} if cursor else {})
        assert answer.status_code == 200, answer.text
        found += answer.json()["data"]["id"]
        cursor = answer.json()["meta"]["next_cursor"]
        if cursor is None:
            return found


async def test_segments_hold_each_dated_photo_once_newest_first(
    library: list[Row], kari: Person, anyone: Person
) -> None:
    for person, viewer_id in ((kari, kari.user["id"]), (anyone, None)):
        seen = _seen(library, viewer_id)
        dated = sorted((row for row in seen if row["taken_at"]), key=lambda row: (row["sort_ts"], row["id"]))
        layout = (await person.get("timeline/segments")).json()
        edges = list(zip(*layout["data"].values(), strict=True))
        walked = [photo for first, end, _ in edges for photo in await _all_of(person, first, end)]
        assert walked == [row["id"] for row in reversed(dated)]
        assert layout["meta"]["total_photos"] == sum(count for *_, count in edges) == len(dated)
        undated = (await person.get("timeline/segments/undated")).json()["data"]["id"]
        assert set(undated) == {row["id"] for row in seen if row["taken_at"] is None}
        assert layout["meta"]["undated_photos"] == len(undated)


async def test_a_segment_tells_what_a_page_needs_and_no_more(library: list[Row], kari: Person, ola: Person) -> None:
    by_id = {row["id"]: row for row in library}
    for person in (kari, ola):
        layout = (await person.get("timeline/segments")).json()["data"]
        data = (await person.get(f"timeline/segments/{layout['first'][0]}/{layout['end'][0]}")).json()["data"]
        for photo_id, time, flags in zip(data["id"], data["time"], data["flags"], strict=True):
            row = by_id[photo_id]
            mine = row["owner_id"] == person.user["id"]
            assert time == (row["taken_at"] - _EPOCH) // timedelta(milliseconds=1)
            assert flags == (
                mine
                + 2 * (row["visibility"] >= 2)
                + row["rating"] * 16
                + 4 * (mine and row["gps_latitude"] is not None)
                + 8 * (mine and row["has_raw"])
                + 128 * (row.get("coldpreview_key") is not None)
            )


async def test_a_segment_tells_which_photos_are_large_and_how_to_show_them(kari: Person) -> None:
    plain, large, turned = [
        (await kari.keep(seed, coldpreview=jpeg(seed, size=(600, 400)) if seed == 2 else None))["id"]
        for seed in range(1, 4)
    ]
    await kari.patch(f"photos/{turned}/view-correction", json={"rotation": 90, "correction_reason": "upside down"})
    layout = (await kari.get("timeline/segments")).json()["data"]
    data = (await kari.get(f"timeline/segments/{layout['first'][-1]}/{layout['end'][0]}")).json()["data"]
    flags = dict(zip(data["id"], data["flags"], strict=True))

    assert [flags[photo] & 128 for photo in (plain, large, turned)] == [0, 128, 0]
    assert data["corrected"] == {str(turned): {"rotation": 90}}


async def test_a_crowded_day_is_cut_finer_and_goes_on_where_it_was_cut(service: MetadataService, kari: Person) -> None:
    rows = list(photos(kari.user["id"], 2_400, sharing="nobody"))
    noon = datetime(2024, 5, 17, 12)  # noqa: DTZ001  # wall clock
    for number, row in enumerate(rows):
        row["taken_at"] = noon + timedelta(seconds=0 if number < 1_200 else number)
        row["sort_ts"] = (row["taken_at"] - _EPOCH) // timedelta(milliseconds=1)
    async with service.database.writing() as session:
        await fill(session, rows)
    whole = (await kari.get("timeline/segments")).json()["data"]
    assert whole["count"] == [2_400]
    fine = (await kari.get("timeline/segments", params={"year": 2024, "month": 5, "day": 17})).json()["data"]
    assert sum(fine["count"]) == 2_400
    assert max(fine["count"][:-1]) <= 1_000
    walked = [
        photo
        for first, end in zip(fine["first"], fine["end"], strict=True)
        for photo in await _all_of(kari, first, end)
    ]
    assert len(walked) == len(set(walked)) == 2_400
    assert walked == await _all_of(kari, whole["first"][0], whole["end"][0])


async def test_a_tag_changes_with_everything_that_a_segment_shows(
    library: list[Row], kari: Person, ola: Person
) -> None:
    layout = (await kari.get("timeline/segments")).json()["data"]
    path = f"timeline/segments/{layout['first'][0]}/{layout['end'][0]}"

    async def tag_of(person: Person, known: str = "") -> tuple[int, str]:
        answer = await person.get(path, headers={"If-None-Match": known} if known else {})
        return answer.status_code, answer.headers["etag"]

    mine = next(row for row in library if row["owner_id"] == kari.user["id"] and row["taken_at"])
    _, tag = await tag_of(kari)
    assert await tag_of(kari, tag) == (304, tag)
    assert (await tag_of(ola, tag))[0] == 200, "another viewer, another answer"
    for change in (
        lambda: kari.patch(f"photos/{mine['id']}", json={"rating": 3 if mine["rating"] != 3 else 2}),
        lambda: kari.patch(f"photos/{mine['id']}", json={"visibility": "public"}),
        lambda: kari.delete(f"photos/{mine['id']}"),
        lambda: kari.post(f"photos/{mine['id']}/restore"),
        lambda: kari.patch("photos/bulk", json={"ids": [mine["id"]], "change": {"rating": 5}}),
        lambda: kari.delete(f"photos/{mine['id']}?purge=true"),
        lambda: kari.keep(77, metadata={"taken_at": mine["taken_at"].isoformat()}),
    ):
        answer: Any = await change()
        assert isinstance(answer, dict) or answer.status_code == 200
        status, new = await tag_of(kari, tag)
        assert (status, new != tag) == (200, True)
        tag = new


async def test_segments_stay_exact_while_others_import_and_delete(service: MetadataService, kari: Person) -> None:
    """What is there from before until after is in exactly one answer of every walk."""
    stays = list(photos(kari.user["id"], 1_500, sharing="nobody"))
    async with service.database.writing() as session:
        steady = set(await fill(session, [row for row in stays if row["taken_at"]]))
    chance = random.Random(3)
    done = asyncio.Event()

    async def disturb() -> None:
        round_ = 0
        while not done.is_set():
            round_ += 1
            rows = list(photos(kari.user["id"], 60, seed=1_000 + round_, sharing="nobody"))
            async with service.database.writing() as session:
                passing = await fill(session, rows)
            thrown = chance.sample(passing, 30)
            await kari.post("photos/bulk/delete", json={"ids": thrown, "purge": round_ % 2 == 0})

    async def walk() -> None:
        for _ in range(4):
            layout = (await kari.get("timeline/segments")).json()["data"]
            found: Counter[int] = Counter()
            for first, end in zip(layout["first"], layout["end"], strict=True):
                found.update(await _all_of(kari, first, end))
            assert {photo: found[photo] for photo in steady} == dict.fromkeys(steady, 1)
        done.set()

    await asyncio.gather(disturb(), walk())


def test_segments_are_packed_full_and_meet() -> None:
    days = [(day, count) for day, count in enumerate([400, 700, 1, 2_500, 999, 1, 0, 300]) if count][::-1]
    segments = list(packed(days, 1_000, 10))
    assert [segment.count for segment in segments] == [301, 999, 2_500, 701, 400]
    assert all(older.end == newer.first for newer, older in pairwise(segments))
    assert list(packed([], 1_000, 10)) == []

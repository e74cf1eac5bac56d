"""Lists: newest first, every page exactly once, in both ways of paging."""

import pytest

from tests.support.eggs import egg
from tests.support.metadata import Person


async def _keep_dated(
    person: Person, dates: list[str | None], visibility: str = "private", start: int = 1
) -> list[int]:
    return [
        (await person.keep(start + n, metadata={"taken_at": date}, visibility=visibility))["id"]
        for n, date in enumerate(dates)
    ]


async def test_the_newest_photo_comes_first_and_an_undated_one_sorts_by_when_it_came(kari: Person) -> None:
    old, new, undated, middle = await _keep_dated(
        kari, ["1969-07-20T20:17:40", "2024-01-02T00:00:00", None, "2024-01-01T00:00:00.250"]
    )
    assert await kari.ids() == [undated, new, middle, old]


async def test_a_cursor_walks_own_and_shared_photos_once_each(kari: Person, ola: Person) -> None:
    # The same instants in both libraries: ties must neither repeat nor lose a photo.
    dates: list[str | None] = [f"2024-05-{day:02}T12:00:00" for day in (1, 1, 2, 3, 3)]
    mine = await _keep_dated(kari, dates)
    mine += await _keep_dated(kari, dates, "public", start=50)
    shared = await _keep_dated(ola, dates, "authenticated", start=100)
    await _keep_dated(ola, dates, "private", start=200)
    walked: list[int] = []
    cursor = None
    while True:
        page = (await kari.get("photos", params={"limit": 4} | ({"cursor": cursor} if cursor else {}))).json()
        walked += [photo["id"] for photo in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
        assert len(page["data"]) == 4
    assert sorted(walked) == sorted(mine + shared)
    assert walked == await kari.ids(limit=500)


async def test_a_cursor_stands_still_while_newer_photos_come_and_older_ones_go(kari: Person) -> None:
    ids = await _keep_dated(kari, [f"2024-05-{day:02}T12:00:00" for day in range(1, 7)])
    page = (await kari.get("photos", params={"limit": 2})).json()
    await _keep_dated(kari, ["2025-01-01T00:00:00"], start=300)
    await kari.delete(f"photos/{ids[3]}")
    rest = (await kari.get("photos", params={"cursor": page["meta"]["next_cursor"]})).json()
    assert [photo["id"] for photo in rest["data"]] == [ids[2], ids[1], ids[0]]


async def test_offset_and_page_count_like_older_clients_expect(kari: Person) -> None:
    await _keep_dated(kari, [f"2024-05-{day:02}T12:00:00" for day in range(1, 8)])
    everything = await kari.ids()
    by_offset = (await kari.get("photos", params={"offset": 3, "limit": 3})).json()
    assert [photo["id"] for photo in by_offset["data"]] == everything[3:6]
    meta = by_offset["meta"]
    assert (meta["total"], meta["offset"], meta["limit"], meta["page"], meta["pages"]) == (7, 3, 3, 2, 3)
    by_page = (await kari.get("photos", params={"page": 3, "limit": 3})).json()
    assert [photo["id"] for photo in by_page["data"]] == everything[6:]
    assert (await kari.get("photos", params={"page": 10**9})).json()["data"] == []


async def test_owner_me_shows_only_my_own(kari: Person, ola: Person, anyone: Person) -> None:
    (mine,) = await _keep_dated(kari, ["2024-05-01T12:00:00"], "public")
    (his,) = await _keep_dated(ola, ["2024-05-02T12:00:00"], "public")
    assert await kari.ids() == [his, mine]
    assert await kari.ids(owner="me") == [mine]
    assert await anyone.ids(owner="me") == []


@pytest.mark.parametrize("path", ["photos", "photos/"])
async def test_a_trailing_slash_is_answered_directly(kari: Person, path: str) -> None:
    assert (await kari.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("params", "slug"),
    [
        ({"cursor": "AAAA"}, "invalid-cursor"),
        ({"cursor": "æøå"}, "invalid-cursor"),
        ({"limit": 0}, "invalid-request"),
        ({"limit": 501}, "invalid-request"),
        ({"offset": -1}, "invalid-request"),
        ({"offset": 10**20}, "invalid-request"),
        ({"owner": "you"}, "invalid-request"),
    ],
)
async def test_a_page_that_cannot_be_is_refused(kari: Person, params: dict[str, object], slug: str) -> None:
    answer = await kari.get("photos", params=params)
    assert (answer.status_code, answer.json()["type"]) == (422, slug)


async def test_a_list_costs_one_statement_and_what_stands_beside_its_photos_another(
    kari: Person, anyone: Person, statements: list[str]
) -> None:
    author = (await kari.post("authors", json={"name": "Anna"})).json()["id"]
    for seed in range(1, 6):
        sharing = {"visibility": "public"} if seed == 1 else {}
        await kari.post("photos/photoegg", json=egg(seed, tags=["sea", f"t{seed}"], author_id=author, **sharing))
    statements.clear()
    photos = (await kari.get("photos")).json()["data"]
    assert len(statements) == 2, statements
    assert "photo_previews" not in "".join(statements)
    for photo in photos:
        assert photo["author"] == {"id": author, "name": "Anna"}
        assert [tag["name"] for tag in photo["tags"]] == ["sea", f"t{int(photo['files'][0]['filename'][4:8])}"]
    statements.clear()
    assert len(await anyone.ids()) == 1
    assert len(statements) == 2, "of others' photos the second asks what their owners tell"
    assert "photo_tags" not in "".join(statements)

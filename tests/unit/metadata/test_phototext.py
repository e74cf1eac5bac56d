"""Stories: kept, published, read by those who may, changed by their owner alone."""

from typing import Any

import pytest

from tests.support.metadata import Person

BLOCKS = {"version": "1.0", "blocks": [{"type": "image", "imageId": "a" * 64, "caption": "Æ"}, {"n": [1, 2.5, None]}]}


async def _story(person: Person, title: str = "A day", **more: Any) -> dict[str, Any]:
    body = {"title": title, "document_type": "general", "content": BLOCKS} | more
    answer = await person.post("phototext/", json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def _titles(person: Person, **params: Any) -> list[str]:
    answer = await person.get("phototext/", params=params)
    assert answer.status_code == 200, answer.text
    return [story["title"] for story in answer.json()["documents"]]


async def test_a_story_is_kept_as_it_was_sent(kari: Person) -> None:
    cover = {"hash": "b" * 64, "alt": "a fjord"}
    told = await _story(kari, abstract="short", cover_image=cover)
    assert (told["content"], told["cover_image"]) == (BLOCKS, cover)
    assert (told["cover_image_hash"], told["cover_image_alt"]) == (cover["hash"], cover["alt"])
    assert (told["user_id"], told["visibility"], told["version"]) == (kari.user["id"], "private", "1.0")
    assert (told["is_published"], told["published_at"]) == (False, None)
    assert (await kari.get(f"phototext/{told['id']}/")).json() == told


async def test_what_is_left_out_stays_and_null_takes_away_what_can_go(kari: Person) -> None:
    story = await _story(kari, abstract="short", cover_image={"hash": "b" * 64, "alt": "x"})
    at = f"phototext/{story['id']}/"
    told = (await kari.put(at, json={"title": "Another day", "document_type": "album"})).json()
    assert (told["title"], told["document_type"], told["abstract"]) == ("Another day", "album", "short")
    told = (await kari.put(at, json={"title": None, "content": None, "abstract": None, "cover_image": None})).json()
    assert (told["title"], told["content"], told["abstract"]) == ("Another day", BLOCKS, None)
    assert (told["cover_image"], told["cover_image_hash"], told["cover_image_alt"]) == (None, None, None)
    gone = await kari.delete(at)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await kari.get(at)).json()["type"] == "story-not-found"


async def test_publishing_is_dated_and_can_be_taken_back(kari: Person) -> None:
    story = await _story(kari)
    at = f"phototext/{story['id']}"
    published = (await kari.put(at, json={"is_published": True})).json()
    assert published["published_at"] >= story["created_at"]
    assert (await kari.put(at, json={"title": "x"})).json()["published_at"] == published["published_at"]
    assert (await kari.put(at, json={"is_published": False})).json()["published_at"] is None


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [("private", set()), ("space", set()), ("authenticated", {"ola"}), ("public", {"ola", "anyone"})],
)
async def test_others_read_what_is_published_far_enough(
    kari: Person, ola: Person, anyone: Person, visibility: str, readers: set[str]
) -> None:
    story = await _story(kari, visibility=visibility)
    at = f"phototext/{story['id']}"
    for is_published in (False, True):
        await kari.put(at, json={"is_published": is_published})
        for name, person in (("ola", ola), ("anyone", anyone)):
            may = is_published and name in readers
            assert (await person.get(at)).status_code == (200 if may else 404)
            assert await _titles(person) == (["A day"] if may else [])
            assert await _titles(person, visibility=visibility) == (["A day"] if may else [])
        assert await _titles(kari) == ["A day"]


async def test_who_reads_a_story_of_another_may_not_change_it(kari: Person, ola: Person, anyone: Person) -> None:
    story = await _story(kari, visibility="public", is_published=True)
    at = f"phototext/{story['id']}"
    for method, body in (("PUT", {"title": "mine"}), ("DELETE", None)):
        refused = await ola.request(method, at, json=body)
        assert (refused.status_code, refused.json()["type"]) == (403, "not-your-story")
        assert (await anyone.request(method, at, json=body)).status_code == 401
    assert (await anyone.get(at)).json()["title"] == "A day"


async def test_lists_are_filtered_sorted_and_paged_without_content(kari: Person, ola: Person) -> None:
    await _story(kari, "beta", document_type="album")
    await _story(kari, "Alpha", is_published=True, visibility="public")
    first = await _story(kari, "gamma", document_type="slideshow", is_published=True)
    await _story(ola, "not yours")
    assert await _titles(kari) == ["gamma", "Alpha", "beta"]
    assert await _titles(kari, sort_by="title", sort_order="asc") == ["Alpha", "beta", "gamma"]
    await kari.put(f"phototext/{first['id']}", json={"abstract": "newer"})
    assert (await _titles(kari, sort_by="updated_at"))[0] == "gamma"
    assert await _titles(kari, document_type="album") == ["beta"]
    assert await _titles(kari, is_published="true") == ["gamma", "Alpha"]
    assert await _titles(kari, is_published="false") == ["beta"]
    assert await _titles(kari, visibility="public") == ["Alpha"]
    told = (await kari.get("phototext", params={"limit": 1, "offset": 1})).json()
    assert (told["total"], told["limit"], told["offset"], len(told["documents"])) == (3, 1, 1, 1)
    assert "content" not in told["documents"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"document_type": "novel"},
        {"content": "text"},
        {"content": {"a": "b\0"}},
        {"content": {"n": 2**63}},
        {"visibility": "friends"},
        {"cover_image": {"hash": "x"}},
    ],
)
async def test_what_is_no_story_is_refused(kari: Person, change: dict[str, Any]) -> None:
    body = {"title": "x", "document_type": "general", "content": {}} | change
    assert (await kari.post("phototext", json=body)).status_code == 422

"""An owner looks through other eyes: exactly what those would see of the owner's photos, and of nobody else's."""

import pytest

from tests.support.eggs import jpeg
from tests.support.metadata import Person
from tests.unit.metadata.test_sharing import link_of
from tests.unit.metadata.test_spaces import put, space_of


async def test_what_is_seen_through_other_eyes_is_what_those_see_of_the_owners(
    kari: Person, ola: Person, anyone: Person
) -> None:
    ids = {}
    for number, level in enumerate(("private", "space", "authenticated", "public"), start=1):
        kept = await kari.keep(number, visibility=level, title="Fjord", coldpreview=jpeg(9, size=(600, 400)))
        ids[level] = kept["id"]
    await ola.keep(5, visibility="public", title="Fjord")
    theirs = await ola.keep(6, title="Fjord")
    space_id = await space_of(kari, ola)
    await put(kari, space_id, {"id": ids["space"]})
    empty = await space_of(kari, name="Empty")
    link = await link_of(kari, photo_ids=[ids["private"]])
    public, shared = {"public"}, {"public", "authenticated"}
    for named, levels in (
        ("anonymous", public),
        ("user:ola", shared | {"space"}),
        ("user:OLA@example.org", shared | {"space"}),
        ("user:nobody", shared),
        (f"space:{space_id}", shared | {"space"}),
        (f"space:{empty}", shared),
        (f"link:{link['id']}", {"private"}),
    ):
        headers = {"X-View-As": named}
        expected = sorted((ids[level] for level in levels), reverse=True)
        for path in ("photos", "photos?offset=0", "photos?query=fjord", "photos?sort_by=rating", "photos?rating_min=0"):
            page = (await kari.get(path, headers=headers)).json()
            assert sorted((photo["id"] for photo in page["data"]), reverse=True) == expected, (named, path)
            assert not any(photo["is_mine"] for photo in page["data"])
            assert {photo["primary_filename"] for photo in page["data"]} == {None}
        for level, photo_id in ids.items():
            for path in ("", "/hotpreview", "/coldpreview"):
                answer = await kari.get(f"photos/{photo_id}{path}", headers=headers)
                assert answer.status_code == (200 if level in levels else 404), (named, level, path)
                if answer.status_code == 200:
                    assert "X-View-As" in answer.headers["vary"]
        assert (await kari.get(f"photos/{theirs['id']}", headers=headers)).status_code == 404
        for path in ("timeline", "timeline?granularity=day", "timeline/segments"):
            body = (await kari.get(path, headers=headers)).json()
            assert body["meta"]["total_photos"] == len(levels), (named, path)
        assert (await kari.get("photos?owner=me", headers=headers)).json()["data"] == []
        assert (await kari.get("photos?tags=x", headers=headers)).json()["data"] == []


@pytest.mark.parametrize(
    "named", ["", "me", "user:", "space:1", "space:x", "link:1", "link:0", "space:99999999999999999"]
)
async def test_eyes_that_are_not_the_owners_to_borrow_are_refused(kari: Person, ola: Person, named: str) -> None:
    space_id = await space_of(ola)
    assert space_id == 1
    await link_of(ola, photo_ids=[(await ola.keep(1))["id"]])
    answer = await kari.get("photos", headers={"X-View-As": named})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_who_is_not_signed_in_has_nothing_to_look_at(anyone: Person) -> None:
    assert (await anyone.get("photos", headers={"X-View-As": "anonymous"})).status_code == 422


async def test_other_eyes_open_none_of_their_owners_own_things(kari: Person, ola: Person) -> None:
    kept = await ola.keep(1)
    await ola.post(f"photos/{kept['id']}/tags", json={"tags": ["secret"]})
    await ola.post("collections", json={"name": "secret"})
    for path in ("tags", "collections", "spaces", "photos/trash", "photos", "phototext", "users/me"):
        answer = await kari.get(path, headers={"X-View-As": "user:ola"})
        assert "secret" not in answer.text
        assert '"ola"' not in answer.text


async def test_other_eyes_find_nothing_of_their_own_by_words(kari: Person) -> None:
    await kari.keep(1, visibility="public", title="Harbour")
    asked = {"query": "harbour", "stack_id": 1}
    answer = await kari.post("photos/search", json=asked, headers={"X-View-As": "anonymous"})
    assert (answer.status_code, answer.json()["data"]) == (200, [])

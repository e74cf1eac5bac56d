"""Searches: asked at once, kept under a name, asked again."""

from typing import Any

import pytest
from sqlalchemy import update

from metadata_service.tables import SavedSearch
from tests.support.metadata import MetadataService, Person


async def _search(person: Person, name: str = "Best", **more: Any) -> dict[str, Any]:
    answer = await person.post("photo-searches/", json={"name": name, "search_criteria": {"rating_min": 4}} | more)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_asked_at_once_it_is_the_search_of_photos(kari: Person) -> None:
    for seed in range(1, 6):
        await kari.keep(seed, rating=seed % 6)
    body = {"rating_min": 3, "limit": 2}
    told = (await kari.post("photo-searches/ad-hoc", json=body)).json()
    assert told == (await kari.post("photos/search", json=body)).json()
    assert (len(told["data"]), told["meta"]["total"], told["meta"]["pages"]) == (2, 3, 2)


async def test_a_search_is_kept_as_it_was_sent(kari: Person) -> None:
    criteria = {"rating_min": 4, "taken_after": "2024-05-17", "tag_ids": None, "sort_by": "taken_at", "limit": 100}
    told = await _search(kari, description="four stars", search_criteria=criteria)
    assert (told["search_criteria"], told["description"]) == (criteria, "four stars")
    assert (told["user_id"], told["is_favorite"]) == (kari.user["id"], False)
    assert (told["result_count"], told["last_executed"]) == (None, None)
    assert (await kari.get(f"photo-searches/{told['id']}/")).json() == told


async def test_what_is_left_out_stays(kari: Person) -> None:
    search = await _search(kari, description="x")
    told = (await kari.put(f"photo-searches/{search['id']}", json={"is_favorite": True, "description": None})).json()
    assert (told["name"], told["is_favorite"], told["description"]) == ("Best", True, None)
    assert told["search_criteria"] == {"rating_min": 4}
    gone = await kari.delete(f"photo-searches/{search['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await kari.get(f"photo-searches/{search['id']}")).json()["type"] == "search-not-found"


async def test_lists_show_favourites_first_or_alone(kari: Person, ola: Person) -> None:
    for name, is_favorite in (("beta", False), ("gamma", True), ("Alpha", False)):
        await _search(kari, name, is_favorite=is_favorite)
    await _search(ola, "not yours", is_favorite=True)
    told = (await kari.get("photo-searches/")).json()
    assert [search["name"] for search in told["searches"]] == ["gamma", "Alpha", "beta"]
    assert (told["total"], told["offset"], told["limit"]) == (3, 0, 100)
    told = (await kari.get("photo-searches", params={"favorites_only": True})).json()
    assert ([search["name"] for search in told["searches"]], told["total"]) == (["gamma"], 1)
    told = (await kari.get("photo-searches", params={"offset": 1, "limit": 1})).json()
    assert ([search["name"] for search in told["searches"]], told["total"]) == (["Alpha"], 3)


async def test_asked_again_it_finds_what_is_there_now_and_remembers_how_much(kari: Person, ola: Person) -> None:
    search = await _search(kari, search_criteria={"rating_min": 4, "limit": 2, "offset": 1})
    at = f"photo-searches/{search['id']}"
    assert (await kari.post(f"{at}/execute")).json()["meta"]["total"] == 0
    for seed in (1, 2, 3):
        await kari.keep(seed, rating=5)
    await kari.keep(4, rating=1)
    await ola.keep(5, rating=5)
    told = (await kari.post(f"{at}/execute/")).json()
    assert (told["meta"]["total"], told["meta"]["offset"], told["meta"]["limit"]) == (3, 1, 2)
    assert len(told["data"]) == 2
    told = (await kari.post(f"{at}/execute", params={"override_offset": 0, "override_limit": 1})).json()
    assert (len(told["data"]), told["meta"]["offset"], told["meta"]["limit"]) == (1, 0, 1)
    after = (await kari.get(at)).json()
    assert after["result_count"] == 3
    assert after["last_executed"] > search["created_at"]
    assert after["updated_at"] == search["updated_at"], "asking changes nothing of the search"


async def test_a_number_that_is_kept_is_exact(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metadata_service.photos.listing.CAP", 2)
    for seed in (1, 2, 3):
        await kari.keep(seed, rating=5)
    search = await _search(kari)
    assert (await kari.post("photos/search", json={"rating_min": 4})).json()["meta"]["total"] == 2
    assert (await kari.post(f"photo-searches/{search['id']}/execute")).json()["meta"]["total"] == 3


async def test_criteria_that_nobody_knows_any_more_are_said_to_be_so(service: MetadataService, kari: Person) -> None:
    search = await _search(kari)
    async with service.database.writing() as session:
        await session.execute(update(SavedSearch).values(search_criteria={"no_such": 1}))
    answer = await kari.post(f"photo-searches/{search['id']}/execute")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


@pytest.mark.parametrize(
    "criteria", [{"rating_min": 9}, {"no_such": 1}, {"rating_min": 3, "rating_max": 1}, "text", {"query": "a\0"}]
)
async def test_criteria_that_cannot_be_asked_are_not_kept(kari: Person, criteria: Any) -> None:
    for answer in (
        await kari.post("photo-searches", json={"name": "x", "search_criteria": criteria}),
        await kari.put("photo-searches/1", json={"search_criteria": criteria}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
        assert "search_criteria" in answer.json()["detail"]

"""Share links: what their visitors are shown, for how long, and that it is never more than the owner chose."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person


async def link_of(owner: Person, **wanted: Any) -> dict[str, Any]:
    """Make a link."""
    answer = await owner.post("share-links", json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def opened(visitor: Person, link: dict[str, Any], password: str | None = None) -> dict[str, str]:
    """Open a link; give the headers to look with."""
    answer = await visitor.post(f"shared/{link['token']}/open", json={"password": password} if password else {})
    assert answer.status_code == 200, answer.text
    visitor.cookies.clear()
    return {"X-Link-Access": answer.json()["access"]}


async def shown(visitor: Person, link: dict[str, Any], headers: dict[str, str], **params: Any) -> list[int]:
    """The ids of the photos that a visitor is shown."""
    answer = await visitor.get(f"shared/{link['token']}/photos", headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    return [photo["id"] for photo in answer.json()["data"]]


async def test_a_link_shows_chosen_photos_in_their_order_and_nothing_else(kari: Person, anyone: Person) -> None:
    cold = jpeg(9, size=(600, 400))
    photos = [await kari.keep(seed, coldpreview=cold if seed == 1 else None) for seed in (1, 2, 3)]
    link = await link_of(kari, photo_ids=[photos[1]["id"], photos[0]["id"]], title="Two")
    assert (await anyone.get(f"shared/{link['token']}")).json()["title"] == "Two"
    assert (await anyone.get(f"shared/{link['token']}/photos")).json()["type"] == "link-not-opened"
    headers = await opened(anyone, link)
    assert await shown(anyone, link, headers) == [photos[1]["id"], photos[0]["id"]]
    at = f"shared/{link['token']}/photos"
    for number, photo in enumerate(photos, start=1):
        sees = number in {1, 2}
        for path in ("", "/hotpreview"):
            answer = await anyone.get(f"{at}/{photo['id']}{path}", headers=headers)
            assert answer.status_code == (200 if sees else 404), (number, path)
            assert "public" not in answer.headers.get("cache-control", "")
    assert (await anyone.get(f"{at}/{photos[0]['id']}/coldpreview", headers=headers)).content == cold
    assert (await anyone.get(f"{at}/{photos[1]['id']}/coldpreview", headers=headers)).json()["type"] == "no-coldpreview"
    assert (await anyone.get(f"photos/{photos[0]['id']}", headers=headers)).status_code == 404
    first = await anyone.get(at, headers=headers, params={"limit": 1})
    assert await shown(anyone, link, headers, cursor=first.json()["meta"]["next_cursor"]) == [photos[0]["id"]]
    told = first.json()["data"][0]
    for name in ("gps_latitude", "primary_filename", "category", "author_id", "event_id", "file_size_bytes"):
        assert told[name] is None, name
    assert told["hotpreview_url"].startswith(f"/api/v1/{at}/")


async def test_a_link_follows_the_trash_and_deletes(kari: Person, anyone: Person) -> None:
    one, other = await kari.keep(1), await kari.keep(2)
    link = await link_of(kari, hothashes=[one["hothash"], other["hothash"]])
    headers = await opened(anyone, link)
    await kari.delete(f"photos/{one['id']}")
    assert await shown(anyone, link, headers) == [other["id"]]
    assert (await anyone.get(f"shared/{link['token']}/photos/{one['id']}", headers=headers)).status_code == 404
    await kari.post(f"photos/{one['id']}/restore", json={})
    await kari.delete(f"photos/{other['id']}?purge=true")
    assert await shown(anyone, link, headers) == [one["id"]]


async def test_a_link_to_an_album_shows_what_is_in_it_now(kari: Person, anyone: Person) -> None:
    one, other = await kari.keep(1), await kari.keep(2)
    album = (await kari.post("collections", json={"name": "A", "hothashes": [one["hothash"]]})).json()
    link = await link_of(kari, collection_id=album["id"])
    headers = await opened(anyone, link)
    assert await shown(anyone, link, headers) == [one["id"]]
    await kari.post(f"collections/{album['id']}/photos", json={"hothashes": [other["hothash"]]})
    assert await shown(anyone, link, headers) == [one["id"], other["id"]]
    await kari.patch(f"collections/{album['id']}/items/0/visibility", json={"visible": False})
    assert await shown(anyone, link, headers) == [other["id"]]
    await kari.delete(f"collections/{album['id']}")
    assert (await anyone.get(f"shared/{link['token']}/photos", headers=headers)).status_code == 404


async def test_a_link_to_a_filter_shows_what_fits_of_its_owners_photos(
    kari: Person, ola: Person, anyone: Person
) -> None:
    await ola.keep(7, visibility="public", rating=5)
    best, plain = await kari.keep(1, rating=5), await kari.keep(2)
    link = await link_of(kari, criteria={"rating_min": 4, "has_gps": True})
    headers = await opened(anyone, link)
    assert await shown(anyone, link, headers) == [best["id"]]
    at = f"shared/{link['token']}/photos"
    assert (await anyone.get(f"{at}/{best['id']}/hotpreview", headers=headers)).status_code == 200
    assert (await anyone.get(f"{at}/{plain['id']}/hotpreview", headers=headers)).status_code == 404
    await kari.patch(f"photos/{plain['id']}", json={"rating": 4})
    assert await shown(anyone, link, headers) == [plain["id"], best["id"]]
    assert await shown(anyone, link, headers, limit=1) == [plain["id"]]


async def test_a_password_opens_and_another_one_closes(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1)
    link = await link_of(kari, photo_ids=[photo["id"]], password="open sesame")
    for wrong in ({}, {"password": "guess"}):
        refused = await anyone.post(f"shared/{link['token']}/open", json=wrong)
        assert refused.json()["type"] == "wrong-link-password"
    headers = await opened(anyone, link, "open sesame")
    assert await shown(anyone, link, headers) == [photo["id"]]
    await kari.patch(f"share-links/{link['id']}", json={"password": "another"})
    assert (await anyone.get(f"shared/{link['token']}/photos", headers=headers)).json()["type"] == "link-not-opened"


async def test_what_opens_one_link_opens_no_other(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1)
    one, other = [await link_of(kari, photo_ids=[photo["id"]]) for _ in range(2)]
    headers = await opened(anyone, one)
    for forged in (headers, {"X-Link-Access": "9999999999.x"}, {"X-Link-Access": "x"}, {}):
        answer = await anyone.get(f"shared/{other['token']}/photos", headers=forged)
        assert answer.json()["type"] == "link-not-opened"


@pytest.mark.parametrize("how", ["revoked", "removed", "expired", "its owner is disabled"])
async def test_a_link_that_has_ended_is_as_if_it_had_never_been(
    service: MetadataService, kari: Person, anyone: Person, how: str
) -> None:
    photo = await kari.keep(1)
    link = await link_of(kari, photo_ids=[photo["id"]], max_views=5)
    headers = await opened(anyone, link)
    if how == "revoked":
        assert (await kari.post(f"share-links/{link['id']}/revoke")).json()["revoked_at"]
    elif how == "removed":
        assert (await kari.delete(f"share-links/{link['id']}")).status_code == 200
    else:
        sql = (
            "UPDATE share_links SET expires_at = created_at"
            if how == "expired"
            else "UPDATE users SET is_active = false"
        )
        async with service.database.writing() as session:
            await session.execute(text(sql))
    fake = "x" * len(link["token"])
    for path in ("", "/photos", f"/photos/{photo['id']}", f"/photos/{photo['id']}/hotpreview"):
        real, never = [await anyone.get(f"shared/{token}{path}", headers=headers) for token in (link["token"], fake)]
        assert (real.status_code, real.json()["type"]) == (404, "link-not-found")
        assert {**real.json(), "instance": "", "request_id": ""} == {**never.json(), "instance": "", "request_id": ""}


async def test_views_are_counted_and_bounded(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1)
    link = await link_of(kari, photo_ids=[photo["id"]], max_views=2)
    headers = [await opened(anyone, link) for _ in range(2)]
    assert (await anyone.post(f"shared/{link['token']}/open", json={})).status_code == 404
    assert await shown(anyone, link, headers[0]) == [photo["id"]], "who is in may stay"
    assert (await kari.get(f"share-links/{link['id']}")).json()["views"] == 2


async def test_a_link_shows_no_photo_that_is_not_its_owners(kari: Person, ola: Person) -> None:
    theirs, mine = await ola.keep(1, visibility="public"), await kari.keep(2)
    refused = await kari.post("share-links", json={"photo_ids": [theirs["id"]]})
    assert refused.status_code == 422
    link = await link_of(kari, photo_ids=[theirs["id"], mine["id"]])
    assert link["skipped"] == 1
    page = (await kari.get(f"share-links/{link['id']}/photos")).json()["data"]
    assert [photo["id"] for photo in page] == [mine["id"]]
    album = (await ola.post("collections", json={"name": "A", "hothashes": [theirs["hothash"]]})).json()
    assert (await kari.post("share-links", json={"collection_id": album["id"]})).status_code == 422


async def test_who_guesses_links_is_slowed_down_and_who_has_one_is_not(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1)
    link = await link_of(kari, photo_ids=[photo["id"]])
    told = [(await anyone.get(f"shared/{number:043}")).status_code for number in range(35)]
    assert (told[0], told[-1]) == (404, 429)
    assert (await anyone.get(f"shared/{link['token']}")).status_code == 200


async def test_who_guesses_passwords_of_links_is_stopped_even_with_the_right_one(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1)
    link, other = [await link_of(kari, photo_ids=[photo["id"]], password="open sesame") for _ in range(2)]
    for _ in range(10):
        refused = await anyone.post(f"shared/{link['token']}/open", json={"password": "guess"})
        assert refused.json()["type"] == "wrong-link-password"
    last = await anyone.post(f"shared/{link['token']}/open", json={"password": "open sesame"})
    assert last.json()["type"] == "too-many-attempts"
    assert await shown(anyone, other, await opened(anyone, other, "open sesame")) == [photo["id"]]

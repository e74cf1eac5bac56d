"""Clients that are in the world already: each of their calls, in their spelling, with and without a trailing slash."""

from typing import Any

import pytest

from tests.support.eggs import egg, jpeg
from tests.support.existing_shapes import (
    AUTHOR,
    CHANNEL,
    COLLECTION,
    COUNTED_TAG,
    CREATED,
    EVENT,
    FILE,
    LISTED_PHOTO,
    MANAGED,
    PERIOD,
    PHOTO,
    PROFILE,
    SEARCH,
    STACK,
    STORY,
    TAG,
    USER,
    enveloped,
    fits,
)
from tests.support.metadata import PASSWORD, MetadataService, Person

NOTHING = "f" * 64


class Client:
    """An existing client: it calls addresses with or without a slash at their end, and expects a status."""

    def __init__(self, person: Person, slash: str) -> None:
        self.person, self.slash = person, slash

    async def __call__(self, method: str, path: str, expected: int = 200, **more: Any) -> Any:
        path, _, query = path.partition("?")
        address = f"{path}{self.slash}" + (f"?{query}" if query else "")
        answer = await self.person.request(method, address, **more)
        assert answer.status_code == expected, (method, address, answer.status_code, answer.text)
        assert not answer.history, "answered directly"
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.json() if is_json and answer.content else answer.content


@pytest.fixture(params=["", "/"], ids=["bare", "slash"])
def call(request: pytest.FixtureRequest, kari: Person) -> Client:
    return Client(kari, request.param)


async def _photos(person: Person, count: int = 3, **more: Any) -> list[dict[str, Any]]:
    made = []
    for seed in range(1, count + 1):
        answer = await person.post("photos/photoegg", json=egg(seed, **more))
        assert answer.status_code == 201, answer.text
        made.append(answer.json())
    return made


async def test_auth(call: Client, service: MetadataService) -> None:
    call.person = service.anyone()
    new = {"username": "anna", "email": "anna@example.org", "password": PASSWORD, "display_name": "Anna"}
    fits(await call("POST", "auth/register", 201, json=new), USER)
    signed_in = await call("POST", "auth/login", json={"username": "anna", "password": PASSWORD})
    fits(signed_in, "access_token* token_type* expires_in* user*")
    fits(signed_in["user"], USER)
    call.person.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
    fits(await call("GET", "auth/me"), USER)
    await call("POST", "auth/logout")


async def test_users_me(call: Client) -> None:
    fits(await call("GET", "users/me"), PROFILE)
    wanted = {"email": "kari@example.com", "display_name": "Kari", "is_active": True}
    changed = await call("PUT", "users/me", json=wanted)
    fits(changed, USER)
    assert {name: changed[name] for name in wanted} == wanted
    passwords = {"current_password": PASSWORD, "new_password": f"{PASSWORD}!"}
    await call("POST", "users/me/change-password", json=passwords)
    login = await call("POST", "auth/login", json={"username": "kari", "password": f"{PASSWORD}!"})
    call.person.headers["Authorization"] = f"Bearer {login['access_token']}"
    await call("DELETE", "users/me")
    await call("GET", "auth/me", 401)


async def test_photos(call: Client) -> None:
    author = (await call("POST", "authors", 201, json={"name": "Anna"}))["id"]
    first, *_ = await _photos(call.person, author_id=author, tags=["sea"])
    (one,) = enveloped(await call("GET", f"photos?offset=1&limit=1&author_id={author}"), LISTED_PHOTO)
    fits(one["author"], "id* name*")
    for tag in one["tags"]:
        fits(tag, TAG)
    for file in one["files"]:
        fits(file, FILE)
    whole = await call("GET", f"photos/{first['hothash']}")
    fits(whole, PHOTO)
    assert (whole["author"], [tag["name"] for tag in whole["tags"]]) == ({"id": author, "name": "Anna"}, ["sea"])
    assert whole["exif_dict"]["EXIF"]["Make"] == "Canon"
    event = (await call("POST", "events", 201, json={"name": "Trip"}))["id"]
    wanted = {"rating": 4, "category": "x", "author_id": None, "event_id": event, "visibility": "public"}
    changed = await call("PUT", f"photos/{first['hothash']}", json=wanted)
    fits(changed, PHOTO)
    assert {name: changed[name] for name in wanted} == wanted
    (file,) = await call("GET", f"photos/{first['hothash']}/files")
    fits(file, FILE)
    assert await call("GET", f"photos/{first['hothash']}/stack") is None
    await call("DELETE", f"photos/{first['hothash']}")
    await call("GET", f"photos/{first['hothash']}", 404)


async def test_photo_search(call: Client) -> None:
    channel = (await call("POST", "input-channels", 201, json={"title": "card"}))["id"]
    event = (await call("POST", "events", 201, json={"name": "Trip"}))["id"]
    day = (await call("POST", "events", 201, json={"name": "Day", "parent_event_id": event}))["id"]
    first, second, _ = await _photos(
        call.person, tags=["sea"], rating=3, category="family", input_channel_id=channel, title="Fjord"
    )
    await call("PUT", f"photos/{first['hothash']}/event", json={"event_id": day})
    await call("PUT", f"photos/{second['hothash']}/event", json=event)
    tag = (await call("GET", "tags"))["tags"][0]["id"]
    held = {"name": "Album", "hothashes": [second["hothash"]]}
    collection = (await call("POST", "collections", 201, json=held))["id"]
    everything: dict[str, Any] = {
        "author_id": None,
        "input_channel_id": channel,
        "tag_ids": [tag],
        "rating_min": 1,
        "rating_max": 5,
        "category": "family",
        "taken_after": "2024-01-01T00:00:00",
        "taken_before": "2024-12-31T00:00:00",
        "has_gps": True,
        "has_raw": False,
        "query": "fjord",
        "offset": 0,
        "limit": 100,
        "sort_by": "taken_at",
        "sort_order": "desc",
    }
    body = await call("POST", "photos/search", json=everything)
    assert len(enveloped(body, LISTED_PHOTO)) == 3
    assert body["meta"]["total"] == 3
    found = {
        "event_id": ({"event_id": event}, [second["id"]]),
        "include_descendants": ({"event_id": event, "include_descendants": True}, [second["id"], first["id"]]),
        "collection_id": ({"collection_id": collection}, [second["id"]]),
        "import_session_id": ({"import_session_id": channel + 1}, []),
        "sort_by": ({"sort_by": "created_at", "sort_order": "asc", "limit": 1}, [first["id"]]),
    }
    for name, (asked, ids) in found.items():
        for path in ("photos/search", "photo-searches/ad-hoc"):
            rows = enveloped(await call("POST", path, json=asked), LISTED_PHOTO)
            assert [row["id"] for row in rows] == ids, name


async def test_previews(call: Client) -> None:
    (photo,) = await _photos(call.person, 1)
    at = f"photos/{photo['hothash']}"
    assert (await call("GET", f"{at}/hotpreview")).startswith(b"\xff\xd8")
    await call("GET", f"{at}/coldpreview", 404)
    await call("PUT", f"{at}/coldpreview", files={"file": ("a.jpg", jpeg(9, size=(900, 600)), "image/jpeg")})
    assert (await call("GET", f"{at}/coldpreview?width=1200&height=900")).startswith(b"\xff\xd8")
    shown = await call("GET", at)
    assert (shown["coldpreview_width"], shown["coldpreview_height"]) == (900, 600)
    assert shown["coldpreview_path"] == shown["coldpreview_url"]
    await call("DELETE", f"{at}/coldpreview")
    await call("GET", f"{at}/coldpreview", 404)


async def test_a_private_preview_shows_in_a_plain_img_after_login(call: Client, service: MetadataService) -> None:
    (photo,) = await _photos(call.person, 1)
    at = f"photos/{photo['hothash']}/hotpreview"
    call.person = service.anyone()
    await call("GET", at, 404)
    await call("POST", "auth/login", json={"username": "kari", "password": PASSWORD})
    cookies = list(call.person.cookies.jar)
    assert cookies
    for cookie in cookies:
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert str(cookie.get_nonstandard_attr("SameSite")).lower() in {"lax", "strict"}
    as_an_image = {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-site"}
    assert (await call("GET", at, headers=as_an_image)).startswith(b"\xff\xd8")
    await call("POST", "auth/logout")
    await call("GET", at, 404)


async def test_tags_on_a_photo(call: Client) -> None:
    (photo,) = await _photos(call.person, 1, tags=["sea"])
    at = f"photos/{photo['hothash']}/tags"
    told = await call("POST", at, json={"tags": ["sea", "boat"]})
    fits(told, "hothash* tags* added* skipped* message")
    assert ([tag["name"] for tag in told["tags"]], told["added"], told["skipped"]) == (["boat", "sea"], 1, 1)
    left = await call("DELETE", f"{at}/boat")
    fits(left, "hothash* removed_tag* remaining_tags*")
    for tag in (*told["tags"], *left["remaining_tags"]):
        fits(tag, TAG)


async def test_create(call: Client) -> None:
    laid = egg(1)
    flat = {name: laid[name] for name in ("hothash", "hotpreview_base64", "width", "height", "exif_dict")}
    flat |= {"taken_at": "2024-05-01T10:00:00", "gps_latitude": 60.0, "gps_longitude": 5.0, "rating": 4}
    flat |= {"category": "trip", "visibility": "private", "coldpreview_base64": None, "stack_id": None}
    flat |= {"author_id": None, "input_channel_id": None}
    flat["image_file_list"] = [{"filename": "A.JPG", "file_size": 5, "imported_time": None, "imported_info": {}}]
    created = await call("POST", "photos/create", 201, json={"photo_create_schema": flat, "tags": ["sea"]})
    fits(created, CREATED)
    for body in ({"photo_egg": egg(2), "rating": 1}, egg(3)):
        fits(await call("POST", "photos/photoegg", 201, json=body), CREATED)
    assert (await call("POST", "photos/photoegg", json=egg(3)))["is_duplicate"] is True


async def test_tags(call: Client) -> None:
    await _photos(call.person, 2, tags=["sea", "season"])
    listed = await call("GET", "tags?sort_by=name&order=asc")
    fits(listed, "tags* total*")
    for tag in listed["tags"]:
        fits(tag, COUNTED_TAG)
    (suggested, _) = (await call("GET", "tags/autocomplete?q=se&limit=10"))["suggestions"]
    fits(suggested, COUNTED_TAG)
    at = f"tags/{suggested['id']}"
    fits(await call("PUT", at, json={"new_name": "ocean"}), "id* old_name* new_name* photo_count* updated_at*")
    fits(await call("DELETE", at), "deleted_tag* photos_affected* message*")


async def test_authors(call: Client) -> None:
    made = await call("POST", "authors", 201, json={"name": "Anna", "email": None, "bio": "Paints too"})
    fits(made, AUTHOR)
    enveloped(await call("GET", "authors?offset=0&limit=100"), AUTHOR)
    at = f"authors/{made['id']}"
    fits(await call("GET", at), AUTHOR)
    fits(await call("PUT", at, json={"name": "Anne", "email": "anne@example.org", "bio": None}), AUTHOR)
    await call("DELETE", at)


async def test_input_channels(call: Client) -> None:
    new = {"title": "Card", "description": "x", "default_author_id": None}
    made = await call("POST", "input-channels", 201, json=new)
    fits(made, CHANNEL)
    listed = await call("GET", "input-channels?offset=0&limit=100")
    fits(listed, "channels* total*")
    fits(listed["channels"][0], CHANNEL)
    at = f"input-channels/{made['id']}"
    fits(await call("GET", at), CHANNEL)
    for method in ("PATCH", "PUT"):
        fits(await call(method, at, json={"title": method}), CHANNEL)
    await call("DELETE", at)


async def test_timeline(call: Client) -> None:
    await _photos(call.person)
    totals = {"year": "", "month": "year=2024", "day": "year=2024&month=4", "hour": "year=2024&month=4&day=2"}
    for granularity, within in totals.items():
        body = await call("GET", f"timeline?granularity={granularity}&{within}")
        fits(body["meta"], f"total_{granularity}s* total_photos* granularity* year month day")
        for period in body["data"]:
            fits(period, PERIOD)
            assert period["preview_url"].startswith("/api/v1/photos/")
    at = "photos/timeline/year/2024/month/4/day/2/hour/14/photos"
    assert len(enveloped(await call("GET", at), LISTED_PHOTO)) == 1


async def test_photo_stacks(call: Client) -> None:
    first, *_ = await _photos(call.person)
    done = await call("POST", "photo-stacks", 201, json={"stack_type": "burst", "title": "x"})
    fits(done, "success* message* stack*")
    at = f"photo-stacks/{done['stack']['id']}"
    fits(await call("POST", f"{at}/photo", json={"photo_hothash": first["hothash"]}), "success* message* stack")
    wanted = {"stack_type": "hdr", "title": "y", "cover_photo_hothash": first["hothash"]}
    fits(await call("PUT", at, json=wanted), "success* message* stack")
    fits(await call("GET", at), f"{STACK} photo_hothashes* cover_photo_hothash*")
    enveloped(await call("GET", "photo-stacks?offset=0&limit=10"), STACK)
    fits(await call("GET", f"photos/{first['hothash']}/stack"), STACK)
    fits(await call("DELETE", f"{at}/photo/{first['hothash']}"), "success* message* stack")
    fits(await call("DELETE", at), "success* message*")


async def test_collections(call: Client) -> None:
    hothashes = [photo["hothash"] for photo in await _photos(call.person)]
    made = await call("POST", "collections", 201, json={"name": "Album", "description": None})
    fits(made, COLLECTION)
    at = f"collections/{made['id']}"
    fits(await call("POST", f"{at}/photos", json={"hothashes": hothashes}), MANAGED)
    fits(await call("PUT", f"{at}/photos/reorder", json={"hothashes": hothashes[::-1]}), MANAGED)
    shown = await call("GET", f"{at}/photos?skip=0&limit=100")
    assert [photo["hothash"] for photo in shown] == hothashes[::-1]
    for photo in shown:
        fits(photo, LISTED_PHOTO)
    fits(await call("DELETE", f"{at}/photos", json={"hothashes": hothashes[:1]}), MANAGED)
    listed = await call("GET", "collections?skip=0&limit=100")
    fits(listed, "collections* total*")
    fits(listed["collections"][0], COLLECTION)
    for method in ("PATCH", "PUT"):
        fits(await call(method, at, json={"name": method}), COLLECTION)
    fits(await call("POST", f"{at}/cleanup"), "collection_id* removed_count*")
    await call("DELETE", at, 204)


async def test_collection_items(call: Client) -> None:
    hothashes = [photo["hothash"] for photo in await _photos(call.person)]
    at = f"collections/{(await call('POST', 'collections', 201, json={'name': 'Album'}))['id']}"
    items = [{"type": "photo", "photo_hothash": hothash} for hothash in hothashes]
    card = {"type": "text", "text_card": {"title": "Day one", "body": "Rain."}}
    managed = f"{MANAGED} item_count*"
    fits(await call("POST", f"{at}/items", json={"items": items[:2]}), managed)
    fits(await call("POST", f"{at}/items/insert", json={"position": 0, "items": [card]}), managed)
    move = {"from_position": 0, "count": 1, "to_position": 2}
    fits(await call("POST", f"{at}/items/move", json=move), managed)
    fits(await call("PATCH", f"{at}/items/0/caption", json={"caption": "A boat"}), managed)
    fits(await call("PATCH", f"{at}/items/1/visibility", json={"visible": False}), managed)
    fits(await call("PATCH", f"{at}/items/2", json={"title": "Day 1"}), managed)
    shown = await call("GET", at)
    fits(shown, f"{COLLECTION} items* item_count* text_card_count*")
    assert [item["type"] for item in shown["items"]] == ["photo", "photo", "text"]
    fits(shown["items"][0]["photo"], LISTED_PHOTO)
    assert (shown["items"][0]["caption"], shown["items"][1]["visible"]) == ("A boat", False)
    assert shown["items"][2]["text_card"] == {"title": "Day 1", "body": "Rain."}
    fits(await call("PUT", f"{at}/items/reorder", json={"items": shown["items"][::-1]}), managed)
    fits(await call("DELETE", f"{at}/items/0"), managed)
    fits(await call("DELETE", f"{at}/items", json={"positions": [0, 1]}), managed)


async def test_events(call: Client) -> None:
    first, *_ = await _photos(call.person)
    top = await call("POST", "events", 201, json={"name": "London", "description": "x", "parent_event_id": None})
    fits(top, EVENT)
    below = await call("POST", "events", 201, json={"name": "Day", "parent_event_id": top["id"]})
    (child,) = await call("GET", f"events?parent_id={top['id']}")
    fits(child, EVENT)
    tree = await call("GET", f"events/tree?root_id={top['id']}")
    fits(tree, "events* total_events*")
    fits(tree["events"][0], f"{EVENT} children*")
    fits(await call("GET", f"events/{below['id']}"), EVENT)
    fits(await call("PUT", f"events/{below['id']}", json={"name": "Day 1"}), EVENT)
    for wanted in ({"event_id": below["id"]}, below["id"]):
        fits(await call("PUT", f"photos/{first['hothash']}/event", json=wanted), PHOTO)
    (photo,) = await call("GET", f"events/{top['id']}/photos?include_descendants=true")
    fits(photo, LISTED_PHOTO)
    fits(await call("POST", f"events/{below['id']}/move", json={"new_parent_id": None}), EVENT)
    fits(await call("PUT", f"photos/{first['hothash']}/event", json={"event_id": None}), PHOTO)
    await call("DELETE", f"events/{below['id']}", 204)


async def test_photo_searches(call: Client) -> None:
    await _photos(call.person, 2, rating=5)
    new = {"name": "Best", "description": "x", "search_criteria": {"rating_min": 5}, "is_favorite": True}
    made = await call("POST", "photo-searches", 201, json=new)
    fits(made, SEARCH)
    at = f"photo-searches/{made['id']}"
    found = await call("POST", f"{at}/execute?override_offset=0&override_limit=1")
    assert (len(enveloped(found, LISTED_PHOTO)), found["meta"]["total"]) == (1, 2)
    shown = await call("GET", at)
    fits(shown, f"{SEARCH} result_count* last_executed*")
    listed = await call("GET", "photo-searches?favorites_only=true&offset=0&limit=100")
    fits(listed, "searches* total* offset* limit*")
    fits(listed["searches"][0], SEARCH)
    fits(await call("PUT", at, json={"name": "Very best"}), SEARCH)
    await call("DELETE", at, 204)


async def test_phototext(call: Client) -> None:
    content = {"version": "1.0", "blocks": [{"type": "image", "imageId": NOTHING}]}
    new = {
        "title": "A day",
        "document_type": "slideshow",
        "content": content,
        "abstract": "short",
        "cover_image": {"hash": NOTHING, "alt": "a fjord"},
        "is_published": False,
        "visibility": "private",
    }
    made = await call("POST", "phototext", 201, json=new)
    at = f"phototext/{made['id']}"
    fits(await call("GET", at), f"{STORY} content* user_id* version*")
    assert (await call("PUT", at, json={"is_published": True}))["is_published"] is True
    query = "document_type=slideshow&is_published=true&sort_by=created_at&sort_order=desc&offset=0&limit=20"
    listed = await call("GET", f"phototext?{query}")
    fits(listed, "documents* total* limit* offset*")
    fits(listed["documents"][0], STORY)
    await call("DELETE", at, 204)


async def test_database_stats(call: Client, ola: Person) -> None:
    await _photos(call.person, 2)
    await ola.keep(9)
    told = await call("GET", "database-stats")
    fits(told, "tables* coldstorage* database_file* database_size_bytes* database_size_mb*")
    assert told["tables"]["photos"]["record_count"] == 2, "one's own alone"
    assert told["database_file"] == "", "no path of the server's"

"""Who sees what is decided in one package, and no route forgets to ask it."""

import ast
import itertools
import re
from pathlib import Path
from typing import Any

import httpx

from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person

_PACKAGE = Path(__file__).resolve().parents[2] / "metadata_service"

_PLACE = {"name": "swordfish", "kind": "site", "latitude": 1, "longitude": 2, "radius_m": 3}
# What a request needs besides the names in its path, by (method, path): a new route must be given its own.
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("patch", "/api/v1/photos/{ref}"): {"json": {"rating": 1}},
    ("put", "/api/v1/photos/{ref}"): {"json": {"rating": 1}},
    ("put", "/api/v1/photos/{ref}/coldpreview"): {"files": {"file": jpeg(3)}},
    ("post", "/api/v1/photos/{ref}/restore"): {"json": {}},
    ("patch", "/api/v1/photos/{ref}/timeloc-correction"): {"json": {"taken_at": "2024-04-02T12:00:00"}},
    ("patch", "/api/v1/photos/{ref}/view-correction"): {"json": {"rotation": 90}},
    ("post", "/api/v1/corrections/{correction_id}/undo"): {},
    ("post", "/api/v1/photos/{ref}/reparse"): {},
    ("post", "/api/v1/reparse-runs/{run_id}/apply"): {},
    ("post", "/api/v1/reparse-runs/{run_id}/cancel"): {},
    ("post", "/api/v1/corrections/{correction_id}/redo"): {},
    ("post", "/api/v1/corrections/batches/{batch_id}/undo"): {},
    ("post", "/api/v1/corrections/batches/{batch_id}/redo"): {},
    ("patch", "/api/v1/import-sessions/{import_id}"): {"json": {"files_processed": 1}},
    ("patch", "/api/v1/import-sessions/{import_id}/progress"): {"json": {"files_processed": 1}},
    ("post", "/api/v1/import-sessions/{import_id}/increment/{counter}"): {},
    ("post", "/api/v1/import-sessions/{import_id}/complete"): {},
    ("post", "/api/v1/import-sessions/{import_id}/cancel"): {},
    ("post", "/api/v1/photos/{ref}/tags"): {"json": {"tags": ["x"]}},
    ("put", "/api/v1/tags/{tag_id}"): {"json": {"new_name": "x"}},
    ("post", "/api/v1/tags/{tag_id}/merge"): {"json": {"into_id": 1}},
    ("put", "/api/v1/authors/{author_id}"): {"json": {"name": "x"}},
    ("put", "/api/v1/collections/{collection_id}"): {"json": {"name": "x"}},
    ("patch", "/api/v1/collections/{collection_id}"): {"json": {"name": "x"}},
    ("post", "/api/v1/collections/{collection_id}/photos"): {"json": {"hothashes": []}},
    ("delete", "/api/v1/collections/{collection_id}/photos"): {"json": {"hothashes": []}},
    ("put", "/api/v1/collections/{collection_id}/photos/reorder"): {"json": {"hothashes": []}},
    ("post", "/api/v1/collections/{collection_id}/cleanup"): {},
    ("post", "/api/v1/collections/{collection_id}/items"): {"json": {"items": []}},
    ("post", "/api/v1/collections/{collection_id}/items/insert"): {"json": {"items": [], "position": 0}},
    ("post", "/api/v1/collections/{collection_id}/items/move"): {"json": {"from_position": 0, "to_position": 0}},
    ("put", "/api/v1/collections/{collection_id}/items/reorder"): {"json": {"items": []}},
    ("delete", "/api/v1/collections/{collection_id}/items"): {"json": {"positions": [0]}},
    ("patch", "/api/v1/collections/{collection_id}/items/{position}"): {"json": {"title": "x"}},
    ("patch", "/api/v1/collections/{collection_id}/items/{position}/caption"): {"json": {"caption": "x"}},
    ("patch", "/api/v1/collections/{collection_id}/items/{position}/visibility"): {"json": {"visible": False}},
    ("put", "/api/v1/phototext/{story_id}"): {"json": {"title": "x"}},
    ("put", "/api/v1/photo-searches/{search_id}"): {"json": {"name": "x"}},
    ("post", "/api/v1/photo-searches/{search_id}/execute"): {},
    ("put", "/api/v1/events/{event_id}"): {"json": {"name": "x"}},
    ("post", "/api/v1/events/{event_id}/move"): {"json": {"new_parent_id": None}},
    ("put", "/api/v1/photos/{ref}/event"): {"json": {"event_id": None}},
    ("put", "/api/v1/input-channels/{import_id}"): {"json": {"title": "x"}},
    ("patch", "/api/v1/input-channels/{import_id}"): {"json": {"title": "x"}},
    ("patch", "/api/v1/admin/users/{user_id}"): {"json": {"quota_photos": 1}},
    ("post", "/api/v1/admin/users/{user_id}/reset-password"): {},
    ("put", "/api/v1/photo-stacks/{stack_id}"): {"json": {"title": "x"}},
    ("patch", "/api/v1/spaces/{space_id}"): {"json": {"name": "x"}},
    ("delete", "/api/v1/spaces/{space_id}/photos"): {"json": {"ids": [1]}},
    ("post", "/api/v1/spaces/{space_id}/photos"): {"json": {"ids": [1]}},
    ("put", "/api/v1/photos/{ref}/disclosure"): {"json": {"place": "none"}},
    ("post", "/api/v1/spaces/{space_id}/leave"): {},
    ("patch", "/api/v1/share-links/{link_id}"): {"json": {"title": "x"}},
    ("post", "/api/v1/share-links/{link_id}/revoke"): {},
    ("post", "/api/v1/spaces/{space_id}/invites"): {"json": {"to": "ola"}},
    ("patch", "/api/v1/spaces/{space_id}/members/{user_id}"): {"json": {"role": "viewer"}},
    ("post", "/api/v1/space-invites/{invitation_id}/accept"): {},
    ("post", "/api/v1/space-invites/{invitation_id}/decline"): {},
    ("post", "/api/v1/photo-stacks/{stack_id}/photo"): {"json": {"photo_hothash": "f" * 64}},
}
_BODIES |= {
    ("patch", "/api/v1/photos/resumable/{upload_id}"): {
        "content": b"x",
        "headers": {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    },
    ("patch", "/api/v1/photos/uploads/{upload_id}/analysis"): {"json": {"validated": True}},
    ("put", "/api/v1/photos/uploads/{upload_id}/place"): {"json": {"place_id": None}},
    ("post", "/api/v1/photos/{upload_id}/reprocess"): {},
    ("post", "/api/v1/photos/jobs/{job_id}/cancel"): {},
    ("post", "/api/v1/photos/jobs/{job_id}/retry"): {},
    ("put", "/api/v1/places/{place_id}"): {"json": _PLACE},
    ("post", "/api/v1/duplicates/merges/{merge_id}/undo"): {},
    ("patch", "/api/v1/images/{image_id}"): {"json": {"file_format": "x"}},
    ("post", "/api/v1/images/{image_id}/locations"): {"json": {"relative_path": "x"}},
}
_STORY = {"title": "swordfish", "document_type": "album", "content": {"blocks": []}, "is_published": True}
# Parameters that name no thing of anybody's: those of time are those at which the private photo lies.
_TIMES = {"year": "2024", "month": "4", "day": "2", "hour": "14", "first": "1711929600000", "end": "1714521600000"}
_HARMLESS = {
    "token": "x" * 43,  # who has the token of a link may look: it is no secret from them (test_sharing.py)
    "photo_id": "1",
    "location_id": "1",
    "audience": "public",
    "user_id": "1",
    "number": "1",
    "counter": "imported",
    "position": "0",
    "name": "swordfish",
    "hothash": "f" * 64,
    "key": "a/b.jpg",
} | _TIMES
# What a list must be asked, and the lists that show their owner the photo.
_QUERIES = {"/api/v1/photos/map/clusters": "bbox=-180,-90,180,90&zoom=0", "/api/v1/photos/hotpreviews": "ids=1"}
_PERIOD = "/api/v1/photos/timeline/year/{year}"
_TELLING = {
    "/api/v1/photos",
    "/api/v1/phototext",
    "/api/v1/photos/hotpreviews",
    "/api/v1/photos/map/clusters",
    "/api/v1/timeline",
    "/api/v1/timeline/segments/{first}/{end}",
    f"{_PERIOD}/photos",
    f"{_PERIOD}/month/{{month}}/photos",
    f"{_PERIOD}/month/{{month}}/day/{{day}}/photos",
    f"{_PERIOD}/month/{{month}}/day/{{day}}/hour/{{hour}}/photos",
}


def test_no_other_package_names_the_column_of_visibility() -> None:
    guilty = []
    for path in _PACKAGE.rglob("*.py"):
        if path.parent.name == "visibility" or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            is_column = isinstance(node, ast.Attribute) and node.attr == "visibility"
            if is_column and isinstance(node.value, ast.Name) and node.value.id in {"Photo", "Story"}:
                guilty.append(f"{path.relative_to(_PACKAGE)}:{node.lineno}")
    assert guilty == []


async def _corrected(owner: Person, photo_id: int) -> dict[str, int]:
    """What a correction and reading again leave behind."""
    correct = {"ids": [photo_id], "change": {"op": "offset", "offset": None}, "reason": "swordfish"}
    batch = (await owner.post("corrections", json=correct)).json()["batch"]
    correction = (await owner.get(f"photos/{photo_id}/corrections")).json()["data"][0]
    run = (await owner.post("reparse-runs")).json()
    return {"run_id": run["id"], "batch_id": batch["id"], "correction_id": correction["id"]}


async def _things(owner: Person) -> dict[str, list[tuple[str, str]]]:
    """By path parameter: names of the owner's private things, each with a name of nothing."""
    started = (await owner.post("import-sessions", json={"title": "swordfish"})).json()
    photo = await owner.keep(1, title="swordfish", coldpreview=jpeg(2, size=(600, 400)))
    tags = (await owner.post(f"photos/{photo['id']}/tags", json={"tags": ["swordfish"]})).json()["tags"]
    assert [bears["name"] for bears in tags] == ["swordfish"]
    tag = (await owner.get("tags")).json()["tags"][0]
    author = (await owner.post("authors", json={"name": "swordfish"})).json()
    members = {"title": "swordfish", "photo_hothashes": [photo["hothash"]]}
    stack = (await owner.post("photo-stacks", json=members)).json()["stack"]
    event = (await owner.post("events", json={"name": "swordfish"})).json()
    story = (await owner.post("phototext", json=_STORY)).json()
    search = (await owner.post("photo-searches", json={"name": "swordfish", "search_criteria": {}})).json()
    held = {"name": "swordfish", "hothashes": [photo["hothash"]]}
    collection = (await owner.post("collections", json=held)).json()
    pair = [(await owner.keep(seed))["id"] for seed in (1001, 1002)]
    merges = await owner.post("duplicates/merge", json={"keep": pair[0], "merge": pair[1:]})
    (merge,) = merges.json()["data"]
    image = (await owner.post("images", json={"filename": "swordfish.xmp", "hothash": photo["hothash"]})).json()
    space = (await owner.post("spaces", json={"name": "swordfish"})).json()
    assert (await owner.post(f"spaces/{space['id']}/photos", json={"ids": [photo["id"]]})).json()["widened"] == 1
    invitation = (await owner.post(f"spaces/{space['id']}/invites", json={"to": "nobody"})).json()
    link = (await owner.post("share-links", json={"photo_ids": [photo["id"]], "title": "swordfish"})).json()
    key = (await owner.post("users/me/api-keys", json={"name": "swordfish", "scopes": ["import"]})).json()
    sign_in = (await owner.get("users/me/sessions")).json()["data"][0]
    invite = (await owner.post("admin/invites", json={"note": "swordfish"})).json()
    uploaded = (await owner.post("photos/upload", files=[("files", ("swordfish.jpg", jpeg(7)))])).json()["jobs"][0]
    place = (await owner.post("places", json=_PLACE)).json()
    nothing, nobody = "99999999", "00000000-0000-7000-8000-000000000000"
    return {
        "upload_id": [(uploaded["image_id"], nobody)],
        "job_id": [(uploaded["job_id"], nobody)],
        "place_id": [(str(place["id"]), nothing)],
        "ref": [(str(photo["id"]), nothing), (photo["hothash"], "f" * 64)],
        "import_id": [(str(started["id"]), nothing)],
        "image_id": [(str(image["id"]), nothing)],
        "merge_id": [(str(merge["id"]), nothing)],
        **{name: [(str(number), nothing)] for name, number in (await _corrected(owner, photo["id"])).items()},
        "tag_id": [(str(tag["id"]), nothing)],
        "key_id": [(str(key["id"]), nothing)],
        "session_id": [(str(sign_in["id"]), nothing)],
        "identity_id": [("88888888", nothing)],  # of an account that is linked: test_provider.py
        "invitation_id": [(str(invitation["id"]), nothing)],
        "link_id": [(str(link["id"]), nothing)],
        "user_id": [(str(owner.user["id"]), nothing)],
        "event_id": [(str(event["id"]), nothing)],
        "story_id": [(str(story["id"]), nothing)],
        "search_id": [(str(search["id"]), nothing)],
        "collection_id": [(str(collection["id"]), nothing)],
        "author_id": [(str(author["id"]), nothing)],
        "space_id": [(str(space["id"]), nothing)],
        "invite_id": [(str(invite["id"]), nothing)],
        "stack_id": [(str(stack["id"]), nothing)],
    }


async def test_every_route_answers_a_stranger_as_if_the_thing_were_not_there(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    things = await _things(kari)
    document = (await anyone.get("http://testserver/openapi.json")).json()
    asked = set()
    for path, methods in document["paths"].items():
        named = set(re.findall(r"{(\w+)", path)) - _HARMLESS.keys()
        if not named:
            continue
        (parameter,) = named
        assert parameter in things, f"{path}: make a private {parameter} in _things"
        for method, (real, fake), stranger in itertools.product(methods, things[parameter], (ola, anyone)):
            answers = [await _ask(stranger, method, path, {parameter: name}) for name in (real, fake)]
            assert answers[0].status_code in {401, 404}, (method, path)
            assert _said(answers[0]) == _said(answers[1]), (method, path)
            asked.add((method, path))
    assert len(asked) >= 14, "the document names at least so many such routes"
    (photo_id, _), _ = things["ref"]
    assert (await kari.get(f"photos/{photo_id}")).json()["rating"] == 0


async def test_no_list_shows_a_stranger_a_private_photo(kari: Person, ola: Person, anyone: Person) -> None:
    photo = await kari.keep(1, title="swordfish")
    assert (await kari.post("phototext", json=_STORY)).status_code == 201
    document = (await anyone.get("http://testserver/openapi.json")).json()
    addresses = {
        path: f"http://testserver{path.format(**_HARMLESS)}?{_QUERIES.get(path, '')}"
        for path, methods in document["paths"].items()
        if set(re.findall(r"{(\w+)", path)) <= _HARMLESS.keys() and "get" in methods
    }
    telling = {path for path, address in addresses.items() if _tells((await kari.get(address)).text, photo)}
    assert telling >= _TELLING, "to its owner each of these tells of the photo"
    for (path, address), stranger in itertools.product(addresses.items(), (ola, anyone)):
        assert not _tells((await stranger.get(address)).text, photo), path
    for stranger, finds in ((kari, True), (ola, False), (anyone, False)):
        for path in ("photos/search", "photo-searches/ad-hoc"):
            found = await stranger.post(path, json={"query": "swordfish"})
            assert _tells(found.text, photo) is finds


_SECRETS = {"primary_filename": "SECRETNAME.JPG", "exif_dict": {"EXIF": {"Make": "secretmake", "DateTime": "secret"}}}
_PLACE_OF = ("59.913", "10.752")  # to a hundred metres: by default others are told ten kilometres


async def test_no_route_tells_a_stranger_more_of_a_public_photo_than_its_owner_allows(
    kari: Person, ola: Person, anyone: Person
) -> None:
    started = (await kari.post("import-sessions", json={"title": "secretimport"})).json()
    photo = await kari.keep(1, visibility="public", title="Fjord", import_session_id=started["id"], **_SECRETS)
    at = f"photos/{photo['id']}"
    event = (await kari.post("events", json={"name": "secretevent"})).json()
    author = (await kari.post("authors", json={"name": "secretauthor"})).json()
    filed = {"category": "secretcategory", "event_id": event["id"], "author_id": author["id"]}
    assert (await kari.patch(at, json=filed)).status_code == 200
    assert (await kari.post(f"{at}/tags", json={"tags": ["secrettag"]})).is_success
    assert (
        await kari.post("photo-stacks", json={"title": "secretstack", "photo_hothashes": [photo["hothash"]]})
    ).is_success
    link = (await kari.post("share-links", json={"photo_ids": [photo["id"]]})).json()
    access = (await anyone.post(f"shared/{link['token']}/open", json={})).json()["access"]
    names = {"ref": photo["id"], "hothash": photo["hothash"], "photo_id": photo["id"], "token": link["token"]}
    addresses = ["photos?query=fjord", f"photos/hotpreviews?ids={photo['id']}", "photos?camera_make=Canon"]
    document = (await anyone.get("http://testserver/openapi.json")).json()
    for path, methods in document["paths"].items():
        known = _HARMLESS | dict.fromkeys(re.findall(r"{(\w+)", path), "1") | _TIMES | names
        if "get" in methods and "events" not in path.rpartition("/")[2]:
            addresses.append(f"http://testserver{path.format(**known)}?{_QUERIES.get(path, '')}")
    told = 0
    for stranger, address in itertools.product((ola, anyone), addresses):
        answer = await stranger.get(address, headers={"X-Link-Access": access})
        assert answer.status_code < 500, address
        told += photo["hothash"] in answer.text
        seen = answer.text.lower()
        assert not any(trace in seen for trace in ("secret", *_PLACE_OF)), address
    assert told >= 10, "the photo itself is shown"
    assert "secret" in (await kari.get(at)).text.lower()


def _tells(answer: str, photo: dict[str, Any]) -> bool:
    """Whether an answer shows the photo: by name, by its words, by a number in a column, by its very picture."""
    picture = jpeg(1).decode(errors="replace")
    return any(trace in answer for trace in ("swordfish", photo["hothash"], f'"id":[{photo["id"]}]', picture))


async def _ask(person: Person, method: str, path: str, names: dict[str, str]) -> httpx.Response:
    assert method in {"get", "delete"} or (method, path) in _BODIES, f"{method} {path}: say in _BODIES what it takes"
    body = _BODIES.get((method, path), {})
    return await person.request(method.upper(), f"http://testserver{path.format(**names, **_HARMLESS)}", **body)


def _said(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """All of an answer but what is the request's own: its path, its id, its time."""
    problem = {name: value for name, value in answer.json().items() if name not in {"instance", "request_id"}}
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "content-length"}}
    return answer.status_code, problem, headers

"""Whoever names a photo that they may not see, in a body or in a query, is answered as if there were none."""

import re
from typing import Any

import httpx

from tests.support.metadata import Person

_NAMING = re.compile(r"hothash|photo|^ids$|^keep$|^merge$|^items$|^cover_image$")
# Fields that are called so and name no photo, by the schema of the body.
_OTHERWISE = {
    "AccountChange": "a quota",
    "DeleteUploads": "uploads, which are their owner's alone",
    "BatchIn": "eggs bring their photos along",
    "CreatePhoto": "an egg brings its photo along",
    "NewPhoto": "the same",
    "OldGroup": "it brings its photo along",
    "StackChange": "a stack's cover is one of its own photos",
    "StoryChange": "a story names by hothash, and shows whoever reads it what they see",
    "NewStory": "the same",
}
# What names a photo: by method and path, with bodies in which `id` and `hothash` are replaced.
_STACK, _ALBUM, _SPACE = "photo-stacks/{stack}", "collections/{album}", "spaces/{space}"
_BY_BOTH: dict[str, Any] = {"ids": ["id"], "hothashes": ["hothash"]}
_ITEM = {"type": "photo", "photo_hothash": "hothash"}
_ASKED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "collections", {"name": "x", "hothashes": ["hothash"]}),
    ("POST", f"{_ALBUM}/items", {"items": [_ITEM]}),
    ("POST", f"{_ALBUM}/items/insert", {"items": [_ITEM], "position": 0}),
    ("PUT", f"{_ALBUM}/items/reorder", {"items": [_ITEM]}),
    ("POST", f"{_ALBUM}/photos", {"hothashes": ["hothash"]}),
    ("PUT", f"{_ALBUM}/photos/reorder", {"hothashes": ["hothash"]}),
    ("DELETE", f"{_ALBUM}/photos", {"hothashes": ["hothash"]}),
    ("POST", "corrections", {**_BY_BOTH, "change": {"op": "offset", "offset": None}}),
    ("POST", "corrections/preview", {**_BY_BOTH, "change": {"op": "offset", "offset": None}}),
    ("POST", "corrections/clock-errors/from-reference", {"photo_id": "id", "true_time": "2024-04-02T12:00:00"}),
    ("POST", "duplicates/dismiss", {"photos": ["id", "hothash"]}),
    ("POST", "duplicates/merge", {"keep": "own", "merge": ["id"]}),
    ("POST", "duplicates/merge", {"keep": "hothash", "merge": ["own"]}),
    ("POST", "images", {"filename": "x.xmp", "hothash": "hothash"}),
    ("POST", "photo-stacks", {"photo_hothashes": ["hothash"], "cover_photo_hothash": "hothash"}),
    ("POST", "photo-stacks/suggestions/accept", {"key": "x", "photo_ids": ["id", "own"]}),
    ("POST", f"{_STACK}/photo", {"photo_hothash": "hothash"}),
    ("PATCH", "photos/bulk", {**_BY_BOTH, "change": {"rating": 3}}),
    ("POST", "photos/bulk/delete", _BY_BOTH),
    ("POST", "photos/bulk/restore", _BY_BOTH),
    ("POST", "photos/bulk/sharing-preview", {**_BY_BOTH, "visibility": "public"}),
    ("POST", "photos/exists", {"hothashes": ["hothash"], "file_sha256s": [f"{1:064x}"]}),
    ("POST", "share-links", {"photo_ids": ["id"], "hothashes": ["hothash"]}),
    ("POST", "share-links", {"photo_ids": ["id", "own"]}),
    ("POST", f"{_SPACE}/photos", _BY_BOTH),
    ("DELETE", f"{_SPACE}/photos", _BY_BOTH),
    ("POST", "tags/bulk", {"photo_ids": ["id"], "add": ["x"]}),
)
_QUERIES = ("photos/hotpreviews?ids={id}", "photos/{id}/similar", "photos/{hothash}/similar")


async def test_a_photo_that_is_not_seen_is_named_like_one_that_is_not_there(kari: Person, ola: Person) -> None:
    hidden = await kari.keep(1)
    assert (await kari.post("spaces", json={"name": "x"})).is_success
    own = await ola.keep(2)
    places = {
        "album": (await ola.post("collections", json={"name": "x"})).json()["id"],
        "stack": (await ola.post("photo-stacks", json={"photo_hothashes": [own["hothash"]]})).json()["stack"]["id"],
        "space": (await ola.post("spaces", json={"name": "x"})).json()["id"],
    }
    before = (await kari.get(f"photos/{hidden['id']}")).text
    names = {"hidden": (hidden["id"], hidden["hothash"]), "nothing": (99_999_999, "f" * 64)}
    for method, path, body in _ASKED:
        told = {}
        for kind, (number, hothash) in names.items():
            sent = _filled(body, {"id": number, "hothash": hothash, "own": own["id"]})
            answer = await ola.request(method, path.format(**places), json=sent)
            assert answer.status_code < 500, (method, path, answer.text)
            told[kind] = (answer.status_code, _bare(answer, number, hothash))
        assert told["hidden"] == told["nothing"], (method, path)
    for query in _QUERIES:
        answers = [await ola.get(query.format(id=number, hothash=hothash)) for number, hothash in names.values()]
        told = {
            kind: (answer.status_code, _bare(answer, *names[kind])) for kind, answer in zip(names, answers, strict=True)
        }
        assert told["hidden"] == told["nothing"], query
    assert (await kari.get(f"photos/{hidden['id']}")).text == before


def _filled(body: Any, names: dict[str, Any]) -> Any:
    if isinstance(body, dict):
        return {key: _filled(value, names) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, names) for value in body]
    return names.get(body, body) if isinstance(body, str) else body


def _bare(answer: httpx.Response, number: int, hothash: str) -> str:
    """An answer without what was asked for, and without what is new in each: numbers, times and secrets of ours."""
    body = answer.text.replace(hothash, "H").replace(f"photos/{number}", "photos/N")
    body = re.sub(
        r'"(id|token|path|request_id|instance|created_at|updated_at|expires_at|at)": ?("[^"]*"|\d+)', "", body
    )
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+Z?", "T", body)


async def test_every_body_that_names_photos_has_a_place_here(anyone: Person) -> None:
    document = (await anyone.get("http://testserver/openapi.json")).json()
    asked = {(method.lower(), re.sub(r"{\w+}", "{}", f"/api/v1/{path}")) for method, path, _ in _ASKED}
    missing = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for schema in _schemas(operation):
                fields = document["components"]["schemas"].get(schema, {}).get("properties", {})
                names = any(_NAMING.search(name) for name in fields)
                if names and schema not in _OTHERWISE and (method, re.sub(r"{\w+}", "{}", path)) not in asked:
                    missing.append((method, path, schema))
    assert missing == []


def _schemas(operation: dict[str, Any]) -> list[str]:
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    return [body["schema"].get("$ref", "").rpartition("/")[2] for body in bodies]

"""Who sees what is decided in one module, and no route forgets to ask it."""

import ast
from pathlib import Path
from typing import Any

import httpx

from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person

_PACKAGE = Path(__file__).resolve().parents[2] / "metadata_service"

# What a request needs besides the photo's name, by (method, path): a new route must be given its own.
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("patch", "/api/v1/photos/{ref}"): {"json": {"rating": 1}},
    ("put", "/api/v1/photos/{ref}"): {"json": {"rating": 1}},
    ("put", "/api/v1/photos/{ref}/coldpreview"): {"files": {"file": jpeg(3)}},
}


def test_no_other_module_names_the_column_of_visibility() -> None:
    guilty = []
    for path in _PACKAGE.rglob("*.py"):
        if path.name == "visibility.py" or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            is_column = isinstance(node, ast.Attribute) and node.attr == "visibility"
            if is_column and isinstance(node.value, ast.Name) and node.value.id == "Photo":
                guilty.append(f"{path.relative_to(_PACKAGE)}:{node.lineno}")
    assert guilty == []


async def test_every_route_that_names_a_photo_answers_a_stranger_as_if_it_were_not_there(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    photo = await kari.keep(1, title="swordfish", coldpreview=jpeg(2, size=(600, 400)))
    document = (await anyone.get("http://testserver/openapi.json")).json()
    asked = 0
    for path, methods in document["paths"].items():
        if "{" not in path:
            continue
        assert "{ref}" in path, f"{path}: say here how a stranger could ask for a private photo through it"
        for method in methods:
            for stranger in (ola, anyone):
                for ref, nothing in ((str(photo["id"]), "99999999"), (photo["hothash"], "f" * 64)):
                    real = await _ask(stranger, method, path, ref)
                    fake = await _ask(stranger, method, path, nothing)
                    assert real.status_code in {401, 404}, (method, path)
                    assert _said(real) == _said(fake), (method, path)
                    asked += 1
    assert asked >= 4 * 8, "the document names at least eight such routes"
    assert (await kari.get(f"photos/{photo['id']}")).json()["rating"] == 0


async def test_no_list_shows_a_stranger_a_private_photo(kari: Person, ola: Person, anyone: Person) -> None:
    photo = await kari.keep(1, title="swordfish")
    document = (await anyone.get("http://testserver/openapi.json")).json()
    lists = [path for path, methods in document["paths"].items() if "{" not in path and "get" in methods]
    assert "/api/v1/photos" in lists
    for path in lists:
        for stranger in (ola, anyone):
            answer = await stranger.get(f"http://testserver{path}")
            assert "swordfish" not in answer.text, path
            assert photo["hothash"] not in answer.text, path


async def _ask(person: Person, method: str, path: str, ref: str) -> httpx.Response:
    body = _BODIES.get((method, path), {})
    assert body or method in {"get", "delete"}, f"{method} {path}: say in _BODIES what it takes"
    return await person.request(method.upper(), f"http://testserver{path.format(ref=ref)}", **body)


def _said(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """All of an answer but what is the request's own: its path, its id, its time."""
    problem = {name: value for name, value in answer.json().items() if name not in {"instance", "request_id"}}
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "content-length"}}
    return answer.status_code, problem, headers

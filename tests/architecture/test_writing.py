"""Who may change nothing changes nothing: every route that writes, asked with every bad credential there is."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
from sqlalchemy import select

from metadata_service.accounts.scopes import SCOPE_NAMES, Scope, scope_of
from metadata_service.db.base import Table
from tests.architecture.test_visibility import _BODIES, _HARMLESS, _things
from tests.support.metadata import MetadataService, Person

_WRITING = ("post", "put", "patch", "delete")
# Routes that ask nobody who they are, and questions that are asked with a body.
_NOT_WRITING = {Scope.OPEN, Scope.READ}
# What a protocol wants to hear before it looks who asks.
_HEADERS = {"Tus-Resumable": "1.0.0"}
_NAMED = re.compile(r"{(\w+)[^}]*}")
# What is written down about requests themselves, and what goes on in the background all the while.
_NOTES = {"login_sessions", "security_events", "api_keys"}
_BACKGROUND = {"photo_pairs", "reparse_runs", "unpaired_photos", "upload_jobs"}


async def _routes(anyone: Person, things: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    """Method, path as documented, and an address of it that names real things of kari's."""
    anyone.headers.update(_HEADERS)
    document = (await anyone.get("http://testserver/openapi.json")).json()
    real = {name: values[0][0] for name, values in things.items()} | _HARMLESS
    return [
        (method, path, "http://testserver" + _NAMED.sub(lambda name: real[name[1]], path))
        for path, methods in document["paths"].items()
        for method in methods
        if method in _WRITING and scope_of(method.upper(), path) not in _NOT_WRITING
    ]


async def _everything(service: MetadataService) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with service.database.reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in await session.execute(select(table)))
            for table in Table.metadata.sorted_tables
            if table.name not in _NOTES | _BACKGROUND
        }


_FORGERIES: dict[str, Callable[[dict[str, Any], str], str]] = {
    "expired": lambda claims, key: jwt.encode(claims | {"exp": claims["iat"] - timedelta(minutes=1)}, key),
    "none": lambda claims, _: jwt.encode(claims, None, "none"),
    "wrong key": lambda claims, _: jwt.encode(claims, "k" * 64),
    "wrong audience": lambda claims, key: jwt.encode(claims | {"aud": "imalink-device"}, key),
}


async def _bad(service: MetadataService, kari: Person) -> dict[str, str]:
    """Credentials that are none, by what is wrong with them."""
    tokens = service.app.state.tokens
    issued = tokens.read(kari.headers["Authorization"].removeprefix("Bearer "))
    now = datetime.now(UTC)
    claims = {
        "sub": str(issued.user_id),
        "sid": str(issued.session_id),
        "iat": now,
        "exp": now + timedelta(hours=1),
        "aud": "imalink",
    }
    bad = {name: forge(claims, tokens.secret) for name, forge in _FORGERIES.items()}
    bad["signed out"] = await service.token(issued.user_id)
    headers = {"Authorization": f"Bearer {bad['signed out']}"}
    assert (await kari.post("auth/logout", headers=headers)).status_code == 200
    disabled, deleted = await service.user("disabled"), await service.user("deleted")
    for person in (disabled, deleted):
        key = (await person.post("users/me/api-keys", json={"name": "x", "scopes": SCOPE_NAMES})).json()["key"]
        bad[f"token of the {person.user['username']}"] = person.headers["Authorization"].removeprefix("Bearer ")
        bad[f"key of the {person.user['username']}"] = key
    await kari.patch(f"admin/users/{disabled.user['id']}", json={"is_active": False})
    await deleted.delete("users/me")
    revoked = (await kari.post("users/me/api-keys", json={"name": "x", "scopes": SCOPE_NAMES})).json()
    await kari.delete(f"users/me/api-keys/{revoked['id']}")
    return bad | {"revoked key": revoked["key"], "made-up key": "imk_" + "x" * 43}


async def test_no_bad_credential_changes_anything(service: MetadataService, kari: Person, anyone: Person) -> None:
    routes = await _routes(anyone, await _things(kari))
    bad = await _bad(service, kari)
    before = await _everything(service)
    for method, path, address in routes:
        answer = await anyone.request(method, address)
        assert answer.status_code == 401, (method, path, "anonymous", answer.text)
        for name, token in bad.items():
            answer = await anyone.request(method, address, headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["type"]) == (401, "invalid-token"), (method, path, name)
            # A stale cookie is nobody's: whoever bears one is anonymous.
            answer = await anyone.request(method, address, headers={"Cookie": f"imalink_session={token}"})
            assert answer.status_code == 401, (method, path, name, "as a cookie")
    assert await _everything(service) == before
    assert len(routes) >= 70, "the document names at least so many"


async def test_a_key_without_the_scope_changes_nothing(service: MetadataService, kari: Person, anyone: Person) -> None:
    routes = await _routes(anyone, await _things(kari))
    keys = {
        name: (await kari.post("users/me/api-keys", json={"name": "x", "scopes": [name]})).json()["key"]
        for name in SCOPE_NAMES
    }
    before = await _everything(service)
    for method, path, address in routes:
        for name, key in keys.items():
            if scope_of(method.upper(), path) == name:
                continue
            answer = await anyone.request(method, address, headers={"Authorization": f"Bearer {key}"})
            assert (answer.status_code, answer.json()["type"]) == (403, "insufficient-scope"), (method, path, name)
    assert await _everything(service) == before


async def test_a_page_of_another_site_changes_nothing_with_the_cookie(
    service: MetadataService, kari: Person, anyone: Person
) -> None:
    routes = await _routes(anyone, await _things(kari))
    cookie = kari.headers["Authorization"].replace("Bearer ", "imalink_session=")
    before = await _everything(service)
    for method, path, address in routes:
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        answer = await anyone.request(method, address, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "cross-site-request"), (method, path)
    assert await _everything(service) == before


async def test_a_stranger_changes_nothing_of_anothers(
    service: MetadataService, kari: Person, ola: Person, anyone: Person
) -> None:
    routes = await _routes(anyone, await _things(kari))
    before = await _everything(service)
    for method, path, address in routes:
        if set(re.findall(r"{(\w+)", path)) <= _HARMLESS.keys():
            continue  # it names nothing of anybody's
        answer: httpx.Response = await ola.request(method, address, **_BODIES.get((method, path), {}))
        assert answer.status_code in {401, 404}, (method, path, answer.text)
    assert await _everything(service) == before

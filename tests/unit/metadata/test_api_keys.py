"""API keys: they open what their scopes name, and no more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from metadata_service.accounts.scopes import SCOPE_NAMES, Scope, scope_of
from metadata_service.db.types import utc_now
from metadata_service.tables import ApiKey
from tests.support.eggs import egg
from tests.support.metadata import MetadataService, Person


async def _key(service: MetadataService, person: Person, *scopes: str, **more: Any) -> Person:
    answer = await person.post("users/me/api-keys", json={"name": "robot", "scopes": scopes, **more})
    assert answer.status_code == 201, answer.text
    robot = service.anyone()
    robot.user = answer.json()
    robot.headers["Authorization"] = f"Bearer {answer.json()['key']}"
    return robot


async def test_a_key_is_shown_once_and_kept_as_a_digest(service: MetadataService, kari: Person) -> None:
    robot = await _key(service, kari, "photos:read", "photos:read")
    key = robot.user["key"]
    (listed,) = (await kari.get("users/me/api-keys")).json()["data"]
    assert "key" not in listed
    assert key.startswith(listed["prefix"])
    assert (listed["scopes"], listed["last_used_at"]) == (["photos:read"], None)
    async with service.database.reading() as session:
        assert key not in repr((await session.execute(select(ApiKey.__table__))).all())


async def test_a_key_acts_as_its_owner_within_its_scopes(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1)
    reader = await _key(service, kari, "photos:read")
    importer = await _key(service, kari, "import")
    writer = await _key(service, kari, "photos:write")
    assert (await reader.get(f"photos/{photo['id']}")).json()["primary_filename"]
    assert (await reader.post("photos/search", json={})).status_code == 200
    assert (await importer.post("photos/photoegg", json=egg(2))).status_code == 201
    assert (await writer.patch(f"photos/{photo['id']}", json={"rating": 4})).status_code == 200
    for robot, method, path in (
        (reader, "PATCH", f"photos/{photo['id']}"),
        (reader, "POST", "photos/photoegg"),
        (importer, "GET", "photos"),
        (importer, "DELETE", f"photos/{photo['id']}"),
        (writer, "GET", f"photos/{photo['id']}"),
        (writer, "POST", "photos"),
        (reader, "GET", "admin/users"),
    ):
        answer = await robot.request(method, path, json={} if method != "GET" else None)
        assert (answer.status_code, answer.json()["type"]) == (403, "insufficient-scope"), path
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


async def test_no_key_makes_keys_or_ends_an_account_whatever_its_scopes(service: MetadataService, kari: Person) -> None:
    robot = await _key(service, kari, *SCOPE_NAMES)
    assert (await robot.get("auth/me")).json()["username"] == "kari"
    assert (await robot.get("users/me")).json()["username"] == "kari"
    for method, path, body in (
        ("POST", "users/me/api-keys", {"name": "x", "scopes": ["admin"]}),
        ("GET", "users/me/api-keys", None),
        ("GET", "users/me/sessions", None),
        ("GET", "users/me/security-events", None),
        ("PUT", "users/me", {"display_name": "x"}),
        ("DELETE", "users/me", None),
        ("POST", "users/me/change-password", {"current_password": "x", "new_password": "long enough"}),
        ("POST", "auth/logout/everywhere", None),
    ):
        assert (await robot.request(method, path, json=body)).status_code == 403, path
    assert (await kari.get("auth/me")).status_code == 200


async def test_a_key_for_administrators_opens_nothing_to_others(service: MetadataService, kari: Person) -> None:
    ola = await service.user("ola")
    assert (await (await _key(service, kari, "admin")).get("admin/users")).status_code == 200
    assert (await (await _key(service, ola, "admin")).get("admin/users")).status_code == 404


async def test_a_revoked_key_is_dead_at_once_and_only_its_owner_revokes_it(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    robot = await _key(service, kari, "photos:read")
    assert (await robot.get("photos")).status_code == 200
    address = f"users/me/api-keys/{robot.user['id']}"
    assert (await ola.delete(address)).status_code == 404
    assert (await robot.get("photos")).status_code == 200
    assert (await kari.delete(address)).status_code == 200
    assert (await robot.get("photos")).status_code == 401
    assert (await kari.delete(address)).json()["type"] == "api-key-not-found"


async def test_a_key_ends_at_its_hour_also_when_it_was_seen_alive_a_moment_ago(
    service: MetadataService, kari: Person
) -> None:
    later = (utc_now() + timedelta(hours=1)).isoformat()
    robot = await _key(service, kari, "photos:read", expires_at=later)
    assert (await robot.get("photos")).status_code == 200
    remembered = service.app.state.alive._keys
    for secret_hash, (holder, until) in list(remembered.items()):
        remembered[secret_hash] = (replace(holder, expires_at=utc_now()), until)
    assert (await robot.get("photos")).status_code == 401
    remembered.clear()
    assert (await robot.get("photos")).status_code == 200
    async with service.database.writing() as session:
        await session.execute(update(ApiKey).values(expires_at=utc_now()))
    remembered.clear()
    assert (await robot.get("photos")).status_code == 401


async def test_keys_of_a_disabled_and_of_a_deleted_account_are_dead(service: MetadataService, kari: Person) -> None:
    ola = await service.user("ola")
    robot = await _key(service, ola, "photos:read")
    address = f"admin/users/{ola.user['id']}"
    assert (await robot.get("photos")).status_code == 200
    assert (await kari.patch(address, json={"is_active": False})).status_code == 200
    assert (await robot.get("photos")).status_code == 401
    assert (await kari.patch(address, json={"is_active": True})).status_code == 200
    assert (await robot.get("photos")).status_code == 200
    ola.headers["Authorization"] = f"Bearer {await service.token(ola.user['id'])}"
    assert (await ola.delete("users/me")).status_code == 200
    assert (await robot.get("photos")).status_code == 401


async def test_when_a_key_was_used_last_is_written_down_later(service: MetadataService, kari: Person) -> None:
    robot = await _key(service, kari, "photos:read")
    await robot.get("photos")
    await service.app.state.later.write()
    (listed,) = (await kari.get("users/me/api-keys")).json()["data"]
    assert listed["last_used_at"] is not None


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": " ", "scopes": ["import"]},
        {"name": "x", "scopes": ["import"], "expires_at": "2030-01-01T00:00:00"},
        {"name": "x", "scopes": ["import"], "expires_at": 4_000_000_000},
        {"name": "x", "scopes": ["import"], "expires_at": "1999-12-31T23:59:59Z"},
        {"name": "x", "scopes": ["import"], "user_id": 1},
    ],
)
async def test_a_key_that_cannot_be_says_why(kari: Person, body: dict[str, Any]) -> None:
    assert (await kari.post("users/me/api-keys", json=body)).status_code == 422


@pytest.mark.parametrize("key", ["imk_", "imk_x", "imk_" + "x" * 43, "imk_" + "x" * 4000])
async def test_a_made_up_key_opens_nothing(anyone: Person, key: str) -> None:
    answer = await anyone.get("photos", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["type"]) == (401, "invalid-token")


async def test_every_route_has_its_scope(service: MetadataService, anyone: Person) -> None:
    document = (await anyone.get("http://testserver/openapi.json")).json()
    scopes = {
        (method.upper(), path): scope_of(method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
    }
    homeless = [route for route, scope in scopes.items() if scope is None]
    assert homeless == [], "give them a line in metadata_service/accounts/scopes.py"
    assert {scope.value for scope in scopes.values() if scope} >= set(SCOPE_NAMES) - {"share"}
    opened = {path for (_, path), scope in scopes.items() if scope is Scope.OPEN and path.startswith("/api/")}
    assert {path.split("/")[3] for path in opened} <= {"auth", "shared", "objects"}
    for method, path in (("POST", "/api/v1/nowhere"), ("GET", "/else"), ("GET", "/api/v1/photosx")):
        assert scope_of(method, path) is None

"""What administrators may do with accounts, and that nobody else may."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from metadata_service.settings import Settings
from tests.support.eggs import egg, jpeg
from tests.support.metadata import PASSWORD, MetadataService, Person
from tests.support.processes import clean_environment

_ROUTES = (
    ("GET", "admin/users"),
    ("GET", "admin/users/1"),
    ("PATCH", "admin/users/1"),
    ("POST", "admin/users/1/reset-password"),
    ("GET", "admin/users/1/security-events"),
    ("GET", "admin/invites"),
    ("POST", "admin/invites"),
    ("DELETE", "admin/invites/1"),
)


@pytest.mark.parametrize(("method", "path"), _ROUTES)
async def test_to_others_there_is_nothing_to_administer(
    kari: Person, ola: Person, anyone: Person, method: str, path: str
) -> None:
    answer = await ola.request(method, path, json={} if method in {"PATCH", "POST"} else None)
    assert (answer.status_code, answer.json()["type"]) == (404, "not-found")
    assert (await anyone.request(method, path)).status_code == 401
    assert (await kari.get("auth/me")).status_code == 200


async def test_accounts_are_listed_page_by_page_and_found_by_how_they_begin(
    service: MetadataService, kari: Person
) -> None:
    for name in ("ola", "olga", "o_x"):
        await service.user(name)
    names: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await kari.get(f"admin/users?limit=2{cursor and '&cursor='}{cursor}")).json()
        names += [user["username"] for user in page["data"]]
        cursor = page["meta"]["next_cursor"]
    assert names == ["kari", "ola", "olga", "o_x"]
    for query, found in (("OL", ["ola", "olga"]), ("ola@", ["ola"]), ("o_", ["o_x"]), ("%", [])):
        page = (await kari.get("admin/users", params={"query": query})).json()
        assert [user["username"] for user in page["data"]] == found, query
    assert "password" not in str(page)


async def test_a_disabled_account_is_out_at_once_and_comes_back_when_enabled(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    address = f"admin/users/{ola.user['id']}"
    assert (await ola.get("auth/me")).status_code == 200
    assert (await kari.patch(address, json={"is_active": False})).json()["signed_in"] == 0
    assert (await ola.get("auth/me")).status_code == 401
    login = {"username": "ola", "password": PASSWORD}
    assert (await service.anyone().post("auth/login", json=login)).status_code == 401
    await kari.patch(address, json={"is_active": True})
    assert (await ola.get("auth/me")).status_code == 401, "what was ended stays so"
    assert (await service.anyone().post("auth/login", json=login)).status_code == 200
    kinds = [event["kind"] for event in (await kari.get(f"{address}/security-events")).json()["data"]]
    assert kinds[:3] == ["signed-in", "enabled", "disabled"]


async def test_a_reset_password_is_good_for_signing_in_and_the_old_one_is_not(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    given = (await kari.post(f"admin/users/{ola.user['id']}/reset-password")).json()["temporary_password"]
    assert (await ola.get("auth/me")).status_code == 401
    for password, status in ((PASSWORD, 401), (given, 200)):
        answer = await service.anyone().post("auth/login", json={"username": "ola", "password": password})
        assert answer.status_code == status


async def test_somebody_remains_administrator(service: MetadataService, kari: Person, ola: Person) -> None:
    mine, other = (f"admin/users/{person.user['id']}" for person in (kari, ola))
    for change in ({"is_admin": False}, {"is_active": False}):
        answer = await kari.patch(mine, json=change)
        assert (answer.status_code, answer.json()["type"]) == (409, "last-admin")
    assert (await kari.patch(other, json={"is_admin": True})).json()["is_admin"] is True
    assert (await kari.patch(mine, json={"is_admin": False})).status_code == 200
    assert (await kari.get(other)).status_code == 404
    assert (await ola.get(mine)).status_code == 200


@pytest.mark.parametrize("change", [{"quota_photos": -1}, {"quota_bytes": 1.5}, {"is_active": None}, {"id": 7}])
async def test_a_change_that_cannot_be_is_refused(kari: Person, change: dict[str, Any]) -> None:
    assert (await kari.patch(f"admin/users/{kari.user['id']}", json=change)).status_code == 422


def _run(settings: Settings, *command: str) -> tuple[int, str]:
    environment = {"METADATA_DATABASE_URL": settings.database, "METADATA_DATA_DIR": str(settings.data_dir)}
    ended = subprocess.run(
        [sys.executable, "-m", "metadata_service", *command],
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ended.returncode, ended.stdout.strip()


async def test_an_operator_invites_the_first_person_and_makes_them_administrator(
    service: MetadataService, settings: Settings
) -> None:
    settings.registration, settings.first_user_is_admin = "invite", False
    status, code = await asyncio.to_thread(_run, settings, "invite", "--user", "kari")
    assert status == 0
    body = {"username": "kari", "email": "kari@example.org", "password": PASSWORD, "invite_code": code}
    assert (await service.anyone().post("auth/register", json=body)).json()["is_admin"] is False
    assert await asyncio.to_thread(_run, settings, "make-admin", "--user", "KARI@example.org") == (
        0,
        "kari administers accounts now.",
    )
    assert (await asyncio.to_thread(_run, settings, "make-admin", "--user", "nobody"))[0] == 1
    kari = service.anyone()
    assert (await kari.post("auth/login", json={"username": "kari", "password": PASSWORD})).json()["user"]["is_admin"]


async def test_lists_cost_two_statements_however_long_they_are(
    service: MetadataService, kari: Person, statements: list[str]
) -> None:
    for number in range(5):
        await service.user(f"user{number}")
    for path in ("admin/users", "admin/invites", "users/me/sessions", "users/me/api-keys", "users/me/security-events"):
        await kari.get(path)
        statements.clear()
        assert (await kari.get(path)).status_code == 200
        assert len([said for said in statements if "FROM users JOIN login_sessions" not in said]) <= 2, path


async def test_photos_beyond_the_quota_are_refused_and_nothing_of_them_is_kept(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    address = f"admin/users/{ola.user['id']}"
    assert (await kari.patch(address, json={"quota_photos": 2})).status_code == 200
    await ola.keep(1)
    await ola.delete(f"photos/{(await ola.keep(2))['id']}")
    refused = await ola.post("photos/photoegg", json=egg(3, coldpreview=jpeg(3, size=(600, 400))))
    assert (refused.status_code, refused.json()["type"]) == (403, "quota-exceeded")
    assert (await kari.get(address)).json()["photos_held"] == 2, "the trash takes room too"
    assert list(service.app.state.blobs.root.rglob("*.jpg")) == []
    assert (await ola.keep(2))["is_duplicate"], "what is known comes back"
    await kari.patch(address, json={"quota_photos": None})
    await ola.keep(3)
    assert (await ola.get("users/me")).json()["quota_photos"] is None


async def test_of_a_batch_as_many_are_kept_as_fit(kari: Person, ola: Person) -> None:
    await kari.patch(f"admin/users/{ola.user['id']}", json={"quota_photos": 3})
    answer = (await ola.post("photos/batch", json={"photo_eggs": [egg(seed) for seed in range(1, 7)]})).json()
    assert answer["photos_created"] == 3, answer
    assert len(answer["errors"]) == 3
    assert "may hold 3 photos" in answer["errors"][0]


async def test_originals_beyond_the_quota_are_refused_and_not_kept(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    image = jpeg(9, size=(600, 400))
    address = f"admin/users/{ola.user['id']}"
    await kari.patch(address, json={"quota_bytes": 2 * len(image) - 1})
    for status in (202, 403):
        answer = await ola.post("photos/upload", files=[("files", ("a.jpg", image))])
        assert answer.status_code == status, answer.text
    assert (await kari.get(address)).json()["bytes_held"] == len(image)
    assert len(list(service.app.state.blobs.root.rglob("*.jpg"))) == 1


async def test_bytes_beyond_the_quota_are_refused_by_every_door(kari: Person, ola: Person) -> None:
    large = jpeg(9, size=(600, 400))
    address = f"admin/users/{ola.user['id']}"
    await kari.patch(address, json={"quota_bytes": len(large)})
    first = await ola.keep(1, coldpreview=large)
    second = await ola.keep(2)
    put = await ola.put(f"photos/{second['id']}/coldpreview", files={"file": large})
    assert (put.status_code, put.json()["type"]) == (403, "quota-exceeded")
    assert (await ola.get(f"photos/{second['id']}/coldpreview")).json()["type"] == "no-coldpreview"
    assert (await ola.put(f"photos/{first['id']}/coldpreview", files={"file": large})).status_code == 200
    assert (await kari.get(address)).json()["bytes_held"] == len(large)

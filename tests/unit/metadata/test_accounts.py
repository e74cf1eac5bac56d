"""Accounts: who gets in, and who does not."""

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from pwdlib.hashers.bcrypt import BcryptHasher
from sqlalchemy import update

from metadata_service.settings import Settings
from metadata_service.tables import User
from tests.support.metadata import PASSWORD, MetadataService, Person, running_metadata


def _registration(**changes: Any) -> dict[str, Any]:
    return {"username": "Kari", "email": "Kari@Example.org", "password": PASSWORD, "display_name": "Kari N."} | changes


async def test_who_registers_can_log_in_by_either_name_in_any_case_and_is_told_who_they_are(anyone: Person) -> None:
    answer = await anyone.post("auth/register", json=_registration())
    assert answer.status_code == 201
    assert "password" not in answer.text
    for name in (
        {"username": "kari"},
        {"username": "KARI"},
        {"email": "kari@example.org"},
        {"username": "kari@EXAMPLE.org"},
    ):
        answer = await anyone.post("auth/login", json=name | {"password": PASSWORD})
        assert answer.status_code == 200, name
    body = answer.json()
    assert (body["token_type"], body["user"]["username"]) == ("bearer", "Kari")
    anyone.cookies.clear()
    me = await anyone.get("auth/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.json() == body["user"]


async def test_the_oauth2_form_logs_in_too(anyone: Person) -> None:
    await anyone.post("auth/register", json=_registration())
    form = {"grant_type": "password", "username": "kari", "password": PASSWORD, "scope": ""}
    answer = await anyone.post("auth/login", data=form)
    assert answer.status_code == 200
    assert answer.json()["access_token"]


async def test_the_cookie_shows_pictures_to_a_browser_until_it_logs_out(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1)
    browser = service.anyone()
    answer = await browser.post("auth/login", json={"username": "kari", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await browser.get(f"photos/{photo['id']}/hotpreview")).status_code == 200
    await browser.post("auth/logout")
    assert (await browser.get(f"photos/{photo['id']}/hotpreview")).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({}, 200),
    ],
)
async def test_a_page_of_another_site_cannot_ride_on_the_cookie(
    service: MetadataService, kari: Person, headers: dict[str, str], status: int
) -> None:
    photo = await kari.keep(1)
    browser = service.anyone()
    await browser.post("auth/login", json={"username": "kari", "password": PASSWORD})
    answer = await browser.patch(f"photos/{photo['id']}", json={"rating": 3}, headers=headers)
    assert answer.status_code == status
    # A bearer token is never sent by itself, so where it comes from does not matter.
    assert (await kari.patch(f"photos/{photo['id']}", json={"rating": 3}, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "slug", "field"),
    [
        ({"username": "KARI", "email": "other@example.org"}, 409, "username-taken", None),
        ({"username": "other", "email": "kari@example.ORG"}, 409, "email-taken", None),
        ({"email": "nonsense"}, 422, "invalid-request", "email"),
        ({"password": "short"}, 422, "invalid-request", "password"),
        ({"username": "a b c"}, 422, "invalid-request", "username"),
        ({"username": "x\0yz"}, 422, "invalid-request", "username"),
        ({"is_admin": True}, 422, "invalid-request", "is_admin"),
    ],
)
async def test_a_registration_that_cannot_be_says_why(
    anyone: Person, changes: dict[str, Any], status: int, slug: str, field: str | None
) -> None:
    await anyone.post("auth/register", json=_registration())
    answer = await anyone.post("auth/register", json=_registration(**changes))
    assert (answer.status_code, answer.json()["type"]) == (status, slug)
    if field:
        assert field in {part for error in answer.json()["errors"] for part in error["loc"]}


async def test_a_wrong_password_and_an_unknown_user_get_the_same_answer_in_the_same_time(anyone: Person) -> None:
    await anyone.post("auth/register", json=_registration())
    seconds: dict[str, list[float]] = {"kari": [], "nobody": []}
    bodies = set()
    for _ in range(5):
        for name, times in seconds.items():
            started = time.perf_counter()
            answer = await anyone.post("auth/login", json={"username": name, "password": "wrong password"})
            times.append(time.perf_counter() - started)
            assert answer.status_code == 401
            bodies.add((answer.json()["type"], answer.json()["detail"]))
    assert len(bodies) == 1
    known, unknown = (statistics.median(times) for times in seconds.values())
    # Without the hash an unknown name would be answered some thirty times faster.
    assert unknown > known / 4


async def test_a_wrong_password_and_an_unknown_user_ask_the_database_alike(
    service: MetadataService, kari: Person, anyone: Person, statements: list[str]
) -> None:
    said = []
    for name in ("kari", "nobody"):
        statements.clear()
        assert (
            await anyone.post("auth/login", json={"username": name, "password": "wrong password"})
        ).status_code == 401
        said.append(list(statements))
    assert said[0] == said[1]
    assert len(said[0]) == 2


async def test_many_sign_ins_at_once_wait_a_little_or_are_told_to_come_back_and_others_notice_nothing(
    settings: Settings,
) -> None:
    settings.busy_seconds, settings.rate_limits = 60, False
    async with running_metadata(settings) as service:
        await _sign_in_at_once(service, await service.user("kari"))


async def _sign_in_at_once(service: MetadataService, kari: Person) -> None:
    client = service.anyone()
    logins = [
        asyncio.create_task(client.post("auth/login", json={"username": f"name{number}", "password": "wrong password"}))
        for number in range(60)
    ]
    await asyncio.sleep(0.05)
    slowest = 0.0
    while not all(login.done() for login in logins):
        started = time.perf_counter()
        assert (await kari.get("auth/me")).status_code == 200
        slowest = max(slowest, time.perf_counter() - started)
        await asyncio.sleep(0.01)
    answers = [login.result() for login in logins]
    assert {answer.status_code for answer in answers} == {401, 503}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert (busy.json()["type"], busy.headers["retry-after"]) == ("sign-in-busy", "3")
    assert slowest < 10, "hashing happens elsewhere"


async def test_a_bcrypt_hash_of_an_earlier_installation_logs_in_and_is_upgraded(
    service: MetadataService, anyone: Person
) -> None:
    user = (await anyone.post("auth/register", json=_registration())).json()
    async with service.database.writing() as session:
        old = BcryptHasher().hash(PASSWORD)
        await session.execute(update(User).where(User.id == user["id"]).values(password_hash=old))
    for _ in range(2):
        assert (await anyone.post("auth/login", json={"username": "kari", "password": PASSWORD})).status_code == 200
    async with service.database.reading() as session:
        assert (await session.get_one(User, user["id"])).password_hash.startswith("$argon2id$")


_FORGERIES: dict[str, Callable[[dict[str, Any], str], str]] = {
    "expired": lambda claims, secret: jwt.encode(claims | {"exp": claims["iat"] - timedelta(seconds=6)}, secret),
    "alg none": lambda claims, _: jwt.encode(claims, None, "none"),
    "other key": lambda claims, _: jwt.encode(claims, "k" * 64),
    "other algorithm": lambda claims, secret: jwt.encode(claims, secret, "HS512"),
    "other audience": lambda claims, secret: jwt.encode(claims | {"aud": "elsewhere"}, secret),
    "no audience": lambda claims, secret: jwt.encode({k: v for k, v in claims.items() if k != "aud"}, secret),
    "no expiry": lambda claims, secret: jwt.encode({k: v for k, v in claims.items() if k != "exp"}, secret),
    "not a number": lambda claims, secret: jwt.encode(claims | {"sub": "kari"}, secret),
    "nobody": lambda claims, secret: jwt.encode(claims | {"sub": "999999"}, secret),
    "another's session": lambda claims, secret: jwt.encode(claims | {"sub": str(int(claims["sub"]) + 1)}, secret),
    "no session": lambda claims, secret: jwt.encode({k: v for k, v in claims.items() if k != "sid"}, secret),
    "ended session": lambda claims, secret: jwt.encode(claims | {"sid": "999999"}, secret),
    "made for knowing a device": lambda claims, secret: jwt.encode(claims | {"aud": "imalink-device"}, secret),
    "issued in the future": lambda claims, secret: jwt.encode(
        claims | {"iat": claims["iat"] + timedelta(seconds=60)}, secret
    ),
    "beyond 64 bit": lambda claims, secret: jwt.encode(claims | {"sub": "9" * 30}, secret),
    "garbage": lambda _, secret: secret[:20],
}


@pytest.mark.parametrize(("late", "status"), [(-2, 200), (3, 200), (7, 401)])
async def test_a_token_ends_when_it_says_give_or_take_what_clocks_differ(
    service: MetadataService, kari: Person, late: int, status: int
) -> None:
    tokens = service.app.state.tokens
    issued = tokens.read(kari.headers["Authorization"].removeprefix("Bearer "))
    then = datetime.now(UTC) - tokens.lifetime - timedelta(seconds=late)
    token = tokens.issue(issued.user_id, issued.session_id, then)
    answer = await service.anyone().get("auth/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status


@pytest.mark.parametrize("kind", _FORGERIES)
async def test_a_token_that_this_server_does_not_honour_is_refused_everywhere(
    service: MetadataService, kari: Person, kind: str
) -> None:
    photo = await kari.keep(1)
    now = datetime.now(UTC)
    issued = service.app.state.tokens.read(kari.headers["Authorization"].removeprefix("Bearer "))
    claims = {
        "sub": str(issued.user_id),
        "sid": str(issued.session_id),
        "iat": now,
        "exp": now + timedelta(hours=1),
        "aud": "imalink",
    }
    token = _FORGERIES[kind](claims, service.app.state.tokens.secret)
    bearer = {"Authorization": f"Bearer {token}"}
    thief = service.anyone()
    for path in ("auth/me", "photos", f"photos/{photo['id']}", f"photos/{photo['id']}/hotpreview"):
        answer = await thief.get(path, headers=bearer)
        assert (answer.status_code, answer.json()["type"]) == (401, "invalid-token"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        stale = await thief.get(path, headers={"Cookie": f"imalink_session={token}"})
        assert stale.status_code in {200, 401, 404}
        assert "Canon" not in stale.text


async def test_a_disabled_account_is_out_at_once(service: MetadataService, kari: Person, anyone: Person) -> None:
    async with service.database.writing() as session:
        await session.execute(update(User).values(is_active=False))
    assert (await kari.get("auth/me")).status_code == 401
    answer = await anyone.post("auth/login", json={"username": "kari", "password": PASSWORD})
    assert answer.json()["type"] == "wrong-credentials"

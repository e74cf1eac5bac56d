"""Sign-ins: kept up by refresh tokens that take turns, listed, ended here and everywhere."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from metadata_service.db.types import utc_now
from metadata_service.sessions.service import GRACE
from metadata_service.tables import LoginSession, SecurityEvent
from tests.support.metadata import PASSWORD, MetadataService, Person

OUR_PAGE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
async def program(service: MetadataService, kari: Person) -> Person:
    """A program of kari's: it knows its tokens, and keeps no cookies."""
    client = service.anyone()
    client.user = kari.user
    client.tokens = await _login(client)  # type: ignore[attr-defined]
    return client


async def _login(client: Person, **more: Any) -> dict[str, Any]:
    answer = await client.post("auth/login", json={"username": "kari", "password": PASSWORD}, **more)
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    tokens: dict[str, Any] = answer.json()
    return tokens


async def _refresh(client: Person, token: str) -> httpx.Response:
    answer = await client.post("auth/refresh", json={"refresh_token": token})
    client.cookies.clear()
    return answer


async def _me(client: Person, tokens: dict[str, Any]) -> int:
    return (await client.get("auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})).status_code


async def _move(service: MetadataService, **times: timedelta) -> None:
    """Pretend that time has passed for all sign-ins."""
    async with service.database.writing() as session:
        for row in await session.scalars(select(LoginSession)):
            await session.execute(
                update(LoginSession)
                .where(LoginSession.id == row.id)
                .values({name: getattr(row, name) - passed for name, passed in times.items()})
            )


async def _events(person: Person) -> list[str]:
    return [event["kind"] for event in (await person.get("users/me/security-events")).json()["data"]]


async def test_a_refresh_token_gives_the_next_pair_and_is_kept_nowhere(
    service: MetadataService, program: Person
) -> None:
    first = program.tokens  # type: ignore[attr-defined]
    second = (await _refresh(program, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["user"] == first["user"]
    assert await _me(program, second) == 200
    third = (await _refresh(program, second["refresh_token"])).json()
    assert await _me(program, third) == 200
    async with service.database.reading() as session:
        rows = (await session.execute(select(LoginSession.__table__))).all()
    for token in (first, second, third):
        for half in token["refresh_token"].removeprefix("imr_").split("."):
            assert half not in repr(rows)


async def test_two_refreshes_at_once_get_the_same_next_token_and_nobody_is_thrown_out(program: Person) -> None:
    shown = program.tokens["refresh_token"]  # type: ignore[attr-defined]
    answers = await asyncio.gather(*(_refresh(program, shown) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    (following,) = {answer.json()["refresh_token"] for answer in answers}
    assert (await _refresh(program, following)).status_code == 200


async def test_a_token_that_was_used_long_ago_ends_the_sign_in_for_thief_and_owner(
    service: MetadataService, kari: Person, program: Person
) -> None:
    stolen = program.tokens["refresh_token"]  # type: ignore[attr-defined]
    current = (await _refresh(program, stolen)).json()
    await _move(service, rotated_at=GRACE + timedelta(seconds=1))
    answer = await _refresh(program, stolen)
    assert (answer.status_code, answer.json()["type"]) == (401, "invalid-refresh-token")
    assert await _me(program, current) == 401
    assert (await _refresh(program, current["refresh_token"])).status_code == 401
    assert "refresh-token-reused" in await _events(kari)


async def test_the_token_before_the_last_is_not_forgiven_even_at_once(program: Person) -> None:
    first = program.tokens["refresh_token"]  # type: ignore[attr-defined]
    second = (await _refresh(program, first)).json()["refresh_token"]
    third = (await _refresh(program, second)).json()["refresh_token"]
    assert (await _refresh(program, first)).status_code == 401
    assert (await _refresh(program, third)).status_code == 401


@pytest.mark.parametrize(
    "shown",
    ["", "x", "imr_", "imr_a.b", "imr_" + "a" * 43 + "." + "b" * 43, "imr_é.ü", "imr_." + "a" * 250, "imr_a\x00.b"],
)
async def test_a_made_up_token_opens_nothing_and_ends_nobodys_sign_in(program: Person, shown: str) -> None:
    assert (await _refresh(program, shown)).status_code in {401, 422}
    assert await _me(program, program.tokens) == 200  # type: ignore[attr-defined]


async def test_a_sign_in_that_nobody_came_back_to_expires(service: MetadataService, program: Person) -> None:
    token = program.tokens["refresh_token"]  # type: ignore[attr-defined]
    days = timedelta(days=service.app.state.settings.refresh_token_days)
    await _move(service, expires_at=days - timedelta(seconds=30))
    answer = await _refresh(program, token)
    assert answer.status_code == 200, "half a minute before"
    await _move(service, expires_at=days + timedelta(seconds=1))
    assert (await _refresh(program, answer.json()["refresh_token"])).status_code == 401


async def test_a_disabled_account_refreshes_nothing(service: MetadataService, kari: Person, program: Person) -> None:
    assert (await kari.put("users/me", json={"is_active": False})).status_code == 200
    assert (await _refresh(program, program.tokens["refresh_token"])).status_code == 401  # type: ignore[attr-defined]
    assert await _me(program, program.tokens) == 401  # type: ignore[attr-defined]


async def test_signing_out_ends_this_sign_in_at_once_and_no_other(
    service: MetadataService, kari: Person, program: Person
) -> None:
    tokens = program.tokens  # type: ignore[attr-defined]
    assert await _me(program, tokens) == 200
    out = await program.post("auth/logout", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert out.status_code == 200
    assert await _me(program, tokens) == 401
    assert (await _refresh(program, tokens["refresh_token"])).status_code == 401
    assert (await kari.get("auth/me")).status_code == 200
    assert (await service.anyone().post("auth/logout")).status_code == 200, "who is not signed in may sign out too"


async def test_signing_out_everywhere_ends_all(kari: Person, program: Person) -> None:
    answer = await kari.post("auth/logout/everywhere")
    assert answer.json()["ended"] == 2
    assert (await kari.get("auth/me")).status_code == 401
    assert await _me(program, program.tokens) == 401  # type: ignore[attr-defined]


async def test_sign_ins_are_listed_and_ended_one_by_one(
    service: MetadataService, kari: Person, ola: Person, program: Person
) -> None:
    headers = {"user-agent": "Firefox\x7f on a boat", "Authorization": ""}
    browser = service.anyone()
    await browser.post("auth/login", json={"username": "kari", "password": PASSWORD}, headers=headers)
    listed = (await browser.get("users/me/sessions")).json()["data"]
    assert len(listed) == 3
    (current,) = [row for row in listed if row["current"]]
    assert (current["user_agent"], current["method"], current["ip"]) == ("Firefox on a boat", "password", "127.0.0.1")
    for row in listed:
        assert (await ola.delete(f"users/me/sessions/{row['id']}")).status_code == 404
    others = [row["id"] for row in listed if not row["current"]]
    for number in others:
        assert (await browser.delete(f"users/me/sessions/{number}")).status_code == 200
    assert (await browser.delete(f"users/me/sessions/{others[0]}")).json()["type"] == "session-not-found"
    assert await _me(program, program.tokens) == 401  # type: ignore[attr-defined]
    assert (await kari.get("auth/me")).status_code == 401
    assert [row["id"] for row in (await browser.get("users/me/sessions")).json()["data"]] == [current["id"]]


async def test_a_new_password_ends_all_other_sign_ins(service: MetadataService, kari: Person, program: Person) -> None:
    body = {"current_password": PASSWORD, "new_password": "another horse"}
    assert (await kari.post("users/me/change-password", json=body)).status_code == 200
    assert (await kari.get("auth/me")).status_code == 200
    assert await _me(program, program.tokens) == 401  # type: ignore[attr-defined]
    assert (await _refresh(program, program.tokens["refresh_token"])).status_code == 401  # type: ignore[attr-defined]
    assert (await _events(kari))[0] == "password-changed"


async def test_a_login_with_the_old_password_does_not_slip_past_its_change(
    service: MetadataService, kari: Person
) -> None:
    body = {"current_password": PASSWORD, "new_password": "another horse"}
    client = service.anyone()
    login = {"username": "kari", "password": PASSWORD}
    changed, *logins = await asyncio.gather(
        kari.post("users/me/change-password", json=body), *(client.post("auth/login", json=login) for _ in range(4))
    )
    assert changed.status_code == 200
    for answer in logins:
        assert answer.status_code in {200, 401}
        if answer.status_code == 200:
            assert await _me(service.anyone(), answer.json()) == 401


async def test_a_page_logs_in_stays_in_and_logs_out_with_cookies_alone(service: MetadataService, kari: Person) -> None:
    page = service.anyone()
    answer = await page.post("auth/login", json={"username": "kari", "password": PASSWORD}, headers=OUR_PAGE)
    assert answer.json()["refresh_token"] is None, "no script needs to see it"
    for cookie in answer.headers.get_list("set-cookie"):
        assert re.search(r"; HttpOnly", cookie), cookie
        assert re.search(r"SameSite=(lax|strict)", cookie), cookie
    assert "Path=/api/v1/auth" in answer.headers["set-cookie"]
    before = dict(page.cookies)
    assert (await page.post("auth/refresh", headers=OUR_PAGE)).status_code == 200
    assert page.cookies["imalink_refresh"] != before["imalink_refresh"]
    assert page.cookies["imalink_device"] == before["imalink_device"]
    assert (await page.get("users/me/sessions")).status_code == 200
    assert (await page.post("auth/logout", headers=OUR_PAGE)).status_code == 200
    assert "imalink_refresh" not in page.cookies
    stolen = service.anyone()
    for name, value in before.items():
        stolen.cookies.set(name, value)
    assert (await stolen.get("auth/me")).status_code == 401
    assert (await stolen.post("auth/refresh")).status_code == 401


@pytest.mark.parametrize(
    ("address", "environment", "secure"),
    [
        ("http://testserver", "development", False),
        ("https://testserver", "development", True),
        ("http://testserver", "production", True),
    ],
)
async def test_by_https_and_in_production_cookies_never_travel_openly(
    service: MetadataService, kari: Person, *, address: str, environment: str, secure: bool
) -> None:
    service.app.state.settings.environment = environment
    body = {"username": "kari", "password": PASSWORD}
    answer = await service.anyone().post(f"{address}/api/v1/auth/login", json=body)
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 3
    assert all(("; Secure" in cookie) is secure for cookie in cookies)


@pytest.mark.parametrize("path", ["auth/login", "auth/refresh", "auth/logout", "auth/logout/everywhere"])
async def test_another_sites_page_signs_nobody_in_or_out(service: MetadataService, kari: Person, path: str) -> None:
    browser = service.anyone()
    body = {"username": "kari", "password": PASSWORD}
    await browser.post("auth/login", json=body)
    for origin in ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, {"origin": "null"}):
        answer = await browser.post(path, json=body if path == "auth/login" else None, headers=origin)
        assert (answer.status_code, answer.json()["type"]) == (403, "cross-site-request")
    assert (await browser.get("auth/me")).status_code == 200


async def test_a_page_that_the_operator_lists_may_log_in_from_its_own_origin(
    service: MetadataService, kari: Person
) -> None:
    listed = {"sec-fetch-site": "same-site", "origin": "http://localhost:5173"}
    tokens = await _login(service.anyone(), headers=listed)
    assert tokens["refresh_token"]


async def test_when_a_sign_in_was_used_last_is_written_down_later(
    service: MetadataService, kari: Person, statements: list[str]
) -> None:
    await kari.get("auth/me")
    await _move(service, last_used_at=timedelta(hours=1))
    await kari.get("auth/me")
    statements.clear()
    await kari.get("auth/me")
    assert not [statement for statement in statements if statement.startswith("UPDATE")]
    await service.app.state.later.write()
    async with service.database.reading() as session:
        used = (await session.scalars(select(LoginSession.last_used_at))).one()
    assert utc_now() - used < timedelta(seconds=30)


async def test_what_happened_is_told_to_the_owner_alone_newest_first(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    await service.anyone().post("auth/login", json={"username": "kari", "password": "wrong password"})
    await service.anyone().post("auth/login", json={"username": "kari", "password": "wrong password"})
    await service.app.state.later.write()
    await service.anyone().post("auth/login", json={"username": "kari", "password": PASSWORD})
    assert await _events(kari) == ["signed-in", "sign-in-failed", "signed-in", "registered"]
    assert await _events(ola) == ["signed-in", "registered"]
    pages, cursor = [], ""
    while cursor is not None:
        page = (await kari.get(f"users/me/security-events?limit=1{cursor and '&cursor='}{cursor}")).json()
        pages += page["data"]
        cursor = page["meta"]["next_cursor"]
    assert [event["kind"] for event in pages] == await _events(kari)
    assert pages[1]["detail"] == {"times": 2}
    async with service.database.reading() as session:
        assert "wrong password" not in repr((await session.execute(select(SecurityEvent.__table__))).all())

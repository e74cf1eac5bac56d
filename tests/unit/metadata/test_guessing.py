"""Whoever guesses is slowed down; whoever owns the account is not locked out by it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from metadata_service.accounts.client import Client
from metadata_service.rate_limit import Limit, RateLimiter, TooManyAttemptsError
from metadata_service.sessions.login import OF_DEVICE, OF_NETWORK, OF_NETWORK_FOR_ACCOUNT, OF_STRANGERS_FOR_ACCOUNT
from metadata_service.settings import Settings
from metadata_service.sign_up.routes import REGISTRATIONS_OF_NETWORK
from tests.support.metadata import PASSWORD, MetadataService, Person, running_metadata
from tests.support.redis import redis_server

THREE = Limit("three", 3, 60)


@pytest.fixture
def library(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "imalink.db")
    return f"sqlite:///{tmp_path / 'imalink.db'}"


@pytest.fixture
async def service(library: str, tmp_path: Path) -> AsyncIterator[MetadataService]:
    """One kind of database will do: attempts are not counted there."""
    settings = Settings(database_url=library, data_dir=tmp_path / "data")
    async with running_metadata(settings) as running:
        yield running


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """How passwords are hashed is no part of this, and two hundred of them would take a minute."""

    async def compare(password: str, stored: str | None) -> tuple[bool, str | None]:
        return stored is not None and password == PASSWORD, None

    for asked in ("metadata_service.sessions.login", "metadata_service.sharing.service"):
        monkeypatch.setattr(f"{asked}.verify_password", compare)


def _at(service: MetadataService, ip: str) -> Person:
    transport = httpx.ASGITransport(service.app, client=(ip, 1), raise_app_exceptions=False)
    return Person(transport=transport, base_url="http://testserver/api/v1/")


async def _login(client: Person, name: str = "kari", password: str = "wrong password") -> httpx.Response:
    return await client.post("auth/login", json={"username": name, "password": password})


async def _until_refused(client: Person, name: str = "kari") -> int:
    for number in range(200):
        answer = await _login(client, name)
        if answer.status_code == 429:
            assert answer.json()["type"] == "too-many-attempts"
            assert 1 <= int(answer.headers["retry-after"]) <= 3600
            return number
        assert answer.status_code == 401
    raise AssertionError("never refused")


async def test_a_stranger_has_few_guesses_at_one_account_and_none_is_right_after_them(
    service: MetadataService, kari: Person
) -> None:
    thief = _at(service, "203.0.113.5")
    assert await _until_refused(thief) == OF_NETWORK_FOR_ACCOUNT.attempts
    assert (await _login(thief, password=PASSWORD)).status_code == 429, "not even the right one"


@pytest.mark.parametrize("name", ["kari", "nobody"])
async def test_a_known_and_an_unknown_name_are_refused_after_as_many(
    service: MetadataService, kari: Person, name: str
) -> None:
    assert await _until_refused(_at(service, "203.0.113.5"), name) == OF_NETWORK_FOR_ACCOUNT.attempts


async def test_name_and_address_of_one_account_are_counted_together(service: MetadataService, kari: Person) -> None:
    thief = _at(service, "203.0.113.5")
    for number in range(OF_NETWORK_FOR_ACCOUNT.attempts):
        assert (
            await _login(thief, ("kari", "KARI", "kari@example.org", "Kari@EXAMPLE.org")[number % 4])
        ).status_code == 401
    assert (await _login(thief)).status_code == 429


async def test_one_network_has_few_guesses_whatever_names_it_tries(service: MetadataService) -> None:
    thief = _at(service, "203.0.113.5")
    tries = (_login(thief, f"name{number}") for number in range(OF_NETWORK.attempts + 1))
    answers = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert answers == [401] * OF_NETWORK.attempts + [429]
    assert (await _login(_at(service, "203.0.113.6"), "name1")).status_code == 401


async def test_a_botnet_has_few_guesses_and_the_owner_signs_in_all_the_same(
    service: MetadataService, kari: Person
) -> None:
    at_home, phone = _at(service, "198.51.100.7"), _at(service, "198.51.100.8")
    assert (await _login(at_home, password=PASSWORD)).status_code == 200
    assert (await _login(phone, password=PASSWORD)).status_code == 200
    refused = 0
    for number in range(OF_STRANGERS_FOR_ACCOUNT.attempts + 10):
        refused += (await _login(_at(service, f"203.0.113.{number}"))).status_code == 429
    assert refused >= 8
    assert (await _login(_at(service, "192.0.2.1"), password=PASSWORD)).status_code == 429, (
        "a stranger, for all we know"
    )
    at_home.cookies.clear()
    assert (await _login(at_home, password=PASSWORD)).status_code == 200, "known by the address"
    phone_elsewhere = _at(service, "192.0.2.1")
    phone_elsewhere.cookies.set("imalink_device", phone.cookies["imalink_device"])
    assert (await _login(phone_elsewhere, password=PASSWORD)).status_code == 200, "known by the device"


async def test_guesses_from_the_owners_own_network_do_not_lock_out_the_owners_browser(
    service: MetadataService, kari: Person
) -> None:
    browser = _at(service, "198.51.100.7")
    assert (await _login(browser, password=PASSWORD)).status_code == 200
    assert await _until_refused(_at(service, "198.51.100.7")) <= OF_NETWORK_FOR_ACCOUNT.attempts
    assert (await _login(browser, password=PASSWORD)).status_code == 200


async def test_a_device_is_known_for_its_own_account_only_and_has_few_guesses_too(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    browser = _at(service, "198.51.100.7")
    await _login(browser, "ola", PASSWORD)
    other = _at(service, "203.0.113.5")
    assert await _until_refused(other, "kari") == OF_NETWORK_FOR_ACCOUNT.attempts
    other.cookies.set("imalink_device", browser.cookies["imalink_device"])
    assert (await _login(other, "kari")).status_code == 429, "it says nothing of kari"
    assert await _until_refused(other, "ola") == OF_DEVICE.attempts
    other.cookies.set("imalink_device", "made.up.one", domain="testserver.local")
    assert (await _login(other, "ola")).status_code in {401, 429}


async def test_what_was_right_is_not_counted(service: MetadataService, kari: Person) -> None:
    client = _at(service, "203.0.113.5")
    for _ in range(OF_NETWORK_FOR_ACCOUNT.attempts + 5):
        client.cookies.clear()
        assert (await _login(client, password=PASSWORD)).status_code == 200


async def test_many_at_once_are_counted_too(service: MetadataService, kari: Person) -> None:
    thief = _at(service, "203.0.113.5")
    answers = await asyncio.gather(*(_login(thief) for _ in range(40)))
    assert sum(answer.status_code == 401 for answer in answers) == OF_NETWORK_FOR_ACCOUNT.attempts


async def test_registering_is_limited(service: MetadataService) -> None:
    client = _at(service, "203.0.113.5")
    for number in range(REGISTRATIONS_OF_NETWORK.attempts + 1):
        body = {"username": "closed", "email": f"x{number}@example.org", "password": "password"}
        answer = await client.post("auth/register", json=body)
    assert answer.status_code == 429


async def test_refreshing_is_limited(service: MetadataService) -> None:
    client = _at(service, "203.0.113.5")
    body = {"refresh_token": "imr_a.b"}
    answers = {(await client.post("auth/refresh", json=body)).status_code for _ in range(301)}
    assert answers == {401, 429}


async def test_limits_can_be_switched_off() -> None:
    limiter = RateLimiter(is_on=False)
    for _ in range(10):
        await limiter.spend(THREE, "somebody")


async def test_a_thousand_networks_do_not_guess_the_password_of_a_link(service: MetadataService) -> None:
    kari = await service.user("kari")
    photo = await kari.keep(1)
    made = {"photo_ids": [photo["id"]], "password": PASSWORD}
    link, other = [(await kari.post("share-links", json=made)).json() for _ in range(2)]
    guest = _at(service, "192.0.2.1")
    opened = await guest.post(f"shared/{link['token']}/open", json={"password": PASSWORD})
    told = []
    for number in range(110):
        guesser = _at(service, f"198.51.100.{number // 5}")
        told.append((await guesser.post(f"shared/{link['token']}/open", json={"password": "guess"})).json()["type"])
    assert (told[0], told[-1]) == ("wrong-link-password", "too-many-attempts")
    fresh = _at(service, "203.0.113.1")
    for one, status in ((link, 429), (other, 200)):
        answer = await fresh.post(f"shared/{one['token']}/open", json={"password": PASSWORD})
        assert answer.status_code == status
    headers = {"X-Link-Access": opened.json()["access"]}
    assert (await guest.get(f"shared/{link['token']}/photos", headers=headers)).status_code == 200, "who is in stays in"


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_counts_as_one(ip: str, network: str) -> None:
    assert Client(ip, None).network == network


async def _spent(limiter: RateLimiter, *who: str) -> bool:
    try:
        await limiter.spend(THREE, *who)
    except TooManyAttemptsError:
        return False
    return True


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_a_limiter_counts_each_by_itself_and_forgives(kind: str, tmp_path: Path) -> None:
    with redis_server(tmp_path) as url:
        limiter = RateLimiter(url if kind == "redis" else None)
        assert [await _spent(limiter, "a") for _ in range(4)] == [True, True, True, False]
        assert await _spent(limiter, "b")
        await limiter.forgive(THREE, "a")
        assert await _spent(limiter, "a")
        await limiter.close()


async def test_several_processes_count_together_in_redis_and_by_themselves_without_it(
    tmp_path: Path, caplog: Any
) -> None:
    with redis_server(tmp_path) as url:
        one, other = RateLimiter(url), RateLimiter(url)
        assert [await _spent(limiter, "a") for limiter in (one, other, one, other)] == [True, True, True, False]
    assert [await _spent(one, "a") for _ in range(4)] == [True, True, True, False], "Redis is gone, counting is not"
    assert "Redis does not answer" in caplog.text
    await one.close()
    await other.close()

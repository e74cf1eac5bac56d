"""Signing in with an OpenID provider, which runs as a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from metadata_service.oidc_client import OidcClient, ProviderDistrustedError, ProviderUnavailableError, Secrets
from metadata_service.settings import Settings
from metadata_service.tables import ProviderIdentity, User
from tests.support.metadata import PASSWORD, MetadataService, Person, running_metadata
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, ProviderProcess, running_provider

KARI = {
    "sub": "1001",
    "email": "kari@example.org",
    "email_verified": True,
    "preferred_username": "kari",
    "name": "Kari",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderProcess]:
    with running_provider() as running:
        yield running


@pytest.fixture
async def service(settings: Settings, provider: ProviderProcess) -> AsyncIterator[MetadataService]:
    settings.oidc_issuer = provider.issuer
    settings.oidc_client_id = CLIENT_ID
    settings.oidc_client_secret = SecretStr(CLIENT_SECRET)
    settings.oidc_public_url = "http://testserver"
    async with running_metadata(settings) as running:
        yield running


async def _at_provider(address: str) -> str:
    """Go to the provider as a browser does; give the address that it leads back to."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(address)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def _sign_in(browser: Person, after: str = "/albums") -> httpx.Response:
    begun = await browser.get("auth/oidc/login", params={"next": after})
    assert begun.status_code == 302, begun.text
    return await browser.get(await _at_provider(begun.headers["location"]))


async def test_somebody_whom_the_provider_knows_gets_an_account_and_is_signed_in(
    service: MetadataService, provider: ProviderProcess
) -> None:
    provider.knows(**KARI)
    browser = service.anyone()
    answer = await _sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/albums")
    me = (await browser.get("auth/me")).json()
    assert (me["username"], me["email"], me["display_name"]) == ("kari", "kari@example.org", "Kari")
    (current,) = (await browser.get("users/me/sessions")).json()["data"]
    assert current["method"] == "oidc"
    assert (await browser.post("auth/refresh")).status_code == 200
    assert "imalink_oidc" not in browser.cookies
    # Back again, with another address by now: it is the same person.
    provider.knows(**KARI | {"email": "new@example.org", "preferred_username": "other"})
    again = service.anyone()
    await _sign_in(again)
    assert (await again.get("auth/me")).json()["id"] == me["id"]


async def test_an_account_without_a_password_has_none_that_fits(
    service: MetadataService, provider: ProviderProcess
) -> None:
    provider.knows(**KARI)
    await _sign_in(service.anyone())
    for password in ("", "!", PASSWORD):
        answer = await service.anyone().post("auth/login", json={"username": "kari", "password": password})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "fault",
    [
        *("other audience", "other issuer", "other nonce", "no nonce", "expired", "other party", "no token"),
        *("none", "shared secret", "public key as secret", "other key", "unknown key"),
    ],
)
async def test_what_the_provider_did_not_say_to_us_now_is_not_believed(
    service: MetadataService, provider: ProviderProcess, fault: str
) -> None:
    provider.knows(fault, **KARI)
    browser = service.anyone()
    answer = await _sign_in(browser)
    assert (answer.status_code, answer.json()["type"]) == (403, "provider-refused")
    assert (await browser.get("auth/me")).status_code == 401
    async with service.database.reading() as session:
        assert (await session.scalars(select(User))).all() == []


async def test_keys_that_the_provider_changed_are_read_anew(
    service: MetadataService, provider: ProviderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.knows(**KARI)
    assert (await _sign_in(service.anyone())).status_code == 303
    monkeypatch.setattr("metadata_service.oidc_client._KEYS_AGAIN_SECONDS", 0)
    provider.knows("new keys", **KARI)
    provider.knows(**KARI)
    assert (await _sign_in(service.anyone())).status_code == 303


async def test_a_sign_in_ends_only_in_the_browser_that_began_it_and_only_once(
    service: MetadataService, provider: ProviderProcess
) -> None:
    provider.knows(**KARI)
    thief, victim = service.anyone(), service.anyone()
    begun = await thief.get("auth/oidc/login")
    back = await _at_provider(begun.headers["location"])
    assert (await victim.get(back)).json()["type"] == "provider-refused"
    await victim.get("auth/oidc/login")
    assert (await victim.get(back)).json()["type"] == "provider-refused", "it began another one"
    cookie = thief.cookies["imalink_oidc"]
    assert (await thief.get(back)).status_code == 303
    thief.cookies.set("imalink_oidc", cookie)
    assert (await thief.get(back)).json()["type"] == "provider-refused", "the code is used up"


@pytest.mark.parametrize("after", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb: c", "x"])
async def test_one_comes_back_to_us_and_nowhere_else(
    service: MetadataService, provider: ProviderProcess, after: str
) -> None:
    provider.knows(**KARI)
    assert (await _sign_in(service.anyone(), after)).headers["location"] == "/"


async def test_who_changes_their_mind_at_the_provider_is_not_signed_in(
    service: MetadataService, provider: ProviderProcess
) -> None:
    provider.knows("refused", **KARI)
    browser = service.anyone()
    assert (await _sign_in(browser)).headers["location"] == "/albums"
    assert (await browser.get("auth/me")).status_code == 401


async def test_anothers_address_is_not_taken_over(service: MetadataService, provider: ProviderProcess) -> None:
    await service.user("kari")
    provider.knows(**KARI)
    answer = await _sign_in(service.anyone())
    assert (answer.status_code, answer.json()["type"]) == (409, "email-taken")


async def test_an_account_is_linked_by_who_is_signed_in_to_it(
    service: MetadataService, provider: ProviderProcess
) -> None:
    kari = await service.user("kari")
    ola = await service.user("ola")
    provider.knows(**KARI)
    for person, status in ((kari, 303), (kari, 303), (ola, 409)):
        url = (await person.post("auth/oidc/link")).json()["url"]
        assert (await person.get(await _at_provider(url))).status_code == status
    browser = service.anyone()
    await _sign_in(browser)
    assert (await browser.get("auth/me")).json()["username"] == "kari"
    events = (await kari.get("users/me/security-events")).json()["data"]
    assert [event["kind"] for event in events].count("provider-linked") == 1
    assert (await service.anyone().post("auth/oidc/link")).status_code == 401


async def _links(person: Person) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = (await person.get("users/me")).json()["providers"]
    return links


async def test_a_link_is_shown_in_the_profile_and_taken_back(
    service: MetadataService, provider: ProviderProcess
) -> None:
    kari, ola = await service.user("kari"), await service.user("ola")
    assert await _links(kari) == []
    provider.knows(**KARI)
    url = (await kari.post("auth/oidc/link")).json()["url"]
    await kari.get(await _at_provider(url))
    (link,) = await _links(kari)
    assert link["issuer"] == provider.issuer
    browser = service.anyone()
    await _sign_in(browser)
    assert (await browser.get("auth/me")).json()["username"] == "kari"
    for stranger, status in ((ola, 404), (service.anyone(), 401)):
        assert (await stranger.delete(f"auth/oidc/link/{link['id']}")).status_code == status
    assert (await kari.delete(f"auth/oidc/link/{link['id']}")).status_code == 200
    assert await _links(kari) == []
    assert (await browser.get("auth/me")).status_code == 401, "what began at the provider ends with the link"
    assert (await kari.get("auth/me")).status_code == 200, "what began with the password does not"
    assert (await kari.delete(f"auth/oidc/link/{link['id']}")).json()["type"] == "identity-not-found"
    again = await _sign_in(service.anyone())
    assert (again.status_code, again.json()["type"]) == (409, "email-taken")
    kinds = [event["kind"] for event in (await kari.get("users/me/security-events")).json()["data"]]
    assert kinds.count("provider-unlinked") == 1


async def test_the_last_way_in_is_not_taken_away(service: MetadataService, provider: ProviderProcess) -> None:
    provider.knows(**KARI)
    browser = service.anyone()
    await _sign_in(browser)
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    profile = (await browser.get("users/me")).json()
    (link,) = profile["providers"]
    assert profile["has_password"] is False
    async with service.database.writing() as session:  # with another provider, which this server does not ask
        session.add(ProviderIdentity(user_id=profile["id"], issuer="https://other.example", subject="1"))
    refused = await browser.delete(f"auth/oidc/link/{link['id']}")
    assert (refused.status_code, refused.json()["type"]) == (409, "last-way-in")
    elsewhere = next(one for one in await _links(browser) if one["id"] != link["id"])
    assert (await browser.delete(f"auth/oidc/link/{elsewhere['id']}")).status_code == 200, "that was no way in"
    async with service.database.writing() as session:
        user = await session.get_one(User, profile["id"])
        user.password_hash = "a hash"
    assert (await browser.get("users/me")).json()["has_password"] is True
    assert (await browser.delete(f"auth/oidc/link/{link['id']}")).status_code == 200
    assert (await browser.get("auth/me")).status_code == 200, "the sign-in that asks goes on"


async def test_two_links_that_go_at_once_leave_one(service: MetadataService, provider: ProviderProcess) -> None:
    provider.knows(**KARI)
    browser = service.anyone()
    await _sign_in(browser)
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    user_id = (await browser.get("users/me")).json()["id"]
    async with service.database.writing() as session:
        session.add(ProviderIdentity(user_id=user_id, issuer=provider.issuer, subject="another"))
    paths = [f"auth/oidc/link/{link['id']}" for link in await _links(browser)]
    answers = await asyncio.gather(*(browser.delete(path) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await _links(browser)) == 1


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email": None}, {"email": "nonsense"}, {"email": "a\0@example.org"}]
)
async def test_an_address_that_the_provider_does_not_vouch_for_makes_no_account(
    service: MetadataService, provider: ProviderProcess, claims: dict[str, object]
) -> None:
    provider.knows(**KARI | claims)
    assert (await _sign_in(service.anyone())).json()["type"] == "provider-refused"


async def test_a_name_that_is_taken_or_strange_becomes_another(
    service: MetadataService, provider: ProviderProcess
) -> None:
    names = []
    for number, wanted in enumerate(("Kari", "kari", "K A R I!", "x", None)):
        provider.knows(sub=str(number), email=f"u{number}@example.org", email_verified=True, preferred_username=wanted)
        browser = service.anyone()
        assert (await _sign_in(browser)).status_code == 303
        names.append((await browser.get("auth/me")).json()["username"])
    assert names == ["Kari", "kari2", "KARI3", "user-x", "user-u4"]
    for sub in ("", "x" * 256, "\0", "\ud800"):
        provider.knows(**KARI | {"sub": sub})
        assert (await _sign_in(service.anyone())).status_code == 403
    provider.knows(**KARI | {"sub": "9", "email": "u9@example.org", "name": "\0", "preferred_username": "\ud800"})
    assert (await _sign_in(service.anyone())).status_code == 303


async def test_where_accounts_are_not_made_the_unknown_stay_outside(
    service: MetadataService, settings: Settings, provider: ProviderProcess
) -> None:
    settings.oidc_creates_accounts = False
    provider.knows(**KARI)
    assert (await _sign_in(service.anyone())).json()["type"] == "no-account-for-identity"


async def test_a_disabled_account_stays_outside(service: MetadataService, provider: ProviderProcess) -> None:
    provider.knows(**KARI)
    browser = service.anyone()
    await _sign_in(browser)
    assert (await browser.put("users/me", json={"is_active": False})).status_code == 200
    assert (await _sign_in(service.anyone())).json()["type"] == "no-account-for-identity"
    async with service.database.reading() as session:
        assert len((await session.scalars(select(ProviderIdentity))).all()) == 1


async def test_without_a_provider_there_is_nothing_to_go_to(settings: Settings) -> None:
    async with running_metadata(settings) as running:
        answer = await running.anyone().get("auth/oidc/login")
        assert (answer.status_code, answer.json()["type"]) == (404, "no-provider")


async def test_a_provider_that_is_away_is_said_to_be_so(settings: Settings) -> None:
    settings.oidc_issuer = "http://127.0.0.1:1"
    async with running_metadata(settings) as running:
        answer = await running.anyone().get("auth/oidc/login")
        assert (answer.status_code, answer.json()["type"]) == (503, "provider-away")
        rules = (await running.anyone().get("auth/register")).json()
        assert rules["provider"] == "OpenID"


async def test_a_provider_is_asked_with_a_challenge_and_believed_only_under_its_own_name(
    provider: ProviderProcess,
) -> None:
    provider.knows(**KARI)
    secrets = Secrets("state", "nonce", "verifier")
    client = OidcClient(provider.issuer, CLIENT_ID, CLIENT_SECRET, "http://testserver/back")
    address = await client.address(secrets)
    asked = parse_qs(urlsplit(address).query)
    assert (asked["code_challenge_method"], asked["state"], asked["nonce"]) == (["S256"], ["state"], ["nonce"])
    assert "verifier" not in address
    code = parse_qs(urlsplit(await _at_provider(address)).query)["code"][0]
    with pytest.raises(ProviderDistrustedError):
        await client.redeem(code, Secrets("state", "nonce", "another verifier"))
    provider.knows("other name", **KARI)
    other = OidcClient(provider.issuer, CLIENT_ID, CLIENT_SECRET, "http://testserver/back")
    with pytest.raises(ProviderUnavailableError, match="another name"):
        await other.address(secrets)
    for one in (client, other):
        await one.close()

"""Who comes in and who looks after them: a provider, invitations, and the screen of administrators."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts import build_page
from tests.support.browser import visit
from tests.support.looking import complaints_of_axe, sign_in
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, ProviderProcess, running_provider
from tests.support.processes import ROOT, Pair, clean_environment, new_pair
from tests.support.walk import PASSWORD

pytestmark = pytest.mark.e2e

REFUSED = "status of 40[134]"  # the browser logs every refusal, also one that the page explains to its user


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderProcess]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, provider: ProviderProcess) -> Iterator[Pair]:
    """Start metadata_service alone, with a provider; Kari is its administrator, Ola is nobody's."""
    assert build_page.make() == 0
    pair = new_pair(
        tmp_path_factory.mktemp("accounts"),
        METADATA_OIDC_ISSUER=provider.issuer,
        METADATA_OIDC_CLIENT_ID=CLIENT_ID,
        METADATA_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        METADATA_OIDC_NAME="House",
    )
    pair.metadata.environment = {**pair.metadata.environment, "METADATA_OIDC_PUBLIC_URL": pair.metadata.url}
    try:
        pair.metadata.start()
        for name in ("kari", "ola"):
            person = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
            httpx.post(f"{pair.metadata.url}/api/v1/auth/register", json=person, trust_env=False).raise_for_status()
        subprocess.run(
            [sys.executable, "-m", "metadata_service", "make-admin", "--user", "kari"],
            cwd=ROOT,
            env={**clean_environment(), **pair.metadata.environment},
            check=True,
            capture_output=True,
        )
        yield pair
    finally:
        if pair.metadata.is_running:
            pair.metadata.kill()


def open_administration(page: Page) -> None:
    sign_in(page, "kari")
    page.get_by_role("button", name="Account:").click()
    page.get_by_role("menuitem", name="Administration").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()


def choose(page: Page, username: str, action: str) -> Locator:
    line = page.get_by_role("listitem").filter(has_text=f"{username}@example.org")
    line.get_by_role("button", name=f"Edit: {username}").click()
    page.get_by_role("menuitem", name=action).click()
    return line


def test_one_signs_in_with_the_provider_and_stays_signed_in(pair: Pair, provider: ProviderProcess, browser: Browser):
    provider.knows(sub="7", email="liv@example.org", email_verified=True, preferred_username="liv")
    with visit(browser, f"{pair.metadata.url}/login?next=/albums", expected=REFUSED) as visitor:
        page = visitor.page
        page.get_by_role("link", name="Sign in with House").click()
        expect(page.get_by_role("heading", name="No albums yet")).to_be_visible()
        expect(page.get_by_role("button", name="Account:")).to_be_visible()
        assert page.evaluate("Number(localStorage.getItem('imalink.signed-in-until')) > Date.now()")
        page.get_by_role("button", name="Account:").click()
        assert page.get_by_role("menuitem", name="Administration").count() == 0


def test_an_administrator_bounds_disables_and_enables_an_account(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        open_administration(page)
        line = choose(page, "ola", "Set a quota")
        page.get_by_label("Most photos").fill("500")
        page.get_by_label("Most gigabytes of previews").fill("1.5")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(line).to_contain_text("at most 500 photos, 1.5 GB")
        line.get_by_role("button", name="What does it hold?").click()
        expect(line).to_contain_text("0 photos · 0 B")

        choose(page, "ola", "Disable")
        expect(line).to_contain_text("Disabled")
        assert complaints_of_axe(page) == []
        credentials = {"username": "ola", "password": PASSWORD}
        login = f"{pair.metadata.url}/api/v1/auth/login"
        assert httpx.post(login, json=credentials, trust_env=False).status_code in {401, 403}
        page.get_by_role("button", name="Undo").last.click()
        expect(line).not_to_contain_text("Disabled")
        assert httpx.post(login, json=credentials, trust_env=False).is_success


def test_a_password_is_reset_and_shown_once(pair: Pair, browser: Browser):
    person = {"username": "nils", "email": "nils@example.org", "password": PASSWORD}
    httpx.post(f"{pair.metadata.url}/api/v1/auth/register", json=person, trust_env=False).raise_for_status()
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        open_administration(page)
        choose(page, "nils", "Reset the password")
        page.get_by_role("button", name="Reset the password", exact=True).click()
        given = page.get_by_role("textbox", name="Password for once").input_value()

    login = f"{pair.metadata.url}/api/v1/auth/login"
    assert httpx.post(login, json={"username": "nils", "password": PASSWORD}, trust_env=False).status_code == 401
    assert httpx.post(login, json={"username": "nils", "password": given}, trust_env=False).is_success


def test_somebody_is_invited_and_the_invitation_withdrawn(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        open_administration(page)
        page.get_by_role("button", name="Invite somebody").click()
        page.get_by_label("For whom").fill("Aunt Berit")
        page.get_by_role("button", name="Create", exact=True).click()
        made = page.get_by_role("dialog", name="Invitation code")
        assert len(made.get_by_role("textbox").input_value()) > 8
        made.get_by_role("button", name="Close").click()
        line = page.get_by_role("listitem").filter(has_text="Aunt Berit")
        line.get_by_role("button", name="Revoke").click()
        expect(line).to_have_count(0)


def test_who_is_no_administrator_finds_nothing_there(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url, expected=REFUSED) as visitor:
        sign_in(visitor.page, "ola")
        visitor.page.goto(f"{pair.metadata.url}/admin")
        expect(visitor.page.get_by_role("heading", name="There is nothing here")).to_be_visible()

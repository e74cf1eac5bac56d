"""The page, as a person uses it in a real browser, before both services as real processes."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from scripts.sample_photos import SHOTS, take
from tests.support.browser import Visit, chromium, visit
from tests.support.eggs import egg
from tests.support.processes import Pair, running_pair

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery"
REFUSED_FILE = r"status of 4\d\d .*"  # the browser logs every refusal, also one that the page explains to its user


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with running_pair(tmp_path_factory.mktemp("page")) as pair:
        yield pair


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def sample(index: int) -> FilePayload:
    shot = SHOTS[index]
    return {"name": shot.filename, "mimeType": "image/jpeg", "buffer": take(shot)}


CORRUPT: FilePayload = {"name": "torn.jpg", "mimeType": "image/jpeg", "buffer": take(SHOTS[0])[:4000]}


def make_account(page: Page, username: str) -> None:
    page.get_by_role("button", name="I am new here").click()
    page.get_by_label("Username").fill(username)
    page.get_by_label("E-mail").fill(f"{username}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def test_a_photo_is_seen_by_exactly_those_who_may(pair: Pair, browser: Browser):
    url = pair.metadata.url
    with visit(browser, url, expected=REFUSED_FILE) as kari:
        make_account(kari.page, "kari")
        kari.page.get_by_label("Add photos").set_input_files([sample(0), CORRUPT, sample(1)])
        expect(kari.page.locator("#progress-text")).to_have_text("Done. 3 of 3 · 2 added · 1 not added")
        expect(kari.page.get_by_role("listitem").filter(has_text="torn.jpg")).to_contain_text("cannot be decoded")
        expect_photos(kari.page, 2)
        assert kari.uploads == [f"{pair.core.url}/v1/process"] * 3, "originals go to core and nowhere else"
        kari.screenshot("imported")

        with visit(browser, url) as ola:
            make_account(ola.page, "ola")
            expect(ola.page.get_by_text("No photos yet")).to_be_visible()
            expect_photos(ola.page, 0)
            ola.screenshot("empty-library")
        with visit(browser, url) as stranger:
            expect_photos(stranger.page, 0)

        published = publish_first(kari)
        with visit(browser, url) as stranger:
            expect_photos(stranger.page, 1)
            stranger.page.locator("#grid img").click()
            expect(stranger.page.get_by_role("dialog").get_by_text(published, exact=True)).to_be_visible()
            expect(stranger.page.get_by_label("Who may see it")).to_be_hidden()

        kari.page.get_by_role("button", name="Log out").click()
        expect(kari.page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect_photos(kari.page, 1)
        kari.screenshot("logged-out")


def expect_photos(page: Page, count: int) -> None:
    """The grid has so many photos, and the browser could fetch and decode those in sight."""
    expect(page.locator("#grid img")).to_have_count(count)
    for image in page.locator("#grid img").all()[:5]:
        expect(image).not_to_have_js_property("naturalWidth", 0)


def publish_first(owner: Visit) -> str:
    """Make the first photo public, and return when it was taken."""
    owner.page.locator("#grid img").first.click()
    owner.page.get_by_label("Who may see it").select_option("Everybody")
    expect(owner.page.get_by_text("Saved.")).to_be_visible()
    owner.screenshot("one-photo")
    taken = owner.page.locator("dd").first.inner_text()
    owner.page.keyboard.press("Escape")
    expect(owner.page.locator("#grid li").first).to_contain_text("Public")
    return taken


def test_a_login_outlives_a_reload_and_a_wrong_password_is_explained(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url, expected=REFUSED_FILE) as nils:
        make_account(nils.page, "nils")
        nils.page.reload()
        expect(nils.page.get_by_text("nils", exact=True)).to_be_visible()

        nils.page.get_by_role("button", name="Log out").click()
        nils.page.get_by_label("Username").fill("nils")
        nils.page.get_by_label("Password").fill("not the one")
        nils.page.keyboard.press("Enter")

        expect(nils.page.get_by_role("alert").filter(visible=True)).to_have_text("The name or the password is wrong.")
        expect(nils.page.get_by_role("button", name="Log out")).to_be_hidden()


def test_an_import_can_be_stopped(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as siri:
        make_account(siri.page, "siri")
        siri.page.route("**/v1/process", lambda _route: None)  # core takes its time
        siri.page.get_by_label("Add photos").set_input_files([sample(0), sample(1), sample(2)])
        expect(siri.page.locator("#progress-text")).to_have_text("0 of 3 · 0 added")

        siri.page.get_by_role("button", name="Stop").click()

        expect(siri.page.locator("#progress-text")).to_have_text("Stopped. 0 of 3 · 0 added")
        expect(siri.page.get_by_role("button", name="Stop")).to_be_hidden()


def test_without_core_the_page_says_so_and_a_second_try_completes(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url, expected="ERR_CONNECTION_REFUSED") as berit:
        make_account(berit.page, "berit")
        pair.core.kill()
        berit.page.get_by_label("Add photos").set_input_files([sample(0), sample(1), sample(2), sample(3)])
        failures = berit.page.get_by_label("Photos that were not added")
        expect(failures).to_contain_text(f"The image service at {pair.core.url} does not answer. Is it running?")
        expect(berit.page.locator("#progress-text")).to_contain_text("Stopped.")

        pair.core.start()
        berit.page.get_by_label("Add photos").set_input_files([sample(0)])
        expect(berit.page.locator("#progress-text")).to_have_text("Done. 1 of 1 · 1 added")
        expect(failures.get_by_role("listitem")).to_have_count(0)
        expect_photos(berit.page, 1)


def test_the_same_photo_again_is_already_here(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url, dark=True) as tor:
        make_account(tor.page, "tor")
        for outcome in ("1 added", "0 added · 1 already here"):
            tor.page.get_by_label("Add photos").set_input_files([sample(4)])
            expect(tor.page.locator("#progress-text")).to_have_text(f"Done. 1 of 1 · {outcome}")
        expect_photos(tor.page, 1)
        tor.screenshot("dark")


def test_photos_can_be_dropped_on_the_page(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as vigdis:
        make_account(vigdis.page, "vigdis")
        drop(vigdis.page, take(SHOTS[5]), "night.jpg")
        expect(vigdis.page.locator("#progress-text")).to_have_text("Done. 1 of 1 · 1 added")
        expect_photos(vigdis.page, 1)


def drop(page: Page, content: bytes, name: str) -> None:
    """Drag a file over the page and let it go."""
    carried = page.evaluate_handle(
        """([bytes, name]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name, {type: "image/jpeg"}));
            return data;
        }""",
        [list(content), name],
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": carried})
    expect(page.get_by_text("Let go to add the photos")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": carried})
    expect(page.get_by_text("Let go to add the photos")).to_be_hidden()


def test_scrolling_brings_more_and_the_keyboard_leads_through_them(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as aud:
        make_account(aud.page, "aud")
        fill_library(pair, "aud", 70)
        aud.page.reload()
        expect_photos(aud.page, 60)
        aud.screenshot("many-photos")

        aud.page.locator("#grid li").last.scroll_into_view_if_needed()
        expect_photos(aud.page, 70)
        expect(aud.page.get_by_role("button", name="Show more")).to_be_hidden()

        aud.page.locator("#grid button").first.focus()
        aud.page.keyboard.press("Enter")
        heading = aud.page.get_by_role("dialog").get_by_role("heading")
        first = heading.inner_text()
        aud.page.keyboard.press("ArrowRight")
        expect(heading).not_to_have_text(first)
        aud.page.keyboard.press("ArrowLeft")
        expect(heading).to_have_text(first)
        aud.page.keyboard.press("Escape")
        expect(aud.page.get_by_role("dialog")).to_be_hidden()


def fill_library(pair: Pair, username: str, count: int) -> None:
    """Give the user so many photos, past the page."""
    with httpx.Client(base_url=f"{pair.metadata.url}/api/v1") as client:
        login = client.post("/auth/login", json={"username": username, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {login['access_token']}"
        for seed in range(1, count + 1):
            client.post("/photos/photoegg", json=egg(seed)).raise_for_status()

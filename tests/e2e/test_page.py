"""The page, as a person uses it in a real browser, before both services as real processes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from scripts.sample_photos import SHOTS, take
from tests.support.browser import Visit, chromium, visit
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
    """The grid has so many photos, and the browser could fetch and decode each."""
    expect(page.locator("#grid img")).to_have_count(count)
    page.wait_for_function("[...document.querySelectorAll('#grid img')].every((image) => image.naturalWidth > 0)")


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

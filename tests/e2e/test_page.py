"""The page, as people use it in a real browser, before both services as real processes."""

import gzip
import re
from collections.abc import Iterator
from contextlib import closing, suppress

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect

from scripts import build_page
from tests.support.browser import visit
from tests.support.looking import NO_GRAPHICS_CARD, SCREENS, complaints_of_axe, furnish, settle, sign_in
from tests.support.processes import Pair, running_pair
from tests.support.walk import PASSWORD, walked

pytestmark = pytest.mark.e2e

MOST_JAVASCRIPT = 80_000  # bytes, gzipped, until the timeline is to be seen
REFUSED = r"status of 40[134]"  # the browser logs every refusal, also one that the page explains to its user


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    assert build_page.make() == 0
    with running_pair(tmp_path_factory.mktemp("page")) as pair:
        with closing(walked(pair.core.url, pair.metadata.url, every=4)) as kari:
            furnish(kari)
        with httpx.Client(base_url=pair.metadata.url, trust_env=False) as ola:
            person = {"username": "ola", "email": "ola@example.org", "password": PASSWORD}
            ola.post("/api/v1/auth/register", json=person).raise_for_status()
        yield pair


def photos_on(page: Page) -> int:
    settle(page)
    with suppress(Error):
        page.locator(".tile").first.wait_for(timeout=5_000)
    return page.locator(".tile").count()


# Coming in


def test_a_newcomer_makes_an_account_and_is_told_what_to_do_next(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        page.get_by_role("main").get_by_role("link", name="Create an account").click()
        page.get_by_label("Username").fill("nils")
        page.get_by_label("E-mail").fill("nils@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create an account").click()

        expect(page.get_by_role("heading", name="Your library is empty")).to_be_visible()
        expect(page.get_by_role("link", name="Import photos")).to_have_attribute("href", "/import")
        assert page.evaluate("Object.keys(localStorage).filter((key) => /token|jwt/.test(key))") == []

        page.get_by_role("button", name="Account:").click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_explained(pair: Pair, browser: Browser):
    with visit(browser, f"{pair.metadata.url}/login", expected=REFUSED) as visitor:
        visitor.page.get_by_label("Username or e-mail").fill("kari")
        visitor.page.get_by_label("Password", exact=True).fill("not the password")
        visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()

        expect(visitor.page.get_by_role("alert")).not_to_be_empty()


# Looking


def test_photos_are_selected_with_hands_and_keys_and_changes_are_taken_back(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        assert photos_on(page) > 8
        tiles = page.locator(".tile")

        tiles.nth(0).hover()
        tiles.nth(0).get_by_role("checkbox").click()
        tiles.nth(4).click(modifiers=["Shift"])
        bar = page.get_by_role("toolbar")
        expect(bar).to_contain_text("5 selected")
        page.keyboard.press("Escape")
        expect(bar).to_be_hidden()

        tiles.nth(0).get_by_role("link").focus()
        page.keyboard.press("ArrowRight")
        expect(tiles.nth(1).get_by_role("link")).to_be_focused()
        page.keyboard.press("x")
        page.keyboard.press("Shift+ArrowRight")
        expect(bar).to_contain_text("2 selected")
        rated_before = tiles.nth(1).get_by_role("link").get_attribute("aria-label")
        page.keyboard.press("5")
        expect(tiles.nth(1).get_by_role("link")).to_have_attribute("aria-label", re.compile("5 of 5 stars"))
        page.get_by_role("button", name="Undo").click()
        expect(tiles.nth(1).get_by_role("link")).to_have_attribute("aria-label", str(rated_before))


def test_a_photo_has_an_address_neighbours_and_details_that_are_written_in_place(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        settle(page)
        second = page.locator(".tile").nth(1).get_by_role("link")
        second.click()
        expect(page).to_have_url(re.compile(r"/photo/\d+$"))
        address = page.url
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("ArrowRight")
        expect(page).not_to_have_url(address)
        page.keyboard.press("ArrowLeft")
        expect(page).to_have_url(address)
        expect(page.locator("img.sharp")).to_be_visible()

        if page.get_by_role("button", name="Add a title").count() == 0:
            page.keyboard.press("i")
        page.get_by_role("button", name="Add a title").click()
        page.keyboard.type("Evening over Reine")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Evening over Reine")).to_be_visible()
        assert complaints_of_axe(page) == []

        page.reload()
        expect(page.get_by_role("button", name="Evening over Reine")).to_be_visible()
        page.get_by_role("button", name="Next photo").click()
        expect(page).not_to_have_url(address)


def test_the_focus_comes_back_to_the_photo_that_was_looked_at(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        settle(page)
        page.locator(".tile").nth(1).get_by_role("link").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator(".tile").nth(1).get_by_role("link")).to_be_focused()


def test_a_jump_to_a_date_lands_on_it(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        sign_in(visitor.page, "kari")
        visitor.page.goto(f"{pair.metadata.url}/?at=2025-12")
        heading = visitor.page.get_by_role("heading", name="December 2025").first

        expect(heading).to_be_in_viewport()
        box = heading.bounding_box()
        assert box is not None
        assert box["y"] < 400


def test_a_search_is_an_address_and_its_filters_are_chips(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{pair.metadata.url}/search?tags=summer&rating_min=4")
        expect(page.get_by_role("status").filter(has_text="6 photos found")).to_be_visible()
        page.get_by_role("button", name=re.compile("Remove filter At least")).click()
        expect(page).to_have_url(re.compile(r"/search\?tags=summer$"))
        expect(page.get_by_role("status").filter(has_text="12 photos found")).to_be_visible()

        page.get_by_role("button", name="Save this search").click()
        page.get_by_label("Name").fill("Summers")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved as “Summers”")).to_be_visible()
        page.goto(f"{pair.metadata.url}/search")
        page.get_by_role("link", name="Summers").click()
        expect(page.get_by_role("status").filter(has_text="12 photos found")).to_be_visible()


# Sharing


def test_a_shared_photo_is_seen_by_exactly_those_who_may(pair: Pair, browser: Browser):
    url = pair.metadata.url
    with visit(browser, url) as kari:
        page = kari.page
        sign_in(page, "kari")
        settle(page)
        tiles = page.locator(".tile")
        shared: list[str] = []
        for index, level in ((0, "Everybody, without an account"), (1, "Everybody with an account here")):
            tiles.nth(index).hover()
            tiles.nth(index).get_by_role("checkbox").click()
            shared.append(str(tiles.nth(index).get_attribute("data-id")))
            page.get_by_role("button", name="Visibility").click()
            page.get_by_role("menuitem", name=level).click()
            expect(page.get_by_role("heading", name="Let more people see 1 photo?")).to_be_visible()
            page.get_by_role("button", name="Share", exact=True).click()
            expect(page.get_by_text(f"1 photo: {level.lower()}")).to_be_visible()
            page.keyboard.press("Escape")

    with visit(browser, url) as anybody:
        assert photos_on(anybody.page) == 1
        assert anybody.page.locator(".tile").get_attribute("data-id") == shared[0]
        anybody.page.locator(".tile").get_by_role("link").click()
        expect(anybody.page.locator("img.sharp")).to_be_visible()
        assert anybody.page.get_by_role("button", name="Move to trash").count() == 0

    with visit(browser, url) as ola:
        sign_in(ola.page, "ola")
        ola.page.goto(f"{url}/search?owner=anyone&taken_after=2000-01-01")
        settle(ola.page)
        seen = {tile.get_attribute("data-id") for tile in ola.page.locator(".tile").all()}
        assert seen == set(shared)

    with visit(browser, f"{url}/photo/3", expected=REFUSED) as stranger:
        expect(stranger.page.get_by_role("alert")).not_to_be_empty()


def test_whoever_has_a_link_sees_what_it_shows_and_nothing_after_it_is_taken_back(pair: Pair, browser: Browser):
    url = pair.metadata.url
    with visit(browser, url) as kari, visit(browser, url, expected=REFUSED) as friend:
        page = kari.page
        sign_in(page, "kari")
        settle(page)
        for index in (5, 6):
            page.locator(".tile").nth(index).hover()
            page.locator(".tile").nth(index).get_by_role("checkbox").click()
        page.get_by_role("toolbar").get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Create a link").click()
        page.get_by_label("Title").fill("For friends")
        page.get_by_role("button", name="Create a link").click()
        address = page.get_by_role("textbox", name="The link is ready").input_value()

        friend.page.goto(address)
        expect(friend.page.get_by_role("heading", name="For friends")).to_be_visible()
        assert photos_on(friend.page) == 2
        friend.page.locator(".tile").first.get_by_role("link").click()
        expect(friend.page.locator("img.sharp")).to_be_visible()

        page.goto(f"{url}/shared")
        page.get_by_role("button", name="Revoke").first.click()
        expect(page.get_by_text("The link no longer works")).to_be_visible()
        friend.page.goto(address)
        expect(friend.page.get_by_role("heading", name="This link does not work")).to_be_visible()


def test_owners_look_at_their_photos_through_other_eyes(pair: Pair, browser: Browser):
    anybody = httpx.get(f"{pair.metadata.url}/api/v1/timeline/segments", trust_env=False).json()["meta"]["total_photos"]
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{pair.metadata.url}/shared")
        page.get_by_role("button", name="Anybody").click()
        expect(page.get_by_text("You see what is seen by: Anybody")).to_be_visible()
        expect(page.locator(".tile")).to_have_count(anybody)

        page.get_by_role("button", name="With my own eyes").click()
        expect(page.locator(".tile").nth(5)).to_be_visible()


# Arranging


def test_photos_go_to_the_trash_and_come_back(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        settle(page)
        gone = str(page.locator(".tile").nth(3).get_attribute("data-id"))
        page.locator(".tile").nth(3).hover()
        page.locator(".tile").nth(3).get_by_role("checkbox").click()
        expect(page.get_by_role("toolbar")).to_be_visible()
        page.keyboard.press("Delete")
        expect(page.locator(f'.tile[data-id="{gone}"]')).to_have_count(0)

        page.goto(f"{pair.metadata.url}/trash")
        page.locator(f'.tile[data-id="{gone}"]').get_by_role("link").click()
        page.get_by_role("button", name="Restore").click()
        expect(page.locator(f'.tile[data-id="{gone}"]')).to_have_count(0)
        page.goto(pair.metadata.url)
        expect(page.locator(f'.tile[data-id="{gone}"]')).to_have_count(1)


def test_an_album_is_made_of_selected_photos(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        settle(page)
        page.locator(".tile").nth(0).hover()
        page.locator(".tile").nth(0).get_by_role("checkbox").click()
        page.locator(".tile").nth(2).click(modifiers=["Shift"])
        page.get_by_role("button", name="Add to album").click()
        page.get_by_label("New album …").fill("For grandmother")
        page.get_by_role("button", name="Create", exact=True).click()
        expect(page.get_by_text("3 photos added to “For grandmother”")).to_be_visible()

        page.goto(f"{pair.metadata.url}/albums")
        page.get_by_role("link", name="For grandmother").click()
        expect(page.get_by_role("heading", name="For grandmother")).to_be_visible()
        assert photos_on(page) == 3


def test_the_map_gathers_photos_where_they_were_taken(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url, expected=NO_GRAPHICS_CARD) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{pair.metadata.url}/map")
        expect(page.locator(".pin").first).to_be_visible()
        assert page.locator(".pin").count() >= 3
        assert {
            httpx.URL(entry).host
            for entry in page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
        } == {httpx.URL(pair.metadata.url).host}, "the map needs nobody else"


# Everybody, everywhere


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_screen_can_be_used_by_everybody(pair: Pair, browser: Browser, *, dark: bool):
    expected = f"{NO_GRAPHICS_CARD}|{REFUSED}"
    with visit(browser, pair.metadata.url, dark=dark, expected=expected) as visitor:
        found = {"/login": complaints_at(visitor.page, f"{pair.metadata.url}/login")}
        sign_in(visitor.page, "kari")
        for path in SCREENS:
            found[path] = complaints_at(visitor.page, pair.metadata.url + path)

    assert {path: complaints for path, complaints in found.items() if complaints} == {}


def complaints_at(page: Page, address: str) -> list[str]:
    page.goto(address)
    settle(page)
    return complaints_of_axe(page)


def test_the_page_speaks_norwegian_to_whoever_wants_it(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.get_by_role("button", name="Account:").click()
        page.get_by_role("menuitem", name="Norsk bokmål").click()
        expect(page.get_by_role("link", name="Papirkurv")).to_be_visible()
        page.reload()
        expect(page.get_by_role("link", name="Papirkurv")).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "nb"


def test_no_screen_is_wider_than_a_small_telephone(pair: Pair, browser: Browser):
    expected = f"{NO_GRAPHICS_CARD}|{REFUSED}"
    with visit(browser, pair.metadata.url, size=(360, 740), expected=expected) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        too_wide = []
        for path in SCREENS:
            page.goto(pair.metadata.url + path)
            settle(page)
            if page.evaluate(
                "document.querySelector('main').scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
            ):
                too_wide.append(path)

    assert too_wide == []


def test_the_first_screen_needs_little_javascript(pair: Pair, browser: Browser):
    scripts: dict[str, bytes] = {}

    def keep(response: Response) -> None:
        if response.url.endswith(".js"):
            scripts[response.url] = response.body()

    with visit(browser, f"{pair.metadata.url}/login") as visitor:
        sign_in(visitor.page, "kari")
        visitor.page.on("response", keep)
        visitor.page.goto(pair.metadata.url)
        expect(visitor.page.locator(".tile img").first).to_be_visible()
        until_seen = dict(scripts)
        settle(visitor.page)

    size = sum(len(gzip.compress(script)) for script in until_seen.values())
    assert len(until_seen) > 3
    assert size <= MOST_JAVASCRIPT, f"{size} bytes in {len(until_seen)} files"


def test_the_page_is_kept_as_long_as_it_may_and_runs_no_script_of_others(pair: Pair):
    with httpx.Client(base_url=pair.metadata.url, trust_env=False) as client:
        index = client.get("/")
        screen = client.get("/albums/3", headers={"Accept-Encoding": "br"})
        policy = index.headers["content-security-policy"]
        script = re.findall(r'"(/_app/immutable/[^"]+\.js)"', index.text)[0]
        kept = client.get(script, headers={"Accept-Encoding": "gzip"})
        missing = client.get("/_app/immutable/none.js")

    assert index.headers["cache-control"] == screen.headers["cache-control"] == "no-cache"
    assert screen.headers["content-encoding"] == "br"
    assert screen.headers["content-type"].startswith("text/html")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-encoding"] == "gzip"
    assert missing.status_code == 404
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self' 'sha256-[\w+/=]+';", policy)

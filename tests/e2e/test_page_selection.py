"""Many photos at once: a day of more than a segment holds is selected whole, and what was done to it is taken back."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import visit
from tests.support.eggs import egg
from tests.support.looking import settle, sign_in
from tests.support.walk import PASSWORD

pytestmark = pytest.mark.e2e

DAY: Final = 1_150  # photos; a segment holds a thousand
ALL: Final = re.compile("^Select all of Sun,? 15 June 2025$")


@pytest.fixture(scope="module")
def liv(kari: httpx.Client) -> Iterator[httpx.Client]:
    """Give Liv a wedding of more than a thousand photos, each seventh rated, and two of the day after."""
    with closing(httpx.Client(base_url=kari.base_url, timeout=60, trust_env=False)) as liv:
        person = {"username": "liv", "email": "liv@example.org", "password": PASSWORD}
        liv.post("/api/v1/auth/register", json=person).raise_for_status()
        session = liv.post("/api/v1/auth/login", json={"username": "liv", "password": PASSWORD}).raise_for_status()
        liv.cookies.clear()
        liv.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
        for start in range(0, DAY, 50):
            eggs = [wedding(number) for number in range(start, start + 50)]
            liv.post("/api/v1/photos/batch", json={"eggs": eggs}).raise_for_status()
        liv.post("/api/v1/photos/batch", json={"eggs": [wedding(DAY, day=16), wedding(DAY + 1, day=16)]})
        yield liv


def wedding(number: int, *, day: int = 15) -> dict[str, Any]:
    moment = f"2025-06-{day}T{8 + number % 14:02}:{number % 60:02}:{number // 60 % 60:02}"
    return egg(number + 1, metadata={"taken_at": moment}, rating=2 if number % 7 == 0 else 0)


def ratings(liv: httpx.Client) -> Counter[int]:
    found: Counter[int] = Counter()
    cursor = None
    while True:
        page = liv.get("/api/v1/photos", params={"owner": "me", "limit": 500, "cursor": cursor or ""}).json()
        found.update(photo["rating"] for photo in page["data"])
        cursor = page["meta"]["next_cursor"]
        if not cursor:
            return found


def select_the_day(page: Page) -> None:
    page.get_by_role("checkbox", name=ALL).click()
    expect(page.get_by_role("toolbar")).to_contain_text(f"{DAY:,} selected")


def open_timeline(page: Page, liv: httpx.Client) -> None:
    sign_in(page, "liv")
    page.goto(f"{liv.base_url}/?at=2025-06")
    expect(page.get_by_role("checkbox", name=ALL)).to_be_attached()
    settle(page)


def test_a_day_is_selected_whole_rated_and_rated_back(liv: httpx.Client, browser: Browser):
    begun = ratings(liv)
    with visit(browser, str(liv.base_url)) as visitor:
        page = visitor.page
        open_timeline(page, liv)
        select_the_day(page)
        page.keyboard.press("5")
        expect(page.get_by_text(f"{DAY:,} photos rated 5")).to_be_visible(timeout=60_000)
        assert ratings(liv) == {5: DAY, 0: begun.total() - DAY}

        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone")).to_be_visible(timeout=60_000)
        assert ratings(liv) == begun

        page.get_by_role("checkbox", name=ALL).click()
        expect(page.get_by_role("toolbar")).to_be_hidden()


def test_a_day_goes_to_the_trash_and_comes_back_at_once(liv: httpx.Client, browser: Browser):
    begun = ratings(liv)
    with visit(browser, str(liv.base_url)) as visitor:
        page = visitor.page
        open_timeline(page, liv)
        select_the_day(page)
        page.keyboard.press("Delete")
        expect(page.get_by_text(f"{DAY:,} photos moved to trash")).to_be_visible(timeout=60_000)
        assert ratings(liv).total() == begun.total() - DAY

        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone")).to_be_visible(timeout=60_000)
        assert ratings(liv) == begun


def test_tags_are_taken_off_those_who_did_not_have_them(liv: httpx.Client, browser: Browser):
    some = [photo["id"] for photo in liv.get("/api/v1/photos", params={"owner": "me", "limit": 20}).json()["data"]]
    liv.post("/api/v1/tags/bulk", json={"photo_ids": some, "add": ["church"]}).raise_for_status()
    with visit(browser, str(liv.base_url)) as visitor:
        page = visitor.page
        open_timeline(page, liv)
        select_the_day(page)
        page.get_by_role("toolbar").get_by_role("button", name="Tag", exact=True).click()
        page.get_by_role("textbox", name="Tags, with commas between them").fill("Church")
        page.keyboard.press("Enter")
        expect(page.get_by_text("tagged “Church”")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone")).to_be_visible(timeout=60_000)

    (tag,) = [tag for tag in liv.get("/api/v1/tags").json()["tags"] if tag["name"] == "church"]
    assert tag["photo_count"] == len(some)


def test_whoever_shares_in_a_space_is_told_how_many_photos_are_newly_seen(kari: httpx.Client, browser: Browser):
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        settle(page)
        for index in (0, 1):
            page.locator(".tile").nth(index).hover()
            page.locator(".tile").nth(index).get_by_role("checkbox").click()
        page.get_by_role("toolbar").get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Share in a space").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("2 photos will be visible to: people in my spaces.")
        dialog.get_by_role("button", name="Family").click()
        expect(page.get_by_text("2 photos shared in “Family”")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone")).to_be_visible()

"""Albums are arranged on the page: by hand, by keys, with text between photos; every step can be taken back."""

import re
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import visit
from tests.support.looking import complaints_of_axe, settle, sign_in

pytestmark = pytest.mark.e2e

ALBUM: Final = "/api/v1/collections/1"


def kept(kari: httpx.Client) -> list[Any]:
    items: list[dict[str, Any]] = kari.get(ALBUM).raise_for_status().json()["items"]
    return [item["photo_hothash"] if item["type"] == "photo" else item["text_card"]["title"] for item in items]


def open_arranging(page: Page, url: str) -> Locator:
    sign_in(page, "kari")
    page.goto(f"{url}/albums/1")
    page.get_by_role("button", name="Arrange").click()
    return page.get_by_role("main").get_by_role("listitem")


def choose(item: Locator, action: str) -> None:
    item.get_by_role("button", name=re.compile("^Edit: ")).click()
    item.page.get_by_role("menuitem", name=action).click()


def take_back(page: Page) -> None:
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text("Undone").last).to_be_visible()


def done(page: Page) -> None:
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Arrange")).to_be_visible()


def write(page: Page, agree: str, **words: str) -> None:
    for label, text in words.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)
    page.get_by_role("button", name=agree, exact=True).click()


def test_items_are_moved_by_keys_and_moved_back(kari: httpx.Client, browser: Browser):
    begun = kept(kari)
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        items = open_arranging(page, str(kari.base_url))
        expect(items).to_have_count(9)

        items.nth(0).get_by_role("button").first.focus()
        page.keyboard.down("Alt")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name="place 3 of 9")).to_be_focused()
        page.keyboard.up("Alt")
        expect(page.get_by_text("Moved", exact=True)).to_be_visible()
        done(page)
        assert kept(kari) == [begun[1], begun[2], begun[0], *begun[3:]]
        take_back(page)
        assert kept(kari) == begun


def test_items_are_moved_by_hand_and_moved_back(kari: httpx.Client, browser: Browser):
    begun = kept(kari)
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        items = open_arranging(page, str(kari.base_url))
        settle(page)

        target = items.nth(1).get_by_role("button").first.bounding_box()
        assert target is not None
        items.nth(4).get_by_role("button").first.hover()
        page.mouse.down()
        page.mouse.move(target["x"] + 20, target["y"] + 20, steps=4)
        expect(page.get_by_role("button", name="place 2 of 9")).to_be_visible()
        page.mouse.up()
        expect(page.get_by_text("Moved", exact=True)).to_be_visible()
        done(page)
        assert kept(kari) == [begun[0], begun[4], *begun[1:4], *begun[5:]]
        take_back(page)
        assert kept(kari) == begun


def test_captions_the_cover_and_what_slideshows_leave_out(kari: httpx.Client, browser: Browser):
    begun = kept(kari)
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        items = open_arranging(page, str(kari.base_url))

        choose(items.nth(0), "Caption")
        write(page, "Save", Caption="The harbour")
        choose(items.nth(1), "Leave out of slideshows")
        expect(items.nth(1)).to_contain_text("Not in slideshows")
        choose(items.nth(3), "Use as the cover")
        expect(items.nth(0)).to_contain_text("Cover")
        assert complaints_of_axe(page) == []
        done(page)

        expect(page.get_by_role("link", name=re.compile("^The harbour"))).to_be_visible()
        assert complaints_of_axe(page) == []
        album = kari.get(ALBUM).json()
        assert album["cover_photo_hothash"] == begun[3]
        assert kept(kari) == [begun[3], *begun[:3], *begun[4:]]
        assert [item["visible"] for item in album["items"][:4]] == [True, True, False, True]
        assert album["items"][1]["caption"] == "The harbour"


def test_text_is_written_between_photos(kari: httpx.Client, browser: Browser):
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        items = open_arranging(page, str(kari.base_url))

        choose(items.nth(2), "Add text before it")
        write(page, "Add", Heading="Day two", Text="Rain, then none.")
        done(page)
        expect(page.get_by_role("heading", name="Day two")).to_be_visible()
        assert kept(kari)[2] == "Day two"

        page.get_by_role("button", name="Arrange").click()
        choose(items.nth(2), "Edit the text")
        write(page, "Save", Heading="Day three")
        expect(items.nth(2)).to_contain_text("Day three")
        choose(items.nth(2), "Delete the text")
        expect(items).to_have_count(9)
        take_back(page)
        expect(items).to_have_count(10)
        done(page)
        expect(page.get_by_role("heading", name="Day three")).to_be_visible()


def test_photos_taken_out_of_an_album_come_back_to_their_places(kari: httpx.Client, browser: Browser):
    begun = kari.get(ALBUM).json()["items"]
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{kari.base_url}/albums/1")
        settle(page)
        page.locator(".tile").nth(1).hover()
        page.locator(".tile").nth(1).get_by_role("checkbox").click()
        page.get_by_role("button", name="Take out of the album").click()
        expect(page.get_by_text("1 photo taken out of the album")).to_be_visible()
        assert len(kept(kari)) == len(begun) - 1
        take_back(page)
        assert kari.get(ALBUM).json()["items"] == begun

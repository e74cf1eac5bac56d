"""One photo, large: where it was taken, how it is turned and cropped."""

import re
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import visit
from tests.support.looking import NO_GRAPHICS_CARD, complaints_of_axe, sign_in

pytestmark = pytest.mark.e2e

_NO_WEBGL: Final = """
const context = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : context.call(this, kind, ...rest);
};
"""


def shown(kari: httpx.Client, photo: int) -> dict[str, Any]:
    view = kari.get(f"/api/v1/photos/{photo}").raise_for_status().json()["view_correction"] or {}
    return {name: view[name] for name in ("rotation", "relative_crop") if view.get(name)}


def shape(page: Page) -> float:
    box = page.locator(".picture").bounding_box()
    assert box is not None
    return box["width"] / box["height"]


def take_back(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Undo").last.click()
    expect(dialog.get_by_text("Undone").last).to_be_visible()


def test_details_draw_where_a_photo_lies_and_a_browser_without_webgl_says_so_of_the_map(
    kari: httpx.Client, browser: Browser
):
    with visit(browser, str(kari.base_url), expected=NO_GRAPHICS_CARD) as visitor:
        page = visitor.page
        page.add_init_script(_NO_WEBGL)
        sign_in(page, "kari")
        page.goto(f"{kari.base_url}/photo/1")
        page.get_by_role("button", name="Details").click()
        drawing = page.get_by_role("link", name="Show on the map")
        expect(drawing.locator(".land")).to_have_attribute("d", re.compile("^M.+Z$"))
        assert complaints_of_axe(page) == []

        drawing.click()
        expect(page.get_by_role("heading", name="This browser cannot draw the map")).to_be_visible()
        page.get_by_role("link", name="Photos with a place").click()
        expect(page.locator(".tile").first).to_be_visible()


def test_a_photo_is_turned_and_turned_back(kari: httpx.Client, browser: Browser):
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{kari.base_url}/photo/2")
        expect(page.locator("img.sharp")).to_be_visible()
        begun = shape(page)

        page.get_by_role("button", name="Turn clockwise").click()
        expect(page.get_by_role("dialog").get_by_text("Turned", exact=True)).to_be_visible()
        assert shown(kari, 2) == {"rotation": 90}
        assert shape(page) == pytest.approx(1 / begun, rel=0.02)
        take_back(page)
        assert shown(kari, 2) == {}
        assert shape(page) == pytest.approx(begun, rel=0.02)


def test_a_turned_photo_is_cropped_by_keys_and_hands_and_shown_so_to_others(kari: httpx.Client, browser: Browser):
    kari.patch("/api/v1/photos/3/view-correction", json={"rotation": 90}).raise_for_status()
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{kari.base_url}/photo/3")
        page.get_by_role("button", name="Crop").click()
        part = page.get_by_role("group", name="Crop: 0 % from the left, 0 % from the top, 100 % wide, 100 % high")
        expect(part).to_be_focused()
        assert complaints_of_axe(page) == []

        page.get_by_role("combobox", name="Shape").select_option("Square")
        for _ in range(5):
            page.keyboard.press("Shift+ArrowLeft")
        corner = page.locator(".corner").nth(2)
        box = corner.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 16, box["y"] + 16)
        page.mouse.down()
        page.mouse.move(box["x"] - 40, box["y"] - 40, steps=3)
        page.mouse.up()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("dialog").get_by_text("Cropped", exact=True)).to_be_visible()

        view = shown(kari, 3)
        assert view["rotation"] == 90
        crop = view["relative_crop"]
        assert 0.1 < crop["width"] < 1 or 0.1 < crop["height"] < 1
        photo = kari.get("/api/v1/photos/3").json()
        part_shape = (photo["width"] * crop["width"]) / (photo["height"] * crop["height"])
        assert shape(page) == pytest.approx(1 / part_shape, rel=0.02)
        take_back(page)
        assert shown(kari, 3) == {"rotation": 90}


def test_escape_leaves_the_frame_and_keeps_the_photo(kari: httpx.Client, browser: Browser):
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(f"{kari.base_url}/photo/4")
        expect(page.locator("img.sharp")).to_be_visible()
        page.keyboard.press("c")
        expect(page.get_by_role("group", name="Crop:")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("group", name="Crop:")).to_be_hidden()
        expect(page.locator("img.sharp")).to_be_visible()
        assert shown(kari, 4) == {}


def test_tiles_are_sharpened_where_the_reader_rests_and_nothing_moves(kari: httpx.Client, browser: Browser):
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(str(kari.base_url))
        tile = page.locator(".tile").first
        expect(tile.locator("img").first).to_be_visible()
        before = tile.bounding_box()

        sharp = page.locator(".tile img.sharper").first
        sharp.wait_for(timeout=60_000)
        assert sharp.evaluate("(image) => Math.max(image.naturalWidth, image.naturalHeight)") == 320
        assert tile.bounding_box() == before


def test_the_timeline_shows_photos_as_they_are_turned(kari: httpx.Client, browser: Browser):
    kari.patch("/api/v1/photos/5/view-correction", json={"rotation": None}).raise_for_status()
    with visit(browser, str(kari.base_url)) as visitor:
        page = visitor.page
        sign_in(page, "kari")
        page.goto(str(kari.base_url))
        tile = page.locator('.tile[data-id="5"]')
        tile.get_by_role("link").click()
        page.get_by_role("button", name="Turn clockwise").click()
        expect(page.get_by_role("dialog").get_by_text("Turned", exact=True)).to_be_visible()
        page.keyboard.press("Escape")
        turned = re.compile(r"rotate\(90deg\)")
        expect(tile.locator("img").first).to_have_attribute("style", turned)

        page.reload()
        expect(tile.locator("img").first).to_have_attribute("style", turned)

"""Originals that are kept, as people use the page for them: real files, a real browser, both services as processes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Request, expect

from scripts import build_page
from tests.support.browser import chromium, visit
from tests.support.looking import NO_GRAPHICS_CARD, complaints_of_axe, settle
from tests.support.originals_page import NORTH, PATIENCE, Keeper, some_files
from tests.support.photos import encode, scene
from tests.support.processes import Pair, running_pair

pytestmark = pytest.mark.e2e

PIECE = 16 * 2**20
REFUSED = r"status of 4\d\d"  # the browser logs every refusal, also one that the page explains


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    assert build_page.make() == 0
    with running_pair(tmp_path_factory.mktemp("originals")) as pair:
        yield pair


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return some_files(tmp_path_factory.mktemp("files"))


def test_files_are_uploaded_placed_made_again_and_deleted(pair: Pair, browser: Browser, files: Path):
    with visit(browser, pair.metadata.url, expected=f"{NO_GRAPHICS_CARD}|{REFUSED}") as visitor:
        page = visitor.page
        kari = Keeper(page, pair)
        kari.come("kari")
        page.get_by_role("link", name="Originals").click()
        page.get_by_role("link", name="Places").click()
        kari.draw_place(Name="Oslo", Latitude="59.91", Longitude="10.75", Radius="9000")
        page.get_by_role("link", name="Upload").click()
        kari.choose(files / "harbour.jpg", files / "indoors.jpg", files / "torn.jpg")
        kari.expect_headline("2 of 3 photos ready")
        expect(kari.line("harbour.jpg")).to_contain_text("Ready")
        expect(kari.line("indoors.jpg")).to_contain_text("It is in none of your places yet")
        expect(kari.line("torn.jpg")).to_contain_text("cut off")

        page.get_by_role("link", name="See what is kept").click()
        kari.expect_kept("harbour.jpg", "indoors.jpg", "torn.jpg")
        page.get_by_role("link", name=re.compile("^indoors.jpg")).click()
        expect(page.get_by_role("heading", name="Where was this taken?")).to_be_visible()
        page.get_by_label("Place").select_option(label="Oslo")
        page.get_by_role("button", name="Put here").click()
        expect(page.get_by_role("heading", name="Where was this taken?")).to_be_hidden()
        page.get_by_role("button", name="Process again").click()
        expect(kari.line("Processed again · Ready")).to_be_visible()
        expect(kari.line("First time · Ready")).to_be_visible()

        page.get_by_role("button", name="Delete").click()
        kari.answer("Delete")
        expect(page).to_have_url(f"{pair.metadata.url}/uploads")
        kari.expect_kept("harbour.jpg", "torn.jpg")


def test_what_is_wrong_is_said_survives_a_reload_and_can_be_tried_again(pair: Pair, browser: Browser, files: Path):
    with visit(browser, pair.metadata.url, expected=REFUSED) as visitor:
        page = visitor.page
        eva = Keeper(page, pair)
        eva.come("eva")
        eva.upload(files / "harbour.jpg", files / "torn.jpg", files / "archive.jpg", outcome="1 of 2 photos ready")
        expect(page.get_by_role("button", name="Need you 2")).to_be_visible()
        expect(eva.line("archive.jpg")).to_contain_text("This is a ZIP archive")

        page.reload()
        eva.expect_headline("1 of 2 photos ready")
        with page.expect_response(re.compile("/retry$")) as retried:
            page.get_by_role("button", name="Try torn.jpg again").click()
        assert retried.value.ok
        eva.expect_headline("1 of 2 photos ready")
        expect(eva.line("torn.jpg")).to_contain_text("cut off")


def test_the_gallery_is_an_address_and_many_are_deleted_with_keys(pair: Pair, browser: Browser, files: Path):
    with visit(browser, pair.metadata.url, expected=f"{NO_GRAPHICS_CARD}|{REFUSED}") as visitor:
        page = visitor.page
        ola = Keeper(page, pair)
        ola.come("ola")
        ola.open("/places")
        ola.draw_place(Name="Oslo", Latitude="59.91", Longitude="10.75", Radius="9000")
        names = ("harbour.jpg", "indoors.jpg", "torn.jpg")
        ola.upload(*(files / name for name in names), outcome="2 of 3 photos ready")

        ola.open("?status=failed")
        ola.expect_kept("torn.jpg")
        page.get_by_label("Place").select_option(label="Oslo")
        expect(page).to_have_url(re.compile(r"/uploads\?status=failed&place=\d+$"))
        expect(page.get_by_role("heading", name="No original fits")).to_be_visible()
        page.get_by_label("State").select_option(label="In any state")
        ola.expect_kept("harbour.jpg")
        page.get_by_role("link", name="Clear filters").click()
        ola.expect_kept(*names)

        page.locator("[data-id] a").first.focus()
        for key in ("x", "ArrowRight", "x", "End", "x", "Delete"):
            page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Delete 3 originals?")).to_be_visible()
        page.get_by_label("Their photos").select_option(index=1)
        ola.answer("Delete")
        expect(page.get_by_role("heading", name="No originals are kept here yet")).to_be_visible()
        page.goto(f"{pair.metadata.url}/trash")
        expect(page.locator(".tile")).to_have_count(2)


def test_a_large_file_goes_on_after_a_reload_where_it_stood(pair: Pair, browser: Browser, tmp_path: Path):
    large = tmp_path / "panorama.jpg"
    large.write_bytes(encode(scene(900, 600, seed=3), "JPEG", quality=85) + bytes(2 * PIECE))
    offsets: list[int] = []

    def on_request(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        page.on("request", on_request)
        page.on("dialog", Dialog.accept)
        nils = Keeper(page, pair)
        nils.come("nils")
        nils.open("/new")
        nils.hold(lambda request: request.method == "PATCH" and request.headers["upload-offset"] != "0")
        with page.expect_response(lambda answer: answer.request.method == "PATCH"):
            nils.choose(large)
        page.reload()
        expect(page.get_by_role("heading", name="1 file did not get here")).to_be_visible()
        expect(page.get_by_text("49 % is here")).to_be_visible()

        nils.let_go()
        offsets.clear()
        nils.choose(large)
        nils.expect_headline("1 photo is ready")
        assert offsets[0] == PIECE, "what had come is not sent again"
        expect(page.get_by_role("heading", name="1 file did not get here")).to_be_hidden()
        page.get_by_role("link", name="panorama.jpg").click()
        assert nils.download() == ("panorama.jpg", large.read_bytes())


def test_files_can_be_stopped_and_are_followed_where_no_events_come_through(
    pair: Pair, browser: Browser, tmp_path: Path
):
    photos = [tmp_path / f"{number}.jpg" for number in range(4)]
    for number, photo in enumerate(photos):
        photo.write_bytes(encode(scene(600, 400, seed=10 + number), "JPEG", quality=85))
    with visit(browser, pair.metadata.url, expected="ERR_FAILED") as visitor:
        page = visitor.page
        page.route("**/photos/jobs/events*", lambda route: route.abort())
        siv = Keeper(page, pair)
        siv.come("siv")
        siv.open("/new")
        siv.hold(lambda request: request.method == "POST")
        siv.choose(*photos)
        page.get_by_role("button", name="Stop sending 0.jpg").click()
        expect(page.get_by_role("button", name="Go on with 0.jpg")).to_be_visible()
        page.get_by_role("button", name="Stop", exact=True).click()
        siv.expect_headline("Stopped: 0 of 4 files sent")

        siv.let_go()
        page.get_by_role("button", name="Take 3.jpg off the list").click()
        page.get_by_role("button", name="Go on", exact=True).click()
        siv.expect_headline("3 photos are ready")
        page.get_by_role("button", name="Clear the list").click()
        expect(page.get_by_role("heading", name="Keep your originals here")).to_be_visible()


def test_sending_waits_for_a_service_that_is_away_and_goes_on_by_itself(pair: Pair, browser: Browser, files: Path):
    with visit(browser, pair.metadata.url, expected="ERR_|status of 5") as visitor:
        page = visitor.page
        jon = Keeper(page, pair)
        jon.come("jon")
        jon.open("/new")
        jon.wait_for_all_code()
        pair.metadata.kill()
        try:
            jon.choose(files / "harbour.jpg", files / "indoors.jpg")
            expect(page.get_by_role("alert")).to_contain_text("The library does not answer")
        finally:
            pair.metadata.start()
        jon.expect_headline("2 photos are ready")
        page.get_by_role("link", name="See what is kept").click()
        jon.expect_kept("harbour.jpg", "indoors.jpg")


def test_what_is_dropped_on_these_screens_is_uploaded_and_not_imported(pair: Pair, browser: Browser, files: Path):
    with visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        per = Keeper(page, pair)
        per.come("per")
        per.open()
        per.wait_for_all_code()
        per.drop(files / "harbour.jpg")
        per.expect_headline("1 photo is ready")
        expect(page).to_have_url(f"{pair.metadata.url}/uploads/new")

        page.get_by_role("link", name="See what is kept").click()
        page.get_by_role("link", name=re.compile("^harbour.jpg")).click()
        expect(page.get_by_role("heading", name="harbour.jpg")).to_be_visible()
        page.get_by_role("link", name="Back").click()
        expect(page.get_by_role("link", name=re.compile("^harbour.jpg"))).to_be_focused()


def test_a_place_takes_the_position_of_a_photo_or_of_a_click_on_the_map(pair: Pair, browser: Browser, files: Path):
    with visit(browser, pair.metadata.url, expected=NO_GRAPHICS_CARD) as visitor:
        page = visitor.page
        liv = Keeper(page, pair)
        liv.come("liv")
        liv.upload(files / "harbour.jpg", outcome="1 photo is ready")
        page.get_by_role("link", name="harbour.jpg").click()
        page.get_by_role("link", name="Draw a place here").click()
        expect(liv.dialog.get_by_label("Latitude")).to_have_value(NORTH)
        liv.dialog.get_by_label("Latitude").fill("0")
        liv.dialog.get_by_role("button", name=re.compile("^Position of")).click()
        expect(liv.dialog.get_by_label("Latitude")).to_have_value(NORTH)
        liv.dialog.get_by_label("Name").fill("Harbour")
        liv.answer("Create")
        expect(page.get_by_text("Site · 500 m around")).to_be_visible()
        expect(page).to_have_url(f"{pair.metadata.url}/uploads/places")

        page.get_by_role("button", name="New place").click()
        liv.dialog.locator("canvas").click(position={"x": 200, "y": 80})
        expect(liv.dialog.get_by_label("Latitude")).not_to_have_value("")
        liv.answer("Cancel")
        expect(page.get_by_role("button", name="New place")).to_be_focused()


def test_places_lie_in_each_other_are_renamed_and_deleted(pair: Pair, browser: Browser):
    with visit(browser, pair.metadata.url, expected=f"{NO_GRAPHICS_CARD}|{REFUSED}") as visitor:
        page = visitor.page
        tor = Keeper(page, pair)
        tor.come("tor")
        tor.open("/places")
        tor.draw_place(Name="Harbour", Latitude="59.9", Longitude="10.7", Radius="500")
        page.get_by_role("button", name="New place").click()
        for label, value in {"Name": "Quay", "Latitude": "59.9", "Longitude": "10.7", "Radius": "50"}.items():
            tor.dialog.get_by_label(label).fill(value)
        tor.dialog.get_by_label("Within").select_option(label="Harbour")
        tor.answer("Create")
        expect(page.get_by_text("Area · 50 m around")).to_be_visible()

        tor.in_menu("Quay", "Edit")
        tor.dialog.get_by_label("Name").fill("Old quay")
        tor.answer("Save")
        expect(page.get_by_role("link", name="Old quay")).to_be_visible()
        tor.in_menu("Harbour", "Delete")
        tor.answer("Delete")
        expect(page.get_by_text("Remove the places that lie in this one first.")).to_be_visible()
        tor.answer("Cancel")
        tor.in_menu("Old quay", "Delete")
        tor.answer("Delete")
        expect(page.get_by_role("link", name="Old quay")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_use_the_screens_of_an_original(pair: Pair, browser: Browser, files: Path, *, dark: bool):
    expected = f"{NO_GRAPHICS_CARD}|{REFUSED}"
    with visit(browser, pair.metadata.url, dark=dark, size=(360, 740), expected=expected) as visitor:
        page = visitor.page
        ida = Keeper(page, pair)
        ida.come(f"ida-{'dark' if dark else 'light'}")
        ida.upload(files / "indoors.jpg", files / "torn.jpg", outcome="1 of 2 photos ready")
        complaints = complaints_of_axe(page)
        page.get_by_role("link", name="indoors.jpg").click()
        expect(page.get_by_role("heading", name="What was done")).to_be_visible()
        settle(page)
        complaints += complaints_of_axe(page)
        page.get_by_role("button", name="Delete").click()
        expect(ida.dialog).to_be_visible()
        complaints += complaints_of_axe(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Delete")).to_be_focused()
        page.get_by_role("link", name="Draw a place").click()
        expect(ida.dialog).to_be_visible()
        settle(page)
        complaints += complaints_of_axe(page)
        too_wide = "[...document.querySelectorAll('main, dialog .body')].filter((e) => e.scrollWidth > e.clientWidth)"
        wide = page.evaluate(f"{too_wide}.map((e) => e.className || e.id)")

    assert complaints == []
    assert wide == []


def test_where_no_originals_are_kept_the_menu_says_nothing_of_them(browser: Browser, tmp_path: Path):
    with running_pair(tmp_path, METADATA_UPLOADS="false") as pair, visit(browser, pair.metadata.url) as visitor:
        page = visitor.page
        kari = Keeper(page, pair)
        kari.come("kari")
        settle(page)
        expect(page.get_by_role("link", name="Trash")).to_be_visible()
        assert page.get_by_role("link", name="Originals").count() == 0
        kari.open("/new")
        expect(page.get_by_role("heading", name="This server keeps no originals")).to_be_visible()
        expect(page.get_by_role("link", name="Import photos")).to_be_visible()

"""The import of a folder, as a person sees it: real files, a real browser, both services as real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import chromium, visit
from tests.support.folders import Contents, mixed_folder, tiny_folder
from tests.support.import_page import Importer, asked_of_core, crash, lasting_browser
from tests.support.ports import free_port
from tests.support.processes import Pair, running_pair

pytestmark = pytest.mark.e2e

MANY = 150
IN_HAND = 8 + 2 * 25  # files at core, a batch that waits and one that is on its way, when a page ends
AWAY = "ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_CONNECTION_RESET"
REFUSED_FILE = r"status of 4\d\d .*"  # the browser logs every refusal, also those that the page explains


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with running_pair(tmp_path_factory.mktemp("import")) as pair:
        yield pair


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Three programs share the machine here, and a batch is kept when it is kept."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Contents]:
    folder = tmp_path_factory.mktemp("photos")
    return folder, mixed_folder(folder)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    tiny_folder(folder, MANY)
    return folder


def test_a_folder_comes_in_whole_and_a_second_time_costs_nothing(
    pair: Pair, browser: Browser, folder: tuple[Path, Contents]
):
    path, contents = folder
    with visit(browser, pair.metadata.url, expected=REFUSED_FILE) as visited:
        kari = Importer(visited.page, pair)
        kari.sign_up("kari")
        kari.put_away(path, "Lofoten")
        before = asked_of_core(pair)
        kari.open()
        visited.screenshot("import-start")
        kari.choose()
        kari.expect_done()

        assert kari.counts() == {
            "All": contents.files + contents.ignored,
            "Added": contents.photos,
            "Joined": contents.joined,
            "Already here": contents.copies,
            "Not added": contents.torn,
            "Left alone": contents.ignored,
        }
        assert kari.library() == {"photos": contents.photos, "with raw": contents.joined}
        assert asked_of_core(pair) - before == contents.files - contents.copies, "each content goes to core once"
        visited.screenshot("import-done")

        kari.open()
        asked = asked_of_core(pair)
        kari.page.get_by_role("button", name="Import another folder").click()
        kari.choose()
        kari.expect_done()
        assert kari.counts()["Already here"] == contents.files - contents.torn
        assert asked_of_core(pair) - asked == contents.torn, "only what failed is tried again"
        assert kari.library()["photos"] == contents.photos
        expect(kari.page.get_by_text("Nothing new was found.")).to_be_visible()


def test_a_reload_in_the_middle_loses_nothing_and_does_nothing_twice(pair: Pair, browser: Browser, many: Path):
    with visit(browser, pair.metadata.url) as visited:
        ola = Importer(visited.page, pair)
        ola.sign_up("ola")
        ola.put_away(many, "Many")
        ola.open()
        ola.choose()
        ola.wait_until_some_are_through()
        settled = ola.settled()
        asked = ola.asked.copy()
        assert 0 < len(settled) < MANY, "the reload must come in the middle"
        ola.page.reload()
        ola.expect_done()

        assert ola.library()["photos"] == MANY
        assert ola.counts()["All"] == MANY
        assert {name: count for name, count in ola.asked.items() if name in settled and count != asked[name]} == {}
        assert ola.asked.total() <= MANY + IN_HAND
        [session] = ola.imports()
        assert session["status"] == "completed"
        assert session["images_imported"] == MANY
        assert session["files_processed"] == MANY


def test_without_core_the_panel_explains_and_goes_on_when_it_is_back(
    pair: Pair, browser: Browser, folder: tuple[Path, Contents]
):
    path, contents = folder
    with visit(browser, pair.metadata.url, expected=f"{AWAY}|{REFUSED_FILE}") as visited:
        siri = Importer(visited.page, pair)
        siri.sign_up("siri")
        siri.put_away(path, "Lofoten")
        siri.open()
        pair.core.kill()
        siri.choose()
        note = siri.page.get_by_role("alert")
        expect(note).to_contain_text("The image service does not answer")
        expect(note.get_by_label("Address of the image service")).to_have_value(pair.core.url)
        visited.screenshot("import-core-away")
        assert siri.counts().get("Not added", 0) == 0, "no file is to blame"

        siri.page.get_by_role("link", name="Photos", exact=True).first.click()
        expect(siri.page.get_by_role("link", name="Import waits")).to_be_visible()
        visited.screenshot("import-chip")
        siri.page.get_by_role("link", name="Import waits").click()

        pair.core.start()
        siri.page.get_by_role("button", name="Look again now").click()
        siri.expect_done()
        assert siri.library()["photos"] == contents.photos


def test_cancel_ends_it_and_what_came_stays(pair: Pair, browser: Browser, many: Path):
    with visit(browser, pair.metadata.url, expected="ERR_ABORTED") as visited:
        nils = Importer(visited.page, pair)
        nils.sign_up("nils")
        nils.put_away(many, "Many")
        nils.open()
        nils.choose()
        nils.wait_until_some_are_through()
        nils.page.get_by_role("button", name="Cancel import").click()
        dialog = nils.page.get_by_role("dialog")
        visited.screenshot("import-cancel")
        dialog.get_by_role("button", name="Cancel import").click()
        expect(nils.page.get_by_text("Cancelled", exact=True).first).to_be_visible()

        asked = nils.asked.total()
        kept = nils.library()["photos"]
        assert 0 < kept < MANY
        nils.page.wait_for_timeout(1500)
        assert (nils.asked.total(), nils.library()["photos"]) == (asked, kept)
        assert nils.imports()[0]["status"] == "cancelled"


def test_pause_holds_it_also_over_a_reload(pair: Pair, browser: Browser, many: Path):
    with visit(browser, pair.metadata.url) as visited:
        liv = Importer(visited.page, pair)
        liv.sign_up("liv")
        liv.put_away(many, "Many")
        liv.open()
        liv.choose()
        liv.wait_until_some_are_through()
        liv.page.get_by_role("button", name="Pause").click()
        expect(liv.page.get_by_text("Paused", exact=True).first).to_be_visible(timeout=20_000)
        visited.screenshot("import-paused")
        liv.page.reload()
        expect(liv.page.get_by_text("Paused", exact=True).first).to_be_visible()
        asked = liv.asked.total()
        liv.page.wait_for_timeout(1000)
        assert liv.asked.total() == asked
        liv.page.get_by_role("button", name="Go on").click()
        liv.expect_done()
        assert liv.library()["photos"] == MANY
        assert liv.asked.total() == MANY, "nothing was in hand, so nothing is laid twice"


def test_one_tab_at_a_time_and_another_takes_over(pair: Pair, browser: Browser, many: Path):
    with visit(browser, pair.metadata.url) as visited:
        aud = Importer(visited.page, pair)
        aud.sign_up("aud")
        aud.put_away(many, "Many")
        aud.open()
        aud.choose()
        aud.wait_until_some_are_through()
        other = Importer(visited.page.context.new_page(), pair)
        other.open()
        expect(other.page.get_by_text("Another tab is importing")).to_be_visible()
        visited.page.close()
        other.expect_done()
        assert other.library()["photos"] == MANY


def test_a_browser_without_a_folder_dialog_resumes_when_the_folder_is_chosen_again(
    pair: Pair, browser: Browser, many: Path
):
    with visit(browser, pair.metadata.url) as visited:
        tor = Importer(visited.page, pair)
        tor.sign_up("tor")
        tor.page.add_init_script("delete window.showDirectoryPicker")
        tor.open()
        with tor.page.expect_file_chooser() as chooser:
            tor.choose()
        chooser.value.set_files(many)
        tor.wait_until_some_are_through()
        settled, asked = tor.settled(), tor.asked.copy()
        tor.page.reload()
        expect(tor.page.get_by_text("An import is not finished")).to_be_visible()
        visited.screenshot("import-waiting")
        with tor.page.expect_file_chooser() as chooser:
            tor.page.get_by_role("button", name=f"Choose “{many.name}” again").click()
        chooser.value.set_files(many)
        tor.expect_done()
        assert tor.library()["photos"] == MANY
        assert {name: count for name, count in tor.asked.items() if name in settled and count != asked[name]} == {}


def test_a_page_that_core_does_not_know_is_told_which_setting_to_change(pair: Pair, browser: Browser, many: Path):
    origin = pair.metadata.url.replace("127.0.0.1", "localhost")  # core knows the page by its number only
    with visit(browser, origin, expected="CORS|ERR_FAILED|status of 403") as visited:
        stranger = Importer(visited.page, pair, home=origin)
        stranger.sign_up("gro")
        stranger.put_away(many, "Many")
        stranger.open()
        stranger.choose()
        note = stranger.page.get_by_role("alert")
        expect(note).to_contain_text("The image service does not know this page")
        expect(note).to_contain_text(f"CORE_CORS_ORIGINS={origin}")
        visited.screenshot("import-wrong-origin")


def test_the_address_of_core_can_be_tried_out(pair: Pair, browser: Browser):
    policy = "Content Security Policy|violates the following"
    with visit(browser, pair.metadata.url, expected=f"{AWAY}|{policy}") as visited:
        eva = Importer(visited.page, pair)
        eva.sign_up("eva")
        eva.open()
        eva.page.get_by_text("Options").click()
        address = eva.page.get_by_label("Address of the image service")
        status = eva.page.get_by_role("status").filter(visible=True)
        for wanted, said in (
            (f"http://127.0.0.1:{free_port()}", "The image service does not answer"),
            ("https://elsewhere.example", "This address is not allowed"),
            (pair.metadata.url, "Something else answers at this address"),
            ("nonsense", "That is not an address"),
            (pair.core.url, "The image service answers. All is well."),
        ):
            address.fill(wanted)
            eva.page.get_by_role("button", name="Use and test").click()
            expect(status.filter(has_text=said)).to_be_visible()
        visited.screenshot("import-options")


def test_dropped_files_are_imported_from_any_screen(pair: Pair, browser: Browser, many: Path):
    with visit(browser, pair.metadata.url) as visited:
        kim = Importer(visited.page, pair)
        kim.sign_up("kim")
        kim.page.goto(f"{pair.metadata.url}/tags")
        expect(kim.page.get_by_role("heading", level=1)).to_be_visible()
        kim.page.wait_for_load_state("networkidle")
        photo = next(many.rglob("*.jpg"))
        kim.drop(photo)
        kim.expect_done()
        assert kim.counts() == {"All": 1, "Added": 1}


def test_a_browser_that_crashes_in_the_middle_goes_on_when_it_is_back(
    pair: Pair, browser: Browser, tmp_path: Path, many: Path
):
    profile = tmp_path / "profile"
    with lasting_browser(browser.browser_type, profile) as context:
        una = Importer(context.new_page(), pair)
        una.sign_up("una")
        una.put_away(many, "Many")
        una.open()
        una.choose()
        una.wait_until_some_are_through()
        before = una.asked.total()
        crash(profile)
    with lasting_browser(browser.browser_type, profile) as context:
        una = Importer(context.new_page(), pair)
        una.sign_in("una")
        una.open()
        una.expect_done()
        assert una.library()["photos"] == MANY
        assert before + una.asked.total() <= MANY + IN_HAND

"""The screens of kept originals as one person uses them, in a real browser."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Locator, Page, Request, expect

from tests.support.looking import settle, sign_in
from tests.support.photos import camera_exif, encode, scene
from tests.support.processes import Pair
from tests.support.walk import PASSWORD

PATIENCE: Final = 60_000  # ms; several programs share the machine
NORTH: Final = re.compile(r"^59\.9")  # where the photo with a position was taken
_CARRY: Final = """([content, name]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name));
    return data;
}"""


@dataclass
class Keeper:
    """Somebody who keeps originals on the server."""

    page: Page
    pair: Pair

    def come(self, username: str) -> None:
        """Make an account, sign in."""
        person = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
        register = f"{self.pair.metadata.url}/api/v1/auth/register"
        httpx.post(register, json=person, trust_env=False).raise_for_status()
        self.page.set_default_timeout(PATIENCE)
        sign_in(self.page, username)

    def open(self, path: str = "") -> None:
        """Go to a screen of originals: `/new`, `/places`, or the gallery."""
        self.page.goto(f"{self.pair.metadata.url}/uploads{path}")

    def wait_for_all_code(self) -> None:
        """Return when also that has come which the page fetches a while after it is shown: the import."""
        expect(self.page.locator("head link[href*='/everywhere.']").first).to_be_attached()
        settle(self.page)

    def choose(self, *files: Path) -> None:
        """Press the button and choose the files."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose files").first.click()
        chooser.value.set_files(files)

    def upload(self, *files: Path, outcome: str) -> None:
        """Upload, and wait until the panel says `outcome`."""
        self.open("/new")
        self.choose(*files)
        self.expect_headline(outcome)

    def expect_headline(self, text: str) -> None:
        """Wait until the panel says so."""
        expect(self.page.locator(".headline")).to_have_text(text)

    def line(self, name: str) -> Locator:
        """A file in the list of an upload, or in the history of an original."""
        return self.page.get_by_role("listitem").filter(has_text=name)

    def expect_kept(self, *names: str) -> None:
        """Wait until the gallery shows exactly these, in whatever order."""
        for name in names:
            expect(self.page.locator("[data-id] .name").get_by_text(name, exact=True)).to_be_visible()
        expect(self.page.locator("[data-id]")).to_have_count(len(names))

    @property
    def dialog(self) -> Locator:
        """The question that is open."""
        return self.page.get_by_role("dialog")

    def draw_place(self, **fields: str) -> None:
        """Draw a place by its fields, from the screen of places."""
        self.page.get_by_role("button", name="New place").first.click()
        for label, value in fields.items():
            self.dialog.get_by_label(label).fill(value)
        self.dialog.get_by_role("button", name="Create").click()
        expect(self.page.get_by_role("link", name=fields["Name"])).to_be_visible()

    def in_menu(self, place: str, what: str) -> None:
        """Choose a line of a place's menu."""
        self.page.get_by_role("button", name=f"Edit: {place}").click()
        self.page.get_by_role("menuitem", name=what).click()

    def answer(self, button: str) -> None:
        """Press a button of the question that is open."""
        self.dialog.get_by_role("button", name=button).click()

    def download(self) -> tuple[str, bytes]:
        """Download the original; give its name and bytes."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="Download the original").click()
        return download.value.suggested_filename, download.value.path().read_bytes()

    def drop(self, file: Path) -> None:
        """Drop a file in the middle of the page."""
        carried = self.page.evaluate_handle(_CARRY, [b64encode(file.read_bytes()).decode(), file.name])
        self.page.dispatch_event("main", "drop", {"dataTransfer": carried})

    def hold(self, what: Callable[[Request], bool]) -> None:
        """Let requests on their way to originals never arrive, if `what` says so, until `let_go`."""
        self.page.route("**/api/v1/photos/**", lambda route: None if what(route.request) else route.fallback())

    def let_go(self) -> None:
        """Hold nothing any longer."""
        self.page.unroute("**/api/v1/photos/**")


def some_files(folder: Path) -> Path:
    """A photo with a position, one without, a torn one, and an archive that is called a photo."""
    photo = encode(scene(900, 600), "JPEG", quality=85, exif=camera_exif())
    (folder / "harbour.jpg").write_bytes(photo)
    indoors = encode(scene(900, 600, seed=2), "JPEG", quality=85, exif=camera_exif(place=None))
    (folder / "indoors.jpg").write_bytes(indoors)
    (folder / "torn.jpg").write_bytes(photo[:3000])
    (folder / "archive.jpg").write_bytes(b"PK\x03\x04" + bytes(400))
    return folder

"""The screens of kept originals as one person uses them, in a real browser."""

import re
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.support.looking import sign_in
from tests.support.photos import camera_exif, encode, scene
from tests.support.processes import Pair
from tests.support.walk import PASSWORD


@dataclass
class Keeper:
    """Somebody who keeps originals on the server."""

    page: Page
    pair: Pair
    _line: CDPSession | None = None

    def come(self, username: str) -> None:
        """Make an account, sign in."""
        person = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
        register = f"{self.pair.metadata.url}/api/v1/auth/register"
        httpx.post(register, json=person, trust_env=False).raise_for_status()
        sign_in(self.page, username)

    def open(self, path: str = "") -> None:
        """Go to a screen of originals: `/new`, `/places`, or the gallery."""
        self.page.goto(f"{self.pair.metadata.url}/uploads{path}")

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
        expect(self.page.locator("[data-id]")).to_have_count(len(names))
        assert sorted(self.page.locator("[data-id] .name").all_inner_texts()) == sorted(names)

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

    def shape_line(self, bytes_per_second: int) -> None:
        """Let the browser send no faster than so; -1 is as fast as it can."""
        conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
        self._line = self._line or self.page.context.new_cdp_session(self.page)
        self._line.send("Network.emulateNetworkConditions", conditions)


def some_files(folder: Path) -> Path:
    """A photo with a position, one without, a torn one, and an archive that is called a photo."""
    photo = encode(scene(900, 600), "JPEG", quality=85, exif=camera_exif())
    (folder / "harbour.jpg").write_bytes(photo)
    indoors = encode(scene(900, 600, seed=2), "JPEG", quality=85, exif=camera_exif(place=None))
    (folder / "indoors.jpg").write_bytes(indoors)
    (folder / "torn.jpg").write_bytes(photo[:3000])
    (folder / "archive.jpg").write_bytes(b"PK\x03\x04" + bytes(400))
    return folder


NORTH = re.compile(r"^59\.9")  # where the photo with a position was taken

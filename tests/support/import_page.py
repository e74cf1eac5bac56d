"""The import as the page has it, in a real browser: a folder to choose, what the panel says, what core is asked."""

import os
import re
import shutil
import signal
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import httpx
from playwright.sync_api import BrowserContext, BrowserType, Error, Page, Request, expect

from tests.support.processes import Pair

PASSWORD: Final = "correct horse battery"
# Headless Chromium has no dialog to choose a folder. Its private file system gives handles of the very same kind,
# which are kept in the journal and are there again after a reload; only the dialog itself is left out.
_CHOOSE: Final = (
    "window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(%r)"
)
_WRITE: Final = """async (files) => {
    const root = await navigator.storage.getDirectory();
    for (const [path, content] of files) {
        const parts = path.split('/');
        const name = parts.pop();
        let folder = root;
        for (const part of parts) folder = await folder.getDirectoryHandle(part, {create: true});
        const file = await (await folder.getFileHandle(name, {create: true})).createWritable();
        await file.write(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
        await file.close();
    }
}"""

_CARRY: Final = """([content, name]) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, {type: 'image/jpeg'}));
    return data;
}"""
_SETTLED: Final = """async () => {
    const [{name}] = (await indexedDB.databases()).filter((found) => found.name.startsWith('imalink-import'));
    const opening = indexedDB.open(name);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const all = opening.result.transaction('files').objectStore('files').getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    opening.result.close();
    return all.result.filter((file) => file.photoId || file.failure).map((file) => file.path.split('/').pop());
}"""


@dataclass
class Importer:
    """One person at the import screen. `asked` counts, by file name, what their browser sent to core_service."""

    page: Page
    pair: Pair
    home: str = ""
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Count from now on; leave the page without being asked whether one is sure."""
        self.home = self.home or self.pair.metadata.url
        self.page.on("request", self._count)
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _count(self, request: Request) -> None:
        if request.method == "POST" and "/v1/process" in request.url:
            self.asked[unquote(request.headers["x-filename"])] += 1

    def sign_up(self, username: str) -> None:
        """Make an account on the page."""
        self.page.goto(f"{self.home}/register")
        for name, value in (
            ("username", username),
            ("email", f"{username}@example.org"),
            ("password", PASSWORD),
        ):
            self.page.locator(f"input[name={name}]").fill(value)
        self.page.get_by_role("button", name="Create an account").click()
        expect(self.page.get_by_role("link", name="Import").first).to_be_visible()

    def sign_in(self, username: str) -> None:
        """Sign in on the page."""
        self.page.goto(f"{self.home}/login")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("link", name="Import").first).to_be_visible()

    def put_away(self, folder: Path, name: str) -> None:
        """Copy `folder` to where the page can choose it as `name`, and let the next choice be that."""
        self.page.goto(self.home)
        files = [
            (f"{name}/{path.relative_to(folder).as_posix()}", b64encode(path.read_bytes()).decode())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        for at in range(0, len(files), 200):
            self.page.evaluate(_WRITE, files[at : at + 200])
        self.choose_next(name)

    def choose_next(self, name: str) -> None:
        """Let the next choice of a folder be `name`, from the next page on."""
        self.page.add_init_script(_CHOOSE % name)

    def open(self) -> None:
        """Go to the import screen."""
        self.page.goto(f"{self.home}/import")
        expect(self.page.get_by_role("heading", name="Import", level=1)).to_be_visible()

    def settled(self) -> set[str]:
        """The names of the files that are through, as the journal has them."""
        return set(self.page.evaluate(_SETTLED))

    def wait_until_some_are_through(self) -> None:
        """Return in the middle of an import."""
        expect(self.page.get_by_role("button", name="Added")).to_be_visible(timeout=30_000)

    def choose(self) -> None:
        """Press the button and choose the folder."""
        self.page.get_by_role("button", name="Choose a folder").click()

    def expect_done(self, seconds: float = 60) -> None:
        """Wait until the panel says that the import is done."""
        expect(self.page.get_by_text("Done", exact=True).first).to_be_visible(timeout=seconds * 1000)

    def counts(self) -> dict[str, int]:
        """What the panel's filters count."""
        chips = self.page.get_by_role("group", name="Show files").get_by_role("button").all_inner_texts()
        found = (re.fullmatch(r"(.+?)\s+([\d,.\s]+)", chip.strip()) for chip in chips)
        return {match[1]: int(re.sub(r"\D", "", match[2])) for match in found if match}

    def imports(self) -> list[dict[str, Any]]:
        """The import sessions that the library has of this person."""
        sessions: list[dict[str, Any]] = self.page.request.get(f"{self.home}/api/v1/import-sessions").json()["data"]
        return sessions

    def drop(self, file: Path) -> None:
        """Drag a file over the page and let it go."""
        carried = self.page.evaluate_handle(_CARRY, [b64encode(file.read_bytes()).decode(), file.name])
        invitation = self.page.get_by_text("Let go to import")
        while not invitation.is_visible():  # the code for it comes after the first photos
            self.page.dispatch_event("body", "dragenter", {"dataTransfer": carried})
            self.page.wait_for_timeout(200)
        self.page.dispatch_event("body", "drop", {"dataTransfer": carried})

    def library(self) -> dict[str, Any]:
        """What the library counts: photos, their files, and how many of them have a raw file."""
        api = f"{self.home}/api/v1"
        photos: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.page.request.get(f"{api}/photos?limit=100&owner=me&cursor={cursor}").json()
            photos += answer["data"]
            cursor = answer["meta"].get("next_cursor") or ""
            if not cursor:
                break
        return {"photos": len(photos), "with raw": sum(photo["has_raw_companion"] for photo in photos)}


def asked_of_core(pair: Pair) -> int:
    """How many images core_service was sent since it started, as it counts itself."""
    metrics = httpx.get(f"{pair.core.url}/metrics", trust_env=False).text
    lines = re.findall(r'^http_requests_total\{[^}]*handler="/v1/process"[^}]*\} ([\d.]+)', metrics, re.MULTILINE)
    return round(sum(float(line) for line in lines))


@contextmanager
def lasting_browser(chromium: BrowserType, profile: Path) -> Iterator[BrowserContext]:
    """Start Chromium with a profile on disk, which a later one finds again; it may be gone at the end."""
    context = chromium.launch_persistent_context(
        profile,
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
        locale="en-GB",
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it may have crashed meanwhile
            context.close()


def browser_processes(profile: Path) -> list[int]:
    """The processes of the browser that has this profile."""
    processes = (folder for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return [int(process.name) for process in processes if os.fsencode(profile) in _command(process)]


def crash(profile: Path) -> None:
    """End the browser at once, as a power cut would."""
    for pid in browser_processes(profile):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""

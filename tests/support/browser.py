"""A real browser for the page: the machine's Chromium, driven by Playwright; every complaint of the page is kept."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.support.needs import missing
from tests.support.processes import ROOT

SCREENSHOTS: Final = ROOT / "build" / "screenshots"
_FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Start Chromium without a window and with more `flags`; skip the test, or fail it in CI, when there is none."""
    program = (
        shutil.which("chromium") or shutil.which("google-chrome") or missing("Chromium", "apt-get install chromium")
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One person's open page: a browser profile of their own."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)  # addresses that a file was sent to

    def screenshot(self, name: str) -> Path:
        """Keep what is to be seen."""
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@contextmanager
def visit(
    browser: Browser, url: str, *, expected: str = r"(?!)", dark: bool = False, size: tuple[int, int] = (1280, 800)
) -> Iterator[Visit]:
    """Open `url`; afterwards no error, warning or policy violation may have been logged but what matches `expected`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    visited = Visit(context.new_page())

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not re.search(expected, message.text):
            visited.complaints.append(message.text)

    def on_request(request: Request) -> None:
        if "multipart" in request.headers.get("content-type", ""):
            visited.uploads.append(request.url)

    visited.page.on("console", on_console)
    visited.page.on("request", on_request)
    visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
    visited.page.goto(url)
    yield visited
    context.close()
    assert visited.complaints == [], visited.complaints

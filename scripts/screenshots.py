"""`make screenshots`: every screen of the page, light and dark, at three widths, before a library of painted walks."""

import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser

from scripts import build_page
from tests.support.browser import SCREENSHOTS, chromium, visit
from tests.support.looking import NO_GRAPHICS_CARD, SCREENS, furnish, settle, sign_in
from tests.support.processes import running_pair
from tests.support.walk import walked

_SIZES: Final = ((360, 740), (768, 1024), (1440, 900))


def main() -> int:
    """Take them all; return 1 when the page cannot be built."""
    if build_page.make():
        return 1
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_pair(Path(folder)) as pair:
        with closing(walked(pair.core.url, pair.metadata.url)) as kari:
            furnish(kari)
        with chromium() as browser:
            for dark in (False, True):
                for size in _SIZES:
                    _take(browser, pair.metadata.url, size, dark=dark)
    print(f"{len(list(SCREENSHOTS.glob('*.png')))} pictures in {SCREENSHOTS}")
    return 0


def _take(browser: Browser, url: str, size: tuple[int, int], *, dark: bool) -> None:
    end = f"{size[0]}-{'dark' if dark else 'light'}"
    with visit(browser, f"{url}/login", dark=dark, size=size, expected=f"{NO_GRAPHICS_CARD}|status of 40") as visitor:
        settle(visitor.page)
        visitor.screenshot(f"login-{end}")
        sign_in(visitor.page, "kari")
        for path in SCREENS:
            visitor.page.goto(url + path)
            settle(visitor.page)
            if path == "/map":  # land is drawn by a worker, which no request tells of
                visitor.page.wait_for_timeout(4_000)
            name = path.strip("/").replace("/", "-").partition("?")[0] or "timeline"
            visitor.screenshot(f"{name}-{'found-' if '?' in path else ''}{end}")
        visitor.page.goto(f"{url}/uploads?status=warning")
        visitor.page.locator("[data-id] a").first.click()
        visitor.page.get_by_role("heading", name="Where was this taken?").wait_for()
        settle(visitor.page)
        visitor.screenshot(f"uploads-one-{end}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except httpx.HTTPError as error:
        sys.exit(f"The library for the pictures could not be made: {error}")

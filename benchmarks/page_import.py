"""`python -m benchmarks.page_import`: many small files through the page's import in a browser, before both services.

Prints photos a second, the browser's JavaScript memory while it goes, and how long the same folder takes again. Small
files make the page itself the subject: what it costs per file is the same for large ones.
"""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from tests.support.browser import chromium, visit
from tests.support.folders import tiny_folder
from tests.support.import_page import Importer
from tests.support.processes import running_pair

_MEMORY = "performance.memory.usedJSHeapSize / 1048576"


def main() -> None:
    """Import, watch, import again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    count = parser.parse_args().files
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "photos")
        tiny_folder(folder, count)
        with (
            running_pair(Path(temporary)) as pair,
            chromium("--js-flags=--expose-gc", "--enable-precise-memory-info") as browser,
            visit(browser, pair.metadata.url, expected=".") as visited,
        ):
            person = Importer(visited.page, pair)
            person.sign_up("measured")
            person.put_away(folder, "Many")
            person.open()
            seconds, peak, settled = _watch(person)
            print(f"{count} files, first time: {seconds:.1f} s, {count / seconds:.1f} a second")
            print(f"JavaScript memory: {peak:.0f} MiB at most, {settled:.0f} MiB after collection at the end")
            visited.page.get_by_role("button", name="Import another folder").click()
            seconds, peak, settled = _watch(person)
            print(f"{count} files, again: {seconds:.1f} s, {count / seconds:.0f} a second, {peak:.0f} MiB at most")
            print(f"asked of core_service: {person.asked.total()}; photos: {person.library()['photos']}")


def _watch(person: Importer) -> tuple[float, float, float]:
    """Import; give the seconds, the most memory seen, and what is left after collecting."""
    began = time.monotonic()
    person.choose()
    peak = 0.0
    while not person.page.get_by_text("Done", exact=True).first.is_visible():
        peak = max(peak, _memory(person.page))
        person.page.wait_for_timeout(500)
    seconds = time.monotonic() - began
    person.page.evaluate("window.gc && window.gc()")
    return seconds, peak, _memory(person.page)


def _memory(page: Page) -> float:
    return float(page.evaluate(_MEMORY))


if __name__ == "__main__":
    main()

"""`make bench-page`: scrolls and jumps through a large library in a real browser, and counts what that costs.

Figures of the browser: long tasks (over 50 ms of the main thread), frames, DOM elements, JavaScript memory, and how
long after a jump the photos there are to be seen.
"""

import argparse
import asyncio
import io
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import httpx
from PIL import Image, ImageFilter
from playwright.sync_api import CDPSession, Page
from sqlalchemy import insert, select

from metadata_service.db.engine import Database
from metadata_service.tables import Photo, PhotoPreview
from scripts import build_page
from tests.support.browser import chromium, visit
from tests.support.library import photos
from tests.support.looking import sign_in
from tests.support.processes import Pair, new_pair
from tests.support.walk import PASSWORD

_AT_ONCE: Final = 5_000
_WATCH: Final = """() => {
    window.figures = { long: [], frames: [] };
    new PerformanceObserver((list) => figures.long.push(...list.getEntries().map((entry) => entry.duration)))
        .observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now) => { figures.frames.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
}"""
_SCROLL: Final = """(seconds) => new Promise((done) => {
    const scroller = document.querySelector('.scroller');
    const end = performance.now() + seconds * 1000;
    const step = () => {
        scroller.scrollTop += 60;
        if (performance.now() < end) requestAnimationFrame(step); else done();
    };
    step();
})"""
_JUMP: Final = """(part) => new Promise((done) => {
    const bar = document.querySelector('.scrubber');
    const { left, top, height } = bar.getBoundingClientRect();
    const at = { clientX: left + 20, clientY: top + 14 + part * (height - 28), pointerId: 1, bubbles: true };
    bar.setPointerCapture = () => {};
    const begun = performance.now();
    for (const type of ['pointerdown', 'pointerup']) bar.dispatchEvent(new PointerEvent(type, at));
    const shown = () => {
        const view = document.querySelector('.scroller').getBoundingClientRect();
        const seen = [...document.querySelectorAll('.tile')].filter((tile) => {
            const box = tile.getBoundingClientRect();
            return box.bottom > view.top && box.top < view.bottom;
        });
        const whole = seen.length > 5 && seen.every((tile) => tile.querySelector('img')?.complete);
        if (whole) done(performance.now() - begun);
        else if (performance.now() - begun > 15000) done(null);
        else requestAnimationFrame(shown);
    };
    requestAnimationFrame(shown);
})"""


def main() -> int:
    """Build the library, look at it, print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--photos", type=int, default=200_000)
    options.add_argument("--seconds", type=int, default=15)
    options.add_argument("--jumps", type=int, default=20)
    asked = options.parse_args()
    if build_page.make():
        return 1
    with tempfile.TemporaryDirectory() as folder:
        pair = new_pair(Path(folder))
        pair.metadata.start()
        try:
            owner_id = _register(pair)
            asyncio.run(_fill(Path(folder), owner_id, asked.photos))
            with chromium() as browser, visit(browser, pair.metadata.url, size=(1440, 900)) as visitor:
                for name, value in _look(visitor.page, asked).items():
                    print(f"{name:<68} {value}")
        finally:
            pair.metadata.kill()
    return 0


def _register(pair: Pair) -> int:
    person = {"username": "kari", "email": "kari@example.org", "password": PASSWORD}
    answer = httpx.post(f"{pair.metadata.url}/api/v1/auth/register", json=person, trust_env=False)
    number: int = answer.raise_for_status().json()["id"]
    return number


async def _fill(folder: Path, owner_id: int, count: int) -> None:
    """Write photos straight into the database, with small real pictures."""
    database = Database(f"sqlite+aiosqlite:///{folder}/data/imalink.db", busy_seconds=60)
    pictures = list(_pictures())
    rows = photos(owner_id, count, sharing="nobody")
    while piece := list(islice(rows, _AT_ONCE)):
        async with database.writing() as session:
            await session.execute(insert(Photo), piece)
            ids = await session.scalars(select(Photo.id).order_by(Photo.id.desc()).limit(len(piece)))
            previews = [{"photo_id": number, "hotpreview": pictures[number % len(pictures)]} for number in ids]
            await session.execute(insert(PhotoPreview), previews)
    await database.close()


def _pictures() -> Iterator[bytes]:
    dice = random.Random(7)  # a painter, not a locksmith
    for _ in range(40):
        small = Image.frombytes("RGB", (6, 4), dice.randbytes(72)).resize((150, 100), Image.Resampling.BICUBIC)
        file = io.BytesIO()
        small.filter(ImageFilter.GaussianBlur(3)).save(file, "JPEG", quality=85)
        yield file.getvalue()


def _look(page: Page, asked: argparse.Namespace) -> dict[str, str]:
    sign_in(page, "kari")
    page.goto(page.url)
    page.wait_for_selector(".tile img")
    first = page.evaluate("performance.now()")
    protocol = page.context.new_cdp_session(page)
    protocol.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU, not the clock: others may be busy
    before = _metrics(protocol)
    page.evaluate(_WATCH)
    page.evaluate(_SCROLL, asked.seconds)
    scrolled, rested = page.evaluate("figures"), _metrics(protocol)
    dice = random.Random(11)  # only where to look
    jumps = [page.evaluate(_JUMP, dice.random()) for _ in range(asked.jumps)]
    after_jumps = page.evaluate("figures")
    protocol.send("HeapProfiler.collectGarbage")
    after = _metrics(protocol)
    frames = scrolled["frames"][2:]
    known = sorted(jump for jump in jumps if jump is not None)
    inside = page.locator(".inside").evaluate("(inside) => inside.offsetHeight")
    return {
        f"photos in the timeline ({asked.photos:,})": "",
        "height of the scroll container, px": f"{inside:,}",
        "first pictures to be seen, ms after navigation": f"{first:.0f}",
        f"frames in {asked.seconds} s of scrolling; median, 95th percentile, ms": (
            f"{len(frames)}; {statistics.median(frames):.1f}, {statistics.quantiles(frames, n=20)[-1]:.1f}"
        ),
        "CPU of the main thread while scrolling, ms a second; of it script": (
            f"{1000 * (rested['ThreadTime'] - before['ThreadTime']) / asked.seconds:.0f}; "
            f"{1000 * (rested['ScriptDuration'] - before['ScriptDuration']) / asked.seconds:.0f}"
        ),
        "long tasks while scrolling; longest, ms": _long(scrolled["long"]),
        "jumps; median, slowest until all pictures are to be seen, ms": (
            f"{len(known)} of {asked.jumps}; {statistics.median(known):.0f}, {known[-1]:.0f}"
        ),
        "long tasks of the jumps; longest, ms": _long(after_jumps["long"][len(scrolled["long"]) :]),
        "DOM elements at the end": f"{page.locator('*').count():,}",
        "tiles at the end": f"{page.locator('.tile').count()}",
        "JavaScript memory before and after, MB": (
            f"{before['JSHeapUsedSize'] / 1e6:.1f}, {after['JSHeapUsedSize'] / 1e6:.1f}"
        ),
    }


def _long(durations: list[float]) -> str:
    return f"{len(durations)}; {max(durations, default=0):.0f}"


def _metrics(protocol: CDPSession) -> dict[str, Any]:
    found = protocol.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in found}


if __name__ == "__main__":
    sys.exit(main())

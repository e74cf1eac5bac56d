"""What tests of the page do again and again: sign in, and ask axe-core whether everybody can use a screen."""

import time
from typing import Any, Final

import httpx
from playwright.sync_api import Page, expect

from scripts.sample_photos import take
from tests.support.processes import ROOT
from tests.support.walk import PASSWORD, shots

_AXE: Final = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS: Final = (
    *("/", "/search", "/search?tags=summer", "/map", "/shared", "/albums", "/albums/1", "/events", "/events/1"),
    *("/tags", "/authors", "/stacks", "/stats", "/trash", "/account", "/import", "/photo/1"),
    *("/uploads", "/uploads?status=failed", "/uploads/new", "/uploads/places"),
)
# Chromium without a graphics card says so when a map is drawn.
NO_GRAPHICS_CARD: Final = r"GL Driver Message|WebGL|GPU stall"


def sign_in(page: Page, username: str) -> None:
    """Sign in through the form, and wait for the timeline."""
    base = page.url.split("/", 3)
    page.goto(f"{base[0]}//{base[2]}/login")
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Account:")).to_be_visible()


def complaints_of_axe(page: Page) -> list[str]:
    """Ask axe-core about what is to be seen now; each complaint with its rule and the element."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "(rules) => axe.run({ exclude: ['.maplibregl-canvas'] }, { runOnly: rules, resultTypes: ['violations'] })",
        _RULES,
    )
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def settle(page: Page) -> None:
    """Wait until nothing is asked any more and the pictures are there."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(150)


def furnish(kari: httpx.Client) -> None:
    """Give the library one of everything, so that no screen is empty."""
    photos = kari.get("/api/v1/photos", params={"owner": "me", "limit": 100}).json()["data"]
    ids, hothashes = [photo["id"] for photo in photos], [photo["hothash"] for photo in photos]

    def post(path: str, **body: object) -> httpx.Response:
        return kari.post(f"/api/v1/{path}", json=body).raise_for_status()

    post("tags/bulk", photo_ids=ids[:12], add=["summer", "Lofoten"])
    post("collections", name="Lofoten by bicycle", hothashes=hothashes[:9])
    post("events", name="Norway", location_name="Norway")
    post("authors", name="Kari Nordmann")
    post("photo-stacks", title="Sunset", photo_hothashes=hothashes[20:23])
    post("photo-searches", name="The best", search_criteria={"rating_min": 4})
    post("spaces", name="Family")
    kari.patch("/api/v1/photos/bulk", json={"ids": ids[:6], "change": {"event_id": 1, "rating": 4}}).raise_for_status()
    post("photos/bulk/delete", ids=ids[-2:])
    keep_originals(kari)


def keep_originals(kari: httpx.Client) -> None:
    """Upload originals of photos that the library has, in and outside of a place, and wait until all is done."""
    circle = {"latitude": 67.93, "longitude": 13.09, "radius_m": 8000}
    kari.post("/api/v1/places", json={"name": "Lofoten", "kind": "site", **circle}).raise_for_status()
    files = [("files", (shot.filename, take(shot))) for shot in list(shots())[:20:4]]
    files.append(("files", ("torn.jpg", files[0][1][1][:3000])))
    session = kari.post("/api/v1/photos/upload", files=files).raise_for_status().json()["upload_session_id"]
    deadline = time.monotonic() + 120
    while True:
        status = kari.get("/api/v1/photos/jobs/status", params={"upload_session_id": session}).raise_for_status()
        summary = status.json()["summary"]
        if summary["pending"] + summary["processing"] == 0:
            return
        assert time.monotonic() < deadline, summary
        time.sleep(0.1)

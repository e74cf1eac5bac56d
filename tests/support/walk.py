"""A library that looks like one: painted walks of several years, sent through both services as a client would."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from scripts.sample_photos import DAWN, DAY, DUSK, FOG, NIGHT, Colour, Light, Shot, take
from tests.support.processes import ROOT

PASSWORD: Final = "correct horse battery"  # of nobody
_LIGHTS: Final = (DAWN, DAY, DAY, DUSK, DUSK, NIGHT, FOG)
_SIZES: Final = ((1350, 900), (1350, 900), (1350, 900), (900, 1350), (1400, 788), (1200, 1200), (1200, 900))
_WALKS: Final = (
    # from, days, photos, latitude, longitude, offset
    ("2026-08-14", 5, 34, 67.93, 13.09, "+02:00"),
    ("2026-05-17", 1, 12, 59.91, 10.75, "+02:00"),
    ("2026-02-20", 3, 14, 61.64, 8.31, "+01:00"),
    ("2025-12-24", 2, 9, 60.39, 5.32, "+01:00"),
    ("2025-07-03", 8, 30, 42.66, 0.02, "+02:00"),
    ("2024-10-05", 3, 16, 57.27, -6.21, "+01:00"),
    ("2023-04-11", 4, 14, 35.36, 138.73, "+09:00"),
    ("2021-01-14", 3, 11, -50.94, -73.41, "-03:00"),
)
_KEPT: Final = ROOT / "build" / "walk"


def shots() -> Iterator[Shot]:
    """Yield the same shots every time, the newest walk first."""
    for begin, days, count, latitude, longitude, offset in _WALKS:
        dice = random.Random(begin)  # a painter, not a locksmith
        for number in range(count):
            day = dice.randrange(days)
            moment = datetime.fromisoformat(begin) + timedelta(days=day, minutes=dice.randrange(6 * 60, 22 * 60))
            yield Shot(
                filename=f"{begin[:4]}_{begin[5:7]}_{number:03}.jpg",
                light=_tinted(dice.choice(_LIGHTS), dice),
                taken_at=moment.strftime("%Y:%m:%d %H:%M:%S"),
                offset=offset,
                place=(latitude + dice.uniform(-0.12, 0.12), longitude + dice.uniform(-0.2, 0.2)),
                size=dice.choice(_SIZES),
                exposure=dice.choice((1 / 60, 1 / 250, 1 / 800)),
                iso=dice.choice((100, 200, 400)),
            )


def _tinted(light: Light, dice: random.Random) -> Light:
    def tint(colour: Colour, strength: int) -> Colour:
        red, green, blue = (min(255, max(0, level + dice.randint(-strength, strength))) for level in colour)
        return red, green, blue

    return replace(
        light, above=tint(light.above, 30), horizon=tint(light.horizon, 26), hills=tint(light.hills, 24), sun=light.sun
    )


def walked(core_url: str, metadata_url: str, username: str = "kari", *, every: int = 1) -> httpx.Client:
    """Make an account, send each or each so-manieth shot, return the signed-in client. Eggs are kept in build/walk."""
    client = httpx.Client(base_url=metadata_url, timeout=60, trust_env=False)
    person = {"username": username, "email": f"{username}@example.org", "password": PASSWORD, "display_name": "Kari"}
    client.post("/api/v1/auth/register", json=person).raise_for_status()
    answer = client.post("/api/v1/auth/login", json={"username": username, "password": PASSWORD}).raise_for_status()
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    with ThreadPoolExecutor(2) as pool, httpx.Client(base_url=core_url, timeout=120, trust_env=False) as core:
        for egg in pool.map(lambda shot: _egg(core, shot), list(shots())[::every]):
            client.post("/api/v1/photos/photoegg", json={"photo_egg": egg}).raise_for_status()
    return client


def _egg(core: httpx.Client, shot: Shot) -> dict[str, Any]:
    kept: Path = _KEPT / f"{shot.filename}.json"
    if kept.is_file():
        known: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    image = {"file": (shot.filename, take(shot), "image/jpeg")}
    egg = core.post("/v1/process", files=image, data={"coldpreview_size": "1350"}).raise_for_status().text
    _KEPT.mkdir(parents=True, exist_ok=True)
    kept.write_text(egg, encoding="utf-8")
    laid: dict[str, Any] = json.loads(egg)
    return laid

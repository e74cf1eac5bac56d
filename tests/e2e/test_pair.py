"""The pair as real processes on real sockets: a photo becomes an egg, is kept, and is seen by those who may."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared_schemas.hothash import hothash_of
from tests.support.photos import OSLO, camera_jpeg
from tests.support.processes import Pair, running_pair

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with running_pair(tmp_path) as pair:
        yield pair


@contextmanager
def signed_in(pair: Pair, username: str) -> Iterator[httpx.Client]:
    """Make an account and yield a client that speaks for it."""
    person = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    with httpx.Client(base_url=f"{pair.metadata.url}/api/v1", timeout=30) as client:
        client.post("/auth/register", json=person).raise_for_status()
        token = client.post("/auth/login", json=person).raise_for_status().json()["access_token"]
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def lay_egg(pair: Pair, image: bytes, name: str = "IMG_0001.JPG") -> dict[str, Any]:
    answer = httpx.post(
        f"{pair.core.url}/v1/process",
        files={"file": (name, image, "image/jpeg")},
        data={"coldpreview_size": "1024"},
        timeout=60,
    )
    egg: dict[str, Any] = answer.raise_for_status().json()
    return egg


def test_a_camera_photo_goes_the_whole_way(pair: Pair):
    egg = lay_egg(pair, camera_jpeg(orientation=6))
    with signed_in(pair, "kari") as kari, httpx.Client(base_url=kari.base_url) as stranger:
        kept = kari.post("/photos/photoegg", json={"photo_egg": egg, "title": "The harbour", "rating": 4})
        assert kept.status_code == 201
        (photo,) = kari.get("/photos").json()["data"]
        hot = kari.get(f"/photos/{photo['hothash']}/hotpreview")
        cold = kari.get(f"/photos/{photo['id']}/coldpreview")

        assert (photo["title"], photo["rating"], photo["visibility"]) == ("The harbour", 4, "private")
        assert photo["taken_at"].startswith("2024-04-27T14:55:20")
        assert photo["taken_at_offset"] == "+02:00"
        assert photo["gps_latitude"] == pytest.approx(OSLO.latitude, abs=1e-6)
        assert (photo["width"], photo["height"]) == (1200, 1600), "as displayed, after the camera was turned"
        assert hothash_of(hot.content) == photo["hothash"] == egg["hothash"]
        assert cold.headers["content-type"] == "image/jpeg"

        for path in (f"/photos/{photo['id']}", f"/photos/{photo['hothash']}/hotpreview"):
            assert stranger.get(path).status_code == 404
        kari.patch(f"/photos/{photo['id']}", json={"visibility": "public"}).raise_for_status()
        assert stranger.get(f"/photos/{photo['hothash']}/hotpreview").content == hot.content
        assert stranger.get(f"/photos/{photo['id']}").json()["gps_latitude"] == 59.9, "exactly where is the owner's"


def test_twenty_clients_with_the_same_egg_make_one_photo(pair: Pair):
    egg = lay_egg(pair, camera_jpeg())
    with signed_in(pair, "kari") as kari, ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: kari.post("/photos/photoegg", json=egg), range(20)))

        assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert len(kari.get("/photos").json()["data"]) == 1


def test_core_down_does_not_harm_what_is_kept(pair: Pair):
    with signed_in(pair, "kari") as kari:
        kari.post("/photos/photoegg", json=lay_egg(pair, camera_jpeg())).raise_for_status()
        pair.core.kill()

        assert len(kari.get("/photos").json()["data"]) == 1


def test_both_end_cleanly_when_told_to(pair: Pair):
    lay_egg(pair, camera_jpeg())

    for service in (pair.core, pair.metadata):
        assert service.stop() in {0, -signal.SIGTERM}
        assert "Application shutdown complete." in service.log.read_text()
        assert "Traceback" not in service.log.read_text()

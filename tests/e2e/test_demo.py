"""`make demo`: brings the samples once, through both services, and says what it did."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from scripts.demo import PASSWORD, USERNAME
from scripts.sample_photos import SHOTS
from tests.support.processes import Pair, clean_environment, new_pair, running_pair

pytestmark = pytest.mark.e2e


def demo(pair: Pair, folder: Path) -> subprocess.CompletedProcess[str]:
    ours = clean_environment() | pair.core.environment
    return subprocess.run(
        [sys.executable, "-m", "scripts.demo"], cwd=folder, env=ours, capture_output=True, text=True, check=False
    )


def library(pair: Pair) -> list[dict[str, object]]:
    api = f"{pair.metadata.url}/api/v1"
    login = httpx.post(f"{api}/auth/login", json={"username": USERNAME, "password": PASSWORD}).json()
    listed = httpx.get(f"{api}/photos", headers={"Authorization": f"Bearer {login['access_token']}"}).json()
    photos: list[dict[str, object]] = listed["data"]
    return photos


def test_the_samples_are_brought_once(tmp_path: Path):
    with running_pair(tmp_path) as pair:
        first = demo(pair, tmp_path)
        second = demo(pair, tmp_path)
        photos = library(pair)

    assert first.returncode == 0, first.stderr
    assert f"{len(SHOTS)} photos added, 0 were already there." in first.stdout
    assert f"0 photos added, {len(SHOTS)} were already there." in second.stdout
    assert re.search(rf"See them at http://localhost:\d+/ as user {USERNAME}", first.stdout)
    taken = {shot.filename: shot.taken_at.replace(":", "-", 2).replace(" ", "T") for shot in SHOTS}
    assert {photo["primary_filename"]: photo["taken_at"] for photo in photos} == taken
    assert all(photo["has_gps"] and photo["coldpreview_url"] for photo in photos)


def test_without_running_services_it_says_so_in_one_sentence(tmp_path: Path):
    said = demo(new_pair(tmp_path), tmp_path)

    assert said.returncode == 1
    assert "does not answer: run `make run` in another terminal." in said.stdout.replace("\n", " ")
    assert said.stderr == ""

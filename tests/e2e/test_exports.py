"""The commands as people run them: killed and begun again, and a copy taken while others write, put in place."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.eggs import egg, jpeg
from tests.support.exporting import form
from tests.support.metadata import PASSWORD
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess, clean_environment

pytestmark = pytest.mark.e2e
_PHOTOS = 30


@contextmanager
def _running(folder: Path) -> Iterator[ServiceProcess]:
    """metadata_service on a folder of its own."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    environment = {"METADATA_PORT": str(port), "METADATA_DATA_DIR": str(folder / "data")}
    service = ServiceProcess("metadata_service", f"http://127.0.0.1:{port}", environment, folder / "metadata.log")
    service.start()
    try:
        yield service
    finally:
        if service.is_running:
            service.kill()


@contextmanager
def _signed_in(service: ServiceProcess, *, new: bool = True) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{service.url}/api/v1/", trust_env=False, timeout=60) as client:
        if new:
            body = {"username": "kari", "email": "kari@example.org", "password": PASSWORD}
            assert client.post("auth/register", json=body).status_code == 201
        token = client.post("auth/login", json={"username": "kari", "password": PASSWORD}).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def _keep(client: httpx.Client, seed: int) -> dict[str, Any]:
    laid = egg(seed, coldpreview=jpeg(seed + 1000, size=(300, 200)), tags=["sea"])
    answer = client.post("photos/photoegg", json=laid)
    assert answer.status_code == 201, answer.text
    photo: dict[str, Any] = answer.json()
    return photo


def _command(service: ServiceProcess, *words: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "metadata_service", *map(str, words)],
        cwd=service.log.parent,
        env=clean_environment() | service.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _said(service: ServiceProcess, *words: str | Path, status: int = 0) -> str:
    process = _command(service, *words)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == status, said.decode()
    return said.decode()


def test_a_library_is_carried_to_another_server_through_kills(tmp_path: Path) -> None:
    root = tmp_path / "x"
    with _running(tmp_path / "one") as service, _running(tmp_path / "two") as other:
        with _signed_in(service) as client, _signed_in(other):
            for seed in range(1, _PHOTOS + 1):
                _keep(client, seed)
        start = time.monotonic()
        assert f"{_PHOTOS} photos" in _said(service, "export", root, "--user", "kari")
        took = time.monotonic() - start
        for name, place in (("export", service), ("import", other)):
            process = _command(place, name, root, "--user", "kari@example.org")
            time.sleep(took * 0.8)
            process.kill()
            process.communicate()
        assert "The export is whole." in _said(service, "verify", root)
        assert f"{_PHOTOS} photos read" in _said(other, "import", root, "--user", "kari")
        _said(other, "export", tmp_path / "y", "--user", "kari")
        assert form(tmp_path / "y") == form(root)
        assert "0 differences" in _said(other, "doctor")


@dataclass
class _Writer(threading.Thread):
    """Keeps photos and removes some for good, until it is told to stop."""

    client: httpx.Client
    kept: list[dict[str, Any]] = field(default_factory=list)
    purged: set[int] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__()

    def run(self) -> None:
        """Write."""
        for seed in range(1, 100_000):
            if self.stop.is_set():
                return
            self.kept.append(_keep(self.client, seed))
            if seed % 3 == 0:
                gone = self.kept[seed // 3]["id"]
                self.purged.add(gone)
                self.client.delete(f"photos/{gone}?purge=true")

    def __hash__(self) -> int:
        return id(self)


def test_a_backup_taken_while_others_write_can_be_put_in_place(tmp_path: Path) -> None:
    with _running(tmp_path / "one") as service, _signed_in(service) as client:
        writer = _Writer(client)
        writer.start()
        try:
            for least in (10, 20):
                while len(writer.kept) < least:
                    time.sleep(0.05)
                acknowledged = writer.kept[:]
                assert "The library is in" in _said(service, "backup", tmp_path / "b")
        finally:
            writer.stop.set()
            writer.join()
        service.kill()  # the machine is lost
    alive = [photo["id"] for photo in acknowledged if photo["id"] not in writer.purged]
    _check_restored(tmp_path, alive)


def _check_restored(tmp_path: Path, alive: list[int]) -> None:
    assert alive
    (tmp_path / "two").mkdir()
    shutil.copytree(tmp_path / "b", tmp_path / "two" / "data")
    with _running(tmp_path / "two") as restored:
        assert "0 differences" in _said(restored, "doctor")
        with _signed_in(restored, new=False) as client:
            there = [photo["id"] for photo in client.get("photos", params={"limit": 500}).json()["data"]]
            assert set(alive) <= set(there)
            for photo_id in there:
                assert client.get(f"photos/{photo_id}/hotpreview").status_code == 200
                assert client.get(f"photos/{photo_id}/coldpreview").status_code == 200, "every blob is there"


def test_commands_say_what_is_wrong_and_fail(tmp_path: Path) -> None:
    with _running(tmp_path / "one") as service:
        assert "no account named nobody." in _said(service, "export", tmp_path / "x", "--user", "nobody", status=1)
        assert "holds no manifest.json" in _said(service, "import", tmp_path / "x", "--user", "kari", status=1)
        assert "holds no manifest.json" in _said(service, "verify", tmp_path / "x", status=1)
        elsewhere = service.environment | {"METADATA_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
        service.environment = elsewhere
        assert "pg_dump" in _said(service, "backup", tmp_path / "b", status=1)

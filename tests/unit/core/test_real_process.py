"""core_service as a process on a socket: clients that break off, and the end of the service, good or bad."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.core import is_alive
from tests.support.photos import camera_jpeg
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess, clean_environment

pytestmark = pytest.mark.e2e

PHOTO = camera_jpeg(width=400, height=300)


def _new_core(folder: Path, **settings: str) -> ServiceProcess:
    port = free_port()
    environment = {"CORE_PORT": str(port), "CORE_PROCESSES": "1", "CORE_MAX_FILE_MB": "256", **settings}
    return ServiceProcess("core_service", f"http://127.0.0.1:{port}", environment, folder / "core.log")


@contextlib.contextmanager
def _running(folder: Path, **settings: str) -> Iterator[ServiceProcess]:
    service = _new_core(folder, **settings)
    service.start()
    try:
        yield service
    finally:
        service.kill()


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """A service that its tests leave as they found it."""
    with _running(tmp_path_factory.mktemp("core"), CORE_UPLOAD_STALL_SECONDS="0.5") as service:
        yield service


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[ServiceProcess]:
    """A service for a test that ends it."""
    with _running(tmp_path) as service:
        yield service


def _decoders(core: ServiceProcess) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{core.pid}/task/{core.pid}/children").read_text().split()]


def _wait(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _connect(core: ServiceProcess) -> socket.socket:
    host, _, port = core.url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def _head(length: int) -> bytes:
    return (
        f"POST /v1/process HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _images_at_work(core: ServiceProcess) -> float:
    lines = httpx.get(f"{core.url}/metrics", trust_env=False).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("core_images_at_work "))


def _works(core: ServiceProcess) -> bool:
    answer = httpx.post(f"{core.url}/v1/process", files={"file": ("a.jpg", PHOTO)}, trust_env=False)
    return answer.status_code == 200


def test_an_upload_of_300_mb_is_refused_before_it_is_sent(core: ServiceProcess) -> None:
    with _connect(core) as client:
        client.sendall(_head(300 * 1024 * 1024))
        assert b" 413 " in client.recv(1000).partition(b"\r\n")[0]
    assert _works(core)


def test_an_upload_without_a_length_is_refused_when_it_has_become_too_large(tmp_path: Path) -> None:
    with _running(tmp_path, CORE_MAX_FILE_MB="1") as service:
        with _connect(service) as client:
            client.sendall(b"POST /v1/process HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(17):
                client.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            assert b" 413 " in client.recv(1000).partition(b"\r\n")[0]
        assert _works(service)


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


@pytest.mark.parametrize("as_form", [True, False])
def test_an_upload_never_sits_in_the_memory_of_the_service_itself(core: ServiceProcess, as_form: bool) -> None:
    upload = PHOTO + bytes(100 * 1024 * 1024)  # a phone's film behind the picture
    before = _peak_mb(core.pid)
    body = {"files": {"file": ("a.jpg", upload)}} if as_form else {"content": upload}
    answer = httpx.post(f"{core.url}/v1/process", **body, trust_env=False, timeout=60)
    assert answer.status_code == 200
    assert _peak_mb(core.pid) - before < 20


def test_a_body_cut_off_midway_leaves_nothing_behind(core: ServiceProcess) -> None:
    with _connect(core) as client:
        client.sendall(_head(len(PHOTO)) + PHOTO[: len(PHOTO) // 2])
        _wait(lambda: _images_at_work(core) == 1)
    _wait(lambda: _images_at_work(core) == 0)
    assert _works(core)
    assert "Traceback" not in core.log.read_text()


def test_a_client_that_stops_sending_is_told_so(core: ServiceProcess) -> None:
    with _connect(core) as client:
        client.sendall(_head(len(PHOTO)) + PHOTO[:100])
        with client.makefile("rb") as answer:
            assert b"upload-stalled" in b"".join(answer)
    _wait(lambda: _images_at_work(core) == 0)


def test_a_client_that_sends_drop_by_drop_is_told_so_in_the_end(tmp_path: Path) -> None:
    with _running(tmp_path, CORE_UPLOAD_SECONDS="1") as service:
        with _connect(service) as client, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(_head(len(PHOTO)))
            for drop in PHOTO[:40]:
                client.sendall(bytes([drop]))
                time.sleep(0.05)
        _wait(lambda: _images_at_work(service) == 0)
        assert '"status": 400' in service.log.read_text()


def test_the_work_for_a_client_that_has_gone_is_broken_off(core: ServiceProcess) -> None:
    (decoder,) = _decoders(core)
    os.kill(decoder, signal.SIGSTOP)
    with _connect(core) as client:
        client.sendall(_head(len(PHOTO)) + PHOTO)
        _wait(lambda: _images_at_work(core) == 1)
    _wait(lambda: not is_alive(decoder))
    assert _works(core)


def test_decoders_notice_that_the_service_was_killed(doomed: ServiceProcess) -> None:
    decoders = _decoders(doomed)
    os.kill(doomed.pid, signal.SIGKILL)
    _wait(lambda: not any(map(is_alive, decoders)))


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_the_service_ends_cleanly_when_told_to(doomed: ServiceProcess, word: signal.Signals) -> None:
    everyone = [doomed.pid, *_decoders(doomed)]
    os.kill(doomed.pid, word)
    _wait(lambda: not any(map(is_alive, everyone)))
    assert "Traceback" not in doomed.log.read_text()


def test_a_request_under_way_is_answered_although_the_service_is_told_to_end(doomed: ServiceProcess) -> None:
    with _connect(doomed) as client:
        client.sendall(_head(len(PHOTO)) + PHOTO[:1000])
        _wait(lambda: _images_at_work(doomed) == 1)
        os.kill(doomed.pid, signal.SIGTERM)
        time.sleep(0.1)
        client.sendall(PHOTO[1000:])
        assert b" 200 " in client.recv(1000).partition(b"\r\n")[0]


def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "core_service"],
            env={**clean_environment(), "CORE_PORT": port},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.strip().count("\n") == 0
    assert "CORE_PORT" in ended.stderr


def _part(name: str) -> bytes:
    head = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return head.encode() + PHOTO + b"\r\n"


_BATCH_HEAD = (
    b"POST /v1/process/batch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
)


def _chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def test_a_batch_answers_its_first_image_before_its_last_is_sent(core: ServiceProcess) -> None:
    first, second = _part("a.jpg"), _part("b.jpg")
    with _connect(core) as client, client.makefile("rb") as answer:
        client.sendall(_BATCH_HEAD + _chunk(first + second[:200]))  # where a part ends, only the next one's head tells
        assert any(b'"filename":"a.jpg","egg"' in line for line in answer)
        client.sendall(_chunk(second[200:] + b"--edge--\r\n") + _chunk(b""))
        assert any(b'"filename":"b.jpg","egg"' in line for line in answer)


def test_a_batch_broken_off_leaves_nothing_behind(core: ServiceProcess) -> None:
    with _connect(core) as client:
        client.sendall(_BATCH_HEAD + _chunk(_part("a.jpg")) + _chunk(_part("b.jpg")[:5000]))
        _wait(lambda: _images_at_work(core) >= 1)
    _wait(lambda: _images_at_work(core) == 0)
    assert _works(core)
    assert "Traceback" not in core.log.read_text()

"""`make run`: starts both services, says where they are, ends both, and continues with the same library next time."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_port
from tests.support.processes import clean_environment

pytestmark = pytest.mark.e2e


class Run:
    """`make run` under way: where it listens, and what it has said so far."""

    def __init__(self, folder: Path) -> None:
        self.core_port, self.metadata_port = free_port(), free_port()
        self.output = folder / "output"
        self.environment = clean_environment() | {
            "CORE_PORT": str(self.core_port),
            "METADATA_PORT": str(self.metadata_port),
            "METADATA_DATA_DIR": str(folder / "library"),
        }
        self.folder = folder

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.run"],
                cwd=self.folder,
                env=self.environment,
                stdout=output,
                stderr=output,
            )

    def wait_until_it_runs(self) -> None:
        deadline = time.monotonic() + 60
        while "ImaLink is running." not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        return self.output.read_text()

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)

    def metadata_url(self) -> str:
        return f"http://127.0.0.1:{self.metadata_port}"

    def pids(self) -> list[int]:
        """The services and whatever they have started, found by the settings that only they were given."""
        mark = f"METADATA_PORT={self.metadata_port}\0".encode()
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environment.read_bytes() and int(environment.parent.name) != self.process.pid:
                    found.append(int(environment.parent.name))
            except OSError:  # it ended meanwhile
                continue
        return found


@contextmanager
def make_run(folder: Path) -> Iterator[Run]:
    run = Run(folder)
    run.start()
    try:
        run.wait_until_it_runs()
        yield run
    finally:
        run.process.kill()
        run.process.wait()
        for pid in run.pids():
            os.kill(pid, signal.SIGKILL)


def test_both_services_run_know_each_other_and_it_says_where(tmp_path: Path):
    with make_run(tmp_path) as run:
        page, page_docs, core_docs = re.findall(r"http://\S+", run.said()[run.said().index("ImaLink is running.") :])
        core_url = httpx.get(f"{page}config.json").json()["core_url"]
        answer = httpx.get(f"{core_url}/health", headers={"Origin": page.rstrip("/")})

        assert page == f"http://localhost:{run.metadata_port}/"
        assert core_url == f"http://localhost:{run.core_port}"
        assert {httpx.get(url).status_code for url in (page, page_docs, core_docs)} == {200}
        assert answer.headers["access-control-allow-origin"] == page.rstrip("/")
        told = Path(f"/proc/{pid_of(run, 'metadata_service')}/environ").read_bytes().split(b"\0")
        assert f"METADATA_CORE_URL=http://localhost:{run.core_port}".encode() in told
        assert str(tmp_path / "library") in run.said()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_one_signal_ends_both_and_leaves_nothing_running(tmp_path: Path, how: signal.Signals):
    with make_run(tmp_path) as run:
        assert len(run.pids()) >= 2

        assert run.end(how) == 0
        assert run.pids() == []
        assert run.said().count("Application shutdown complete.") == 2
        assert "Traceback" not in run.said()


@pytest.mark.parametrize("package", ["core_service", "metadata_service"])
def test_when_one_dies_the_other_is_ended_and_the_cause_is_said(tmp_path: Path, package: str):
    with make_run(tmp_path) as run:
        os.kill(pid_of(run, package), signal.SIGKILL)

        assert run.process.wait(30) == 1
        assert f"{package} ended by itself (signal SIGKILL)." in run.said()
        assert run.pids() == []


def pid_of(run: Run, package: str) -> int:
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in run.pids()}
    return next(pid for pid, command in commands.items() if command[1:3] == [b"-m", package.encode()])


@pytest.mark.parametrize("which", ["CORE_PORT", "METADATA_PORT"])
def test_a_port_in_use_is_said_in_one_sentence_with_the_remedy(tmp_path: Path, which: str):
    run = Run(tmp_path)
    with socket.create_server(("127.0.0.1", int(run.environment[which]))):
        run.start()

        assert run.process.wait(30) == 1
        (sentence,) = run.said().splitlines()
        assert "Is ImaLink running already?" in sentence
        assert f"`{which}=" in sentence


def test_a_setting_that_does_not_fit_is_named_in_one_sentence(tmp_path: Path):
    run = Run(tmp_path)
    run.environment["METADATA_PORT"] = "eighty"
    run.start()

    assert run.process.wait(30) == 1
    (sentence,) = run.said().splitlines()
    assert sentence.startswith("METADATA_PORT: Input should be a valid integer")


def test_a_second_run_continues_with_the_same_library(tmp_path: Path):
    person = {"username": "kari", "email": "kari@example.org", "password": "correct horse battery"}
    with make_run(tmp_path) as run:
        assert httpx.post(f"{run.metadata_url()}/api/v1/auth/register", json=person).status_code == 201
        assert run.end(signal.SIGHUP) == 0, "the terminal was closed"

        run.start()
        run.wait_until_it_runs()

        assert httpx.post(f"{run.metadata_url()}/api/v1/auth/login", json=person).status_code == 200

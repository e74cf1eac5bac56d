"""Both services as a person runs them: real processes on free loopback ports, with a data folder of their own.

with running_pair(tmp_path) as pair:
    httpx.post(f"{pair.core.url}/v1/process", …)
    pair.core.kill()
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from tests.support.ports import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 20


@dataclass
class ServiceProcess:
    """A service that can be started, stopped as an operator would, and killed; what it says goes to `log`."""

    package: str
    url: str
    environment: Mapping[str, str]
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """The process id; the service must be running."""
        assert self._process is not None, f"{self.package} is not running"
        return self._process.pid

    def start(self) -> None:
        """Start, and return when `/ready` says so."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start without waiting."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.package],
                cwd=self.log.parent,
                env={**clean_environment(), **self.environment},
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def wait(self) -> None:
        """Return when `/ready` says so."""
        assert self._process is not None
        wait_until_ready(self.url, self._process, self.log)

    def stop(self) -> int:
        """Ask the service to end, with SIGTERM, and return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(_STOP_SECONDS)
        self._process = None
        return status

    def kill(self) -> None:
        """End the service and its children at once, as a power cut would."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait(_STOP_SECONDS)
        self._process = None

    @property
    def is_running(self) -> bool:
        """Whether the service was started and not ended since."""
        return self._process is not None


@dataclass(frozen=True)
class Pair:
    """core_service and metadata_service, each knowing the other's address."""

    core: ServiceProcess
    metadata: ServiceProcess


@contextmanager
def running_pair(folder: Path, **environment: str) -> Iterator[Pair]:
    """Start both with everything under `folder`; `environment` adds settings; afterwards both are gone."""
    pair = new_pair(folder, **environment)
    try:
        pair.core.launch()
        pair.metadata.launch()
        pair.core.wait()
        pair.metadata.wait()
        yield pair
    finally:
        for service in (pair.metadata, pair.core):
            if service.is_running:
                service.kill()


def new_pair(folder: Path, **environment: str) -> Pair:
    """Prepare both without starting them."""
    core_port, metadata_port = free_port(), free_port()
    core = f"http://127.0.0.1:{core_port}"
    page = f"http://127.0.0.1:{metadata_port}"
    environment = {
        "CORE_PORT": str(core_port),
        "CORE_CORS_ORIGINS": page,
        "METADATA_PORT": str(metadata_port),
        "METADATA_DATA_DIR": str(folder / "data"),
        "METADATA_CORE_URL": core,
        "METADATA_CORE_PUBLIC_URL": core,
        **environment,
    }
    return Pair(
        core=ServiceProcess("core_service", core, environment, folder / "core.log"),
        metadata=ServiceProcess("metadata_service", page, environment, folder / "metadata.log"),
    )


def clean_environment() -> dict[str, str]:
    """Our own environment without anybody's settings for the services; with a `cwd` elsewhere no `.env` is read."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("CORE_", "METADATA_"))}
    return {**ours, "PYTHONPATH": str(ROOT)}


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask `/ready` until it answers 200; fail with what the process has said when it ends first or takes too long."""
    deadline = time.monotonic() + _START_SECONDS
    while not _is_ready(url):
        assert process.poll() is None, f"ended with {process.returncode}:\n{log.read_text()[-5000:]}"
        assert time.monotonic() < deadline, f"not ready after {_START_SECONDS} s:\n{log.read_text()[-5000:]}"
        time.sleep(0.05)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", trust_env=False, timeout=2).is_success
    except httpx.TransportError:
        return False

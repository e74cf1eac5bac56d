"""Workers as an operator runs them: processes of their own, to be stopped, frozen and killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.processes import clean_environment


@dataclass
class WorkerProcess:
    """`python -m metadata_service worker`, for some queues or for all; what it says goes to `log`."""

    environment: Mapping[str, str]
    log: Path
    queues: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start without waiting."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "metadata_service", "worker", *(f"--queue={name}" for name in self.queues)],
                cwd=self.log.parent,
                env=clean_environment() | self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def signal(self, number: int) -> None:
        """Send a signal to it and to whatever it started."""
        assert self._process is not None
        os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self.signal(signal.SIGKILL)
            self._process.wait(20)
            self._process = None

    def stop(self) -> int:
        """Ask it to end; return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(20)
        self._process = None
        return status

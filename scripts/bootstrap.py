"""Makes `.venv` hold exactly what requirements/dev.txt pins; run by make, with nothing but Python to start from.

Written so that Pythons too old for ImaLink can read it, because it is here that they are told so.
"""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
MINIMUM = (3, 11)


def main() -> None:
    """Make the environment, or say in one sentence why it cannot be made."""
    problem = _what_is_missing()
    if problem:
        sys.exit(problem)
    print("Preparing .venv from requirements/dev.txt …")
    _make_venv()
    _install_uv()
    _run(
        VENV / "bin" / "python",
        *("-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", VENV / "bin" / "python", REQUIREMENTS),
    )
    (VENV / ".ready").touch()


def _what_is_missing() -> str:
    if sys.version_info < MINIMUM:
        found = "{}.{}".format(*sys.version_info[:2])
        return (
            f"This is Python {found}, and ImaLink needs 3.11 or newer: "
            "install one and name it, as in `make PYTHON=python3.12 run`."
        )
    if not _has("venv") or not (_has("pip") or _has("ensurepip")):
        return (
            "Python's pip or venv module is missing: on Debian and Ubuntu, `apt-get install python3-venv python3-pip`."
        )
    return ""


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _make_venv() -> None:
    # Python's own pip can install into the environment from outside; giving it one of its own takes seconds.
    own_pip = ["--without-pip"] if _has("pip") else []
    _run(sys.executable, "-m", "venv", *own_pip, VENV)


def _install_uv() -> None:
    pins = REQUIREMENTS.read_text(encoding="utf-8")
    uv_alone = re.findall(r"^uv==.*?(?=^\S|\Z)", pins, re.MULTILINE | re.DOTALL)[0]
    python = VENV / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python] if _has("pip") else [python, "-m", "pip"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as only_uv:
        only_uv.write(uv_alone)
        only_uv.flush()
        _run(
            *pip,
            *("install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", only_uv.name),
        )


def _run(*command: object) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run([str(part) for part in command], env=environment, check=False)
    if done.returncode:
        sys.exit(f"Preparing .venv failed at: {' '.join(str(part) for part in command)}")


if __name__ == "__main__":
    main()

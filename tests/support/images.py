"""Container images without a container engine: the Dockerfile's files, packages, variables and command, in a folder.

What is left out is the isolation: the base image's system, the user, the network. What is kept is all that a service
could miss: only the files that are copied, only the packages that are pinned for it, only the variables that are set.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import compose

from tests.support.processes import ROOT

_BIN: Final = Path(sys.executable).parent
# Not the command in _BIN, which answers 0 whatever the program says.
_COMPOSE: Final = Path(compose.__file__).parent / "docker-compose"


def compose_config(*files: str, **variables: str) -> dict[str, Any]:
    """Read compose files with Docker's own code; `variables` are the environment. Raises `CalledProcessError`."""
    chosen = [part for file in files or ("docker-compose.yml",) for part in ("-f", ROOT / file)]
    done = subprocess.run(
        # An empty env file keeps the `.env` of whoever runs the tests out.
        [_COMPOSE, "--env-file", os.devnull, *chosen, "config", "--format", "json"],
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    config: dict[str, Any] = json.loads(done.stdout)
    return config


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Read a Dockerfile as (instruction, arguments), with continued lines joined and comments left out."""
    lines = [line for line in dockerfile.read_text().splitlines() if line and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, " ".join(rest.split())) for name, _, rest in (line.partition(" ") for line in joined.splitlines())]


def copies(dockerfile: Path) -> list[tuple[str, str]]:
    """What enters the image from where; what an earlier stage builds stands at the same place of the checkout."""
    steps = instructions(dockerfile)
    last_stage = max(at for at, (name, _) in enumerate(steps) if name == "FROM")
    wanted = (arguments.split() for name, arguments in steps[last_stage:] if name == "COPY")
    return [(words[-2].lstrip("/"), words[-1]) for words in wanted]


@dataclass(frozen=True)
class Image:
    """What would be in the image: its working folder, and beside it the Python environment."""

    folder: Path
    venv: Path
    environment: Mapping[str, str]
    command: Sequence[str]
    healthcheck: Sequence[str]

    @classmethod
    def build(cls, dockerfile: Path, folder: Path) -> "Image":
        """Follow `dockerfile`: copy what it copies, install what it installs."""
        steps = instructions(dockerfile)
        venv, folder = folder / "venv", folder / "app"
        folder.mkdir()
        for source, target in copies(dockerfile):
            _copy(ROOT / source, folder / target)
        subprocess.run([_BIN / "uv", "venv", "--quiet", "--python", sys.executable, venv], check=True)
        sync = ["pip", "sync", "--quiet", "--require-hashes", "--python", venv, folder / "requirements.txt"]
        subprocess.run([_BIN / "uv", *sync], check=True)
        by_name = dict(steps)
        return cls(
            folder=folder,
            venv=venv,
            environment=dict(re.findall(r"(\w+)=(\S+)", by_name["ENV"])),
            command=json.loads(by_name["CMD"]),
            healthcheck=json.loads(by_name["HEALTHCHECK"].partition("CMD ")[2]),
        )

    def start(self, command: Sequence[str], environment: Mapping[str, str], **options: Any) -> subprocess.Popen[bytes]:
        """Run a command of the image with the image's variables, overridden by `environment`, and no others."""
        return subprocess.Popen(
            [str(self.venv / "bin" / command[0]), *command[1:]],
            cwd=self.folder,
            env={"PATH": f"{self.venv / 'bin'}:/usr/bin:/bin", **self.environment, **environment},
            process_group=0,
            **options,
        )

    def run(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
        """Run a command to its end and return what it says; fail when it fails."""
        process = self.start(command, environment or {}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = process.communicate(timeout=60)[0].decode()
        assert process.returncode == 0, said
        return said


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)

"""The Makefile: it explains itself, prepares its own environment, and the documentation names only what it has."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]


def targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    return set(phony[1].split())


def test_help_is_the_default_and_explains_every_target():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    explained = dict(re.findall(r"^  make (\S+) +(\S.*)$", said, re.MULTILINE))

    assert set(explained) == targets()


def test_every_target_is_phony_or_makes_its_file():
    named = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named == targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_only_targets_that_exist(document: Path):
    named = set(re.findall(r"(?:`|^ *)make ([a-z-]+)", document.read_text(), re.MULTILINE))

    assert named <= targets()


def test_ci_calls_the_targets_that_people_use():
    called = re.findall(r"^make (.*?)(?: <.*)?$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)

    assert {target for line in called for target in line.split()} == {"check", "compose-check", "test"}


def bootstrap_where(pretence: str) -> str:
    """Run the bootstrap in a Python that was changed by `pretence`, and return what it says on leaving."""
    program = f"import runpy, sys; {pretence}; runpy.run_path('scripts/bootstrap.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip()


def test_a_python_that_is_too_old_is_told_so_in_one_sentence():
    assert bootstrap_where("sys.version_info = (3, 9, 18)") == (
        "This is Python 3.9, and ImaLink needs 3.11 or newer: "
        "install one and name it, as in `make PYTHON=python3.12 run`."
    )


@pytest.mark.parametrize("absent", ["sys.modules['venv'] = None", "sys.modules.update(pip=None, ensurepip=None)"])
def test_a_python_without_venv_or_pip_is_told_the_remedy(absent: str):
    said = bootstrap_where(absent)

    assert said.count("\n") == 0
    assert "apt-get install python3-venv python3-pip" in said


def test_the_bootstrap_can_be_read_by_old_pythons():
    compile_as = (
        "import ast, pathlib; ast.parse(pathlib.Path('scripts/bootstrap.py').read_text(), feature_version=(3, 7))"
    )

    subprocess.run([sys.executable, "-c", compile_as], cwd=ROOT, check=True)


def test_a_machine_without_python_is_told_so():
    done = subprocess.run(
        ["make", "--always-make", "PYTHON=no-such-python", ".venv/.ready"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "no-such-python is missing: install Python 3.11 or newer." in done.stderr

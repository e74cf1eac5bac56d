"""Each service stands alone: it loads without the other, and without the libraries that it must do without."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(app: str, absent: str) -> subprocess.CompletedProcess[str]:
    """Import the application in a fresh process in which the modules `absent` cannot be imported."""
    program = f"import sys; sys.modules.update(dict.fromkeys({absent.split()})); import {app}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("app", "absent"),
    [
        ("metadata_service.app", "core_service scripts PIL piexif pebble"),
        ("core_service.app", "metadata_service scripts sqlalchemy asyncpg aiosqlite httpx jwt"),
        ("service_kit.assemble", "core_service metadata_service PIL sqlalchemy httpx"),
        ("shared_schemas.photoegg", "core_service metadata_service service_kit fastapi starlette PIL sqlalchemy"),
    ],
)
def test_it_loads_without_what_it_must_not_need(app: str, absent: str):
    loaded = load(app, absent)

    assert loaded.returncode == 0, loaded.stderr

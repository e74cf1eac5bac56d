"""The OpenAPI document tells the truth, and the whole of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from core_service.app import create_app
from core_service.errors import ServiceError
from core_service.settings import Settings
from service_kit.errors import every_error
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess

DOCUMENT = create_app(Settings(_env_file=None)).openapi()
OPERATIONS = [
    pytest.param(operation, id=f"{method.upper()} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_route_says_what_it_does_and_answers(operation: dict[str, dict[str, dict[str, object]]]) -> None:
    assert operation["summary"]
    assert operation["responses"]["200"]["content"], "an answer without a described body"
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"]
            assert "`" in str(response["description"]), "a refusal without the slug of its problem"


def test_every_refusal_of_the_service_is_documented_at_some_route() -> None:
    text = str(DOCUMENT["paths"])
    ours: list[type[ServiceError]] = [error for error in every_error() if error.__module__ == "core_service.errors"]
    assert [error.slug for error in ours if f"`{error.slug}`" not in text] == []


# A schema cannot say which bytes are an image, nor that a batch tells what is wrong with it in the lines of its answer.
EXCEPTIONS = """
[checks]
positive_data_acceptance.enabled = false

[[operations]]
include-name = "POST /v1/process/batch"
checks.negative_data_rejection.enabled = false
"""


@pytest.mark.e2e
def test_no_generated_request_makes_the_service_break_its_word(tmp_path: Path) -> None:
    port = free_port()
    environment = {"CORE_PORT": str(port), "CORE_PROCESSES": "1", "CORE_LOG_LEVEL": "warning"}
    service = ServiceProcess("core_service", f"http://127.0.0.1:{port}", environment, tmp_path / "core.log")
    (tmp_path / "schemathesis.toml").write_text(EXCEPTIONS)
    service.start()
    try:
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json", "--no-color"),
                *("--max-examples", "15", "--generation-database", "none", "--seed", "2026"),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=tmp_path,
        )
    finally:
        service.kill()
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr
    assert "Traceback" not in service.log.read_text()

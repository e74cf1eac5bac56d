"""What metadata_service says of itself in OpenAPI is so, whatever is asked of it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.eggs import egg
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess

pytestmark = pytest.mark.e2e

# Doors for older clients forgive more than their schema says, and a batch tells of each bad item in its answer.
# A schema can say neither which bytes are a JPEG nor which hash fits them.
# core_service is away, and what needs it says so.
EXCEPTIONS = """
[checks]
positive_data_acceptance.enabled = false

[[operations]]
include-path-regex = "^/api/v1/(photos(/batch|/search)?|photo-searches/ad-hoc|corrections(/preview)?)$"
checks.negative_data_rejection.enabled = false

# Other versions of tus are answered 412, as its authors want it, before anything else is looked at.
[[operations]]
include-path-regex = "/resumable$"
checks.negative_data_rejection.enabled = false
checks.missing_required_header.enabled = false

[[operations]]
include-path-regex = "/register-image$"
checks.not_a_server_error.enabled = false
"""
# The stream of events does not end while an import goes on; the others would change who asks, or end the account.
# The pieces of an upload have a media type that schemathesis cannot write.
LEFT_OUT = "events$|resumable/|auth/log|auth/refresh|users/me|admin/users|^/metrics$"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    port = free_port()
    environment = {
        "METADATA_PORT": str(port),
        "METADATA_DATA_DIR": str(tmp_path / "data"),
        "METADATA_LOG_LEVEL": "warning",
        "METADATA_CORE_URL": "http://127.0.0.1:1",
        "METADATA_PENDING_PAUSE_SECONDS": "1000",
    }
    service = ServiceProcess("metadata_service", f"http://127.0.0.1:{port}", environment, tmp_path / "metadata.log")
    service.start()
    yield service
    service.kill()


def test_no_generated_request_makes_the_service_break_its_word(service: ServiceProcess, tmp_path: Path) -> None:
    token = _with_some_photos(service.url)
    (tmp_path / "schemathesis.toml").write_text(EXCEPTIONS)
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json", "--no-color"),
            *("--max-examples", "4", "--generation-database", "none", "--seed", "2026"),
            *("--exclude-path-regex", LEFT_OUT, "-H", f"Authorization: Bearer {token}"),
        ],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        cwd=tmp_path,
    )
    found = ended.stdout.partition("FAILURES")[2].partition("WARNINGS")[0] or ended.stdout
    assert ended.returncode == 0, found[:20_000] + ended.stderr
    assert "Traceback" not in service.log.read_text()


def _with_some_photos(url: str) -> str:
    person = {"username": "kari", "email": "kari@example.org", "password": "correct horse battery"}
    with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as client:
        client.get(f"{url}/openapi.json").raise_for_status()  # made once, and on a busy machine not in ten seconds
        client.post("/auth/register", json=person).raise_for_status()
        token: str = client.post("/auth/login", json=person).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for seed in range(1, 4):
            laid = egg(seed, tags=["sea"], visibility="public")
            client.post("/photos/photoegg", json=laid).raise_for_status()
    return token

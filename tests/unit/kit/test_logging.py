"""Log lines: for people in a terminal, for machines elsewhere, and never with what must stay secret."""

import json
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import structlog
from asgi_correlation_id import correlation_id
from service_kit.logging import configure_logging
configure_logging("things", "info", {style!r})
correlation_id.set("abc-123")
log = structlog.get_logger("here")
log.debug("not this")
password = "swordfish"
try:
    raise ValueError("boom")
except ValueError:
    log.exception("it broke", size=3)
import logging
logging.getLogger("uvicorn.error").warning("from the library")
"""


def _said(style: str) -> str:
    root = Path(__file__).resolve().parents[3]
    program = _PROGRAM.format(style=style)
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr


def test_for_machines_each_line_is_json_with_the_request_id_and_the_service() -> None:
    ours, theirs = (json.loads(line) for line in _said("auto").splitlines())
    assert (ours["event"], ours["level"], ours["size"], ours["logger"]) == ("it broke", "error", 3, "here")
    assert "ValueError: boom" in ours["exception"]
    assert theirs["event"] == "from the library"
    for line in (ours, theirs):
        assert (line["request_id"], line["service"]) == ("abc-123", "things")


def test_local_variables_never_reach_the_log() -> None:
    for style in ("json", "human"):
        assert "swordfish" not in _said(style)


def test_for_people_a_line_reads_as_text() -> None:
    said = _said("human")
    assert "it broke" in said
    assert not said.startswith("{")

"""The README's commands, exactly as they stand there, against both services as real processes."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.sample_photos import SHOTS, take
from tests.support.processes import ROOT, Pair, running_pair

pytestmark = pytest.mark.e2e


def commands(pair: Pair) -> str:
    """The fenced block of shell commands, with the addresses of `pair` for those of the defaults."""
    (block,) = re.findall(r"^```bash\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert "http://localhost:8001/" in block
    return block.replace("http://localhost:8001", pair.core.url).replace("http://localhost:8000", pair.metadata.url)


def documents(text: str) -> list[Any]:
    """Take apart JSON documents that were printed one after the other."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def test_every_command_of_the_walk_through_does_what_its_comment_says(tmp_path: Path):
    (tmp_path / "photo.jpg").write_bytes(take(SHOTS[0]))

    with running_pair(tmp_path) as pair:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands(pair)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (0, "")
    account, kept, seen_by_owner, seen_before, changed, seen_after = documents(done.stdout)
    assert account["username"] == "kari"
    assert kept["is_duplicate"] is False
    assert [photo["hothash"] for photo in seen_by_owner["data"]] == [kept["hothash"]]
    assert seen_before["data"] == []
    assert changed["visibility"] == "public"
    assert [photo["hothash"] for photo in seen_after["data"]] == [kept["hothash"]]
    assert (tmp_path / "hotpreview.jpg").read_bytes().startswith(b"\xff\xd8")

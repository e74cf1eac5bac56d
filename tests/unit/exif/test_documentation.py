"""docs/exif.md says what the code does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "exif.md").read_text()


def test_every_warning_is_explained_and_none_is_invented() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "core_service" / "exif").rglob("*.py"))
    given = set(re.findall(r'\.warn\(\s*"([a-z-]+)"', sources))
    chapter = PAGE.partition("## Warnings")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `([a-z-]+)` \|", chapter, re.MULTILINE)
    assert len(given) >= 10
    assert sorted(given) == sorted(explained)

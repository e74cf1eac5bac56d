"""The page about existing clients names tests that are there, and every test of theirs is named."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_HELPERS = {"test_without_core_the_whole_coldpreview_is_answered", "test_a_size_that_cannot_be_is_refused"}


def test_each_row_of_the_page_names_the_tests_that_try_it() -> None:
    page = (ROOT / "docs" / "existing-clients.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!Rows|---)(.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    named = {name for _, _, tests in rows for name in re.findall(r"`(test_\w+)`", tests)}
    sources = (
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "contract").glob("test_existing_clients*.py")
    )
    there = {name for source in sources for name in re.findall(r"^async def (test_\w+)", source, re.MULTILINE)}
    assert len(rows) >= 20
    assert all(re.search("`test_", tests) for _, _, tests in rows)
    assert named == there - _HELPERS

"""The page judges files by their names before anybody sees them: it must think of what core_service reads."""

import re

from core_service.formats import FORMATS
from metadata_service.ingest.arrival import RAW_FORMATS
from tests.support.processes import ROOT

KINDS = (ROOT / "web" / "src" / "features" / "import" / "kinds.ts").read_text()


def extensions(name: str) -> set[str]:
    found = re.search(rf"{name} = words\(\s*'([^']+)'", KINDS)
    assert found, name
    return set(found[1].split())


def test_the_page_takes_every_extension_that_core_reads_and_no_other():
    assert extensions("PICTURES") | extensions("RAWS") == {ending for known in FORMATS for ending in known.extensions}


def test_the_page_and_the_library_agree_on_what_is_raw():
    raw = {ending for known in FORMATS if known.media_type.startswith("image/x-raw") for ending in known.extensions}
    assert extensions("RAWS") == raw
    assert {known.name for known in FORMATS if known.media_type.startswith("image/x-raw")} <= RAW_FORMATS

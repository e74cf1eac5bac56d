"""The egg is a contract: a change of its shape must be seen in a diff."""

import re
from pathlib import Path

from scripts.photoegg_schema import GOLDEN, schema_text
from shared_schemas.photoegg import PhotoEgg, PhotoMetadata

DOCUMENT = Path(__file__).parents[3] / "docs" / "photoegg.md"


def test_the_golden_schema_is_the_schema_of_the_code() -> None:
    """After a change that was meant: python -m scripts.photoegg_schema."""
    assert GOLDEN.read_text() == schema_text()


def test_the_document_names_every_field() -> None:
    named = set(re.findall(r"`(?:metadata\.)?(\w+)`", DOCUMENT.read_text()))
    flat = set(PhotoMetadata.model_fields)  # told as one: "the rest of `metadata` at the top level"
    assert set(PhotoEgg.model_fields) - flat <= named

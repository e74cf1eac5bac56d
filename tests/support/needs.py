"""What a test needs from the machine: missing, it is skipped aloud on a desk and fails in CI."""

import os
from typing import NoReturn

import pytest


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the test, saying what is missing and how to get it; in CI nothing may be missing."""
    sentence = f"{what} is missing: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)

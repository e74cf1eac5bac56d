"""What tests of the page share: a browser, and a library with one of everything in it."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Browser

from scripts import build_page
from tests.support.browser import chromium
from tests.support.looking import furnish
from tests.support.processes import running_pair
from tests.support.walk import walked


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def kari(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Start both services with Kari's photos; she is signed in at `base_url`."""
    assert build_page.make() == 0
    with (
        running_pair(tmp_path_factory.mktemp("page")) as pair,
        closing(walked(pair.core.url, pair.metadata.url, every=4)) as kari,
    ):
        furnish(kari)
        yield kari

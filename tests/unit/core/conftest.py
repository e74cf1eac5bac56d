"""One running core_service for the tests of a module that change nothing in it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.core import CoreClient, running_core


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def core() -> AsyncIterator[CoreClient]:
    """A service with two decoder processes; its tests say `pytest.mark.asyncio(loop_scope="module")`."""
    async with running_core() as client:
        yield client

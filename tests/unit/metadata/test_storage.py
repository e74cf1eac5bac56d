"""One conformance suite for every blob store."""

import os
from pathlib import Path

import pytest

from metadata_service.storage import BlobMissingError, BlobStore
from metadata_service.storage.local import LocalFolder

_KEY = "coldpreviews/ab/abcdef-01.jpg"


@pytest.fixture(params=["local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return {"local": LocalFolder(tmp_path / "blobs")}[request.param]


async def test_what_was_put_is_got_back_byte_for_byte(store: BlobStore) -> None:
    data = bytes(range(256)) * 1000
    await store.put(_KEY, data)
    assert await store.get(_KEY) == data


async def test_what_is_not_there_is_missing_and_may_be_deleted_all_the_same(store: BlobStore) -> None:
    with pytest.raises(BlobMissingError):
        await store.get(_KEY)
    await store.delete(_KEY)
    await store.put(_KEY, b"x")
    await store.delete(_KEY)
    with pytest.raises(BlobMissingError):
        await store.get(_KEY)


@pytest.mark.parametrize(
    "key", ["../etc/passwd", "/etc/passwd", "a/../b.jpg", "a//b.jpg", "", "a", "A/b.jpg", "a/b.jpg\n"]
)
async def test_a_key_cannot_lead_out_of_the_store(store: BlobStore, key: str) -> None:
    for ask in (store.get(key), store.put(key, b""), store.delete(key)):
        with pytest.raises(ValueError, match="not a blob key"):
            await ask


async def test_a_local_write_that_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    store = LocalFolder(tmp_path)
    with pytest.raises(TypeError):
        await store.put(_KEY, "not bytes")  # type: ignore[arg-type]
    assert not any(name.endswith((".jpg", ".part")) for _, _, names in os.walk(tmp_path) for name in names)

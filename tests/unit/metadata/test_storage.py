"""One conformance suite for every blob store: a local folder, and a real server that speaks S3."""

import asyncio
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from metadata_service.storage import BlobMissingError, BlobStore, StoreAwayError
from metadata_service.storage.local import LocalFolder
from metadata_service.storage.s3 import Bucket
from tests.support.ports import free_port
from tests.support.seaweed import S3Server

Name = Callable[[str], str]


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "local":
        return LocalFolder(tmp_path / "blobs")
    server: S3Server = request.getfixturevalue("s3")
    return Bucket(server.address())


@pytest.fixture
def name() -> Name:
    """Keys that no other test uses, for all share one bucket."""
    folder = uuid.uuid4().hex
    return lambda rest: f"{folder}/{rest}"


async def test_what_was_put_is_got_back_byte_for_byte(store: BlobStore, name: Name) -> None:
    data = bytes(range(256)) * 1000
    await store.put(name("a.jpg"), data)
    assert await store.get(name("a.jpg")) == data
    assert await store.size(name("a.jpg")) == len(data)


async def test_what_is_not_there_is_missing_and_may_be_deleted_all_the_same(store: BlobStore, name: Name) -> None:
    key = name("a.jpg")
    with pytest.raises(BlobMissingError):
        await store.get(key)
    with pytest.raises(BlobMissingError):
        _ = [piece async for piece in store.read(key)]
    assert await store.size(key) is None
    await store.delete(key)
    await store.put(key, b"x")
    await store.delete(key)
    with pytest.raises(BlobMissingError):
        await store.get(key)


async def test_writing_again_is_as_good_as_once(store: BlobStore, name: Name) -> None:
    for _ in range(2):
        await store.put(name("a.jpg"), b"same")
    assert await store.get(name("a.jpg")) == b"same"


async def test_what_is_written_in_pieces_is_read_in_pieces(store: BlobStore, name: Name) -> None:
    pieces = [os.urandom(3_000_000) for _ in range(7)]  # more than one part of a multipart upload
    async with store.writing(name("big.cr2")) as writer:
        for piece in pieces:
            await writer.write(piece)
    read = [piece async for piece in store.read(name("big.cr2"))]
    assert len(read) > 1
    assert b"".join(read) == b"".join(pieces)


async def test_nothing_written_is_an_empty_blob(store: BlobStore, name: Name) -> None:
    async with store.writing(name("empty.jpg")):
        pass
    assert await store.get(name("empty.jpg")) == b""


@pytest.mark.parametrize("size", [10, 20_000_000])
async def test_what_fails_while_being_written_never_appears(store: BlobStore, name: Name, size: int) -> None:
    async def fail() -> None:
        async with store.writing(name("half.jpg")) as writer:
            await writer.write(bytes(size))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await store.size(name("half.jpg")) is None
    assert [blob async for blob in store.list(name(""))] == []


async def test_a_listing_names_what_lies_below_a_folder_in_order(store: BlobStore, name: Name) -> None:
    keys = [name(key) for key in ("2026/01/02/b.jpg", "2026/01/02/a.jpg", "2025/12/31/z.jpg", "2027/q.jpg")]
    for key in keys:
        await store.put(key, b"12345")
    assert [blob.key async for blob in store.list(name(""))] == sorted(keys)
    found = [blob async for blob in store.list(name("2026/01/"))]
    assert [blob.key for blob in found] == sorted(keys[:2])
    assert {blob.size for blob in found} == {5}
    assert all(blob.modified.tzinfo for blob in found)
    assert [blob async for blob in store.list(name("nothing"))] == []


@pytest.mark.parametrize(
    "key", ["../etc/passwd", "/etc/passwd", "a/../b.jpg", "a//b.jpg", "", "a", "A/b.jpg", "a/b.jpg\n"]
)
async def test_a_key_cannot_lead_out_of_the_store(store: BlobStore, key: str) -> None:
    async def write() -> None:
        async with store.writing(key):
            pass

    for ask in (store.get(key), store.put(key, b""), store.delete(key), store.size(key), write()):
        with pytest.raises(ValueError, match="not a blob key"):
            await ask


# What only a folder can get wrong


async def test_a_local_write_that_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    store = LocalFolder(tmp_path)
    with pytest.raises(TypeError):
        await store.put("a/b.jpg", "not bytes")  # type: ignore[arg-type]
    assert not any(name.endswith((".jpg", ".part")) for _, _, names in os.walk(tmp_path) for name in names)


async def test_a_folder_that_cannot_be_written_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("not a folder")
    with pytest.raises(StoreAwayError):
        await LocalFolder(tmp_path / "blobs").put("a/b.jpg", b"x")


# What only a bucket can


@pytest.fixture
def bucket(s3: S3Server) -> Bucket:
    return Bucket(s3.address())


async def test_a_presigned_address_serves_that_object_and_that_alone(bucket: Bucket, name: Name) -> None:
    await bucket.put(name("mine.jpg"), b"mine")
    await bucket.put(name("yours.jpg"), b"yours")
    address = bucket.presigned_url(name("mine.jpg"), 60)
    signature = address[-10:]
    changed = {
        "as it was signed": (address, 200),
        "another's object": (address.replace("mine.jpg", "yours.jpg"), 403),
        "a longer life": (address.replace("X-Amz-Expires=60", "X-Amz-Expires=600"), 403),
        "another signature": (address.replace(signature, "0" * len(signature)), 403),
        "no signature": (address.partition("?")[0], 403),
    }
    for case, (tried, expected) in changed.items():
        assert _asked("GET", tried).status_code == expected, case
    assert _asked("GET", address).content == b"mine"
    assert _asked("PUT", address).status_code == 403
    assert await bucket.get(name("mine.jpg")) == b"mine"


async def test_a_presigned_address_ends(bucket: Bucket, name: Name) -> None:
    await bucket.put(name("mine.jpg"), b"mine")
    address = bucket.presigned_url(name("mine.jpg"), 1)
    await asyncio.sleep(2.1)
    assert _asked("GET", address).status_code == 403


def _asked(method: str, address: str) -> httpx.Response:
    return httpx.request(method, address, content=b"evil" if method == "PUT" else None, trust_env=False)


async def test_after_some_failures_nobody_waits_for_a_store_that_is_away(s3: S3Server) -> None:
    store = Bucket(s3.address(f"http://127.0.0.1:{free_port()}"))
    for _ in range(3):
        with pytest.raises(StoreAwayError):
            await store.get("a/b.jpg")
    began = time.monotonic()
    with pytest.raises(StoreAwayError, match="a moment ago"):
        await store.get("a/b.jpg")
    assert time.monotonic() - began < 0.1

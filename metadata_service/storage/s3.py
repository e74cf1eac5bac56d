"""Blobs in a bucket that speaks S3.

The library's asynchronous calls can abort a process that ends, so its blocking ones run in threads.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import obstore
from anyio import CapacityLimiter, to_thread
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from metadata_service.circuit import Circuit
from metadata_service.storage import CHUNK, Blob, BlobMissingError, StoreAwayError, checked_key

_PIECE: Final = 8 * 1024 * 1024  # below this many bytes a blob goes in one request
_CONNECT_SECONDS: Final = 3
_ANSWER_SECONDS: Final = 30
_TRIES: Final = 2
_THREADS: Final = 16
_END: Final = object()

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where a bucket is and how we prove who we are; `public_endpoint` is where browsers find it."""

    bucket: str
    endpoint: str | None
    public_endpoint: str | None
    region: str
    access_key: str
    secret_key: str


class Bucket:
    """A `BlobStore` in one bucket."""

    def __init__(self, address: BucketAddress, *, answer_seconds: float = _ANSWER_SECONDS) -> None:
        """Prepare; nothing is opened before the first request."""
        self._store = _connect(address, address.endpoint, answer_seconds)
        public = address.public_endpoint or address.endpoint
        self._signing = self._store if public == address.endpoint else _connect(address, public, answer_seconds)
        self._circuit = Circuit()
        self._threads: CapacityLimiter | None = None

    async def put(self, key: str, data: bytes) -> None:
        """Write the object; it appears whole or not at all."""
        checked_key(key)
        await self._ask(lambda: obstore.put(self._store, key, data, attributes=_attributes(key)))

    @asynccontextmanager
    async def writing(self, key: str) -> AsyncIterator["_Object"]:
        """The same, piece by piece; an object that is not closed never appears."""
        checked_key(key)
        opened: Any = await self._ask(
            lambda: obstore.open_writer(
                self._store, key, attributes=_attributes(key), buffer_size=_PIECE, max_concurrency=2
            ),
            reaches_out=False,
        )
        yield _Object(self, opened)
        await self._ask(opened.close)

    async def get(self, key: str) -> bytes:
        """Read the object."""
        checked_key(key)
        return await self._ask(lambda: bytes(obstore.get(self._store, key).bytes()))

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Read the object in pieces."""
        checked_key(key)
        pieces = await self._ask(lambda: iter(obstore.get(self._store, key).stream(min_chunk_size=CHUNK)))
        while (piece := await self._ask(lambda: next(pieces, _END))) is not _END:
            yield bytes(piece)  # type: ignore[call-overload]  # it is no end here

    async def size(self, key: str) -> int | None:
        """Ask for the object's head."""
        checked_key(key)
        try:
            return int((await self._ask(lambda: obstore.head(self._store, key)))["size"])
        except BlobMissingError:
            return None

    async def delete(self, key: str) -> None:
        """Remove the object."""
        checked_key(key)
        try:
            await self._ask(lambda: obstore.delete(self._store, key))
        except BlobMissingError:
            return

    async def list(self, prefix: str) -> AsyncIterator[Blob]:
        """List the bucket, a thousand names a request."""
        pages = await self._ask(lambda: iter(obstore.list(self._store, prefix.strip("/") or None, chunk_size=1000)))
        while (page := await self._ask(lambda: next(pages, _END))) is not _END:
            for found in page:  # type: ignore[attr-defined]  # it is no end here
                yield Blob(found["path"], found["size"], found["last_modified"])

    def presigned_url(self, key: str, seconds: int) -> str:
        """Sign an address by ourselves; nobody is asked."""
        return str(obstore.sign(self._signing, "GET", checked_key(key), timedelta(seconds=seconds)))

    async def _ask(self, question: Callable[[], Result], *, reaches_out: bool = True) -> Result:
        if self._circuit.refuses():
            raise _away("It did not answer a moment ago.")
        if self._threads is None:
            self._threads = CapacityLimiter(_THREADS)
        try:
            answer = await to_thread.run_sync(question, limiter=self._threads)
        except (NotFoundError, FileNotFoundError) as error:
            self._circuit.succeeded()
            raise BlobMissingError(str(error).partition("\n")[0][:200]) from error
        except (BaseError, OSError) as error:
            self._circuit.failed()
            raise _away(type(error).__name__) from error
        if reaches_out:  # what goes well without the store says nothing of it
            self._circuit.succeeded()
        return answer


class _Object:
    """An object that is being written."""

    def __init__(self, bucket: Bucket, opened: Any) -> None:
        self._bucket = bucket
        self._opened = opened

    async def write(self, chunk: bytes) -> None:
        """Send the piece, when there is enough for one."""
        await self._bucket._ask(lambda: self._opened.write(chunk), reaches_out=False)  # noqa: SLF001  # one class in two


def _connect(address: BucketAddress, endpoint: str | None, answer_seconds: float) -> S3Store:
    return S3Store(
        address.bucket,
        config={
            "access_key_id": address.access_key,
            "secret_access_key": address.secret_key,
            "region": address.region,
            **({"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}),
        },
        client_options={
            "allow_http": True,
            "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
            "timeout": timedelta(seconds=answer_seconds),
        },
        retry_config={"max_retries": _TRIES, "retry_timeout": timedelta(seconds=answer_seconds)},
    )


def _attributes(key: str) -> dict[str, str]:
    """What the store tells browsers: pictures of ours are shown, originals are saved to disk."""
    if key.startswith("originals/"):
        return {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
    return {"Content-Type": "image/jpeg" if key.endswith(".jpg") else "application/octet-stream"}


def _away(why: str) -> StoreAwayError:
    return StoreAwayError(f"The object store does not answer ({why}).", headers={"Retry-After": "15"})

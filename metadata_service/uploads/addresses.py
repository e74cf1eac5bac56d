"""Addresses at which an object may be read for a while: signed by the store, or by us where it serves nobody."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Final

from metadata_service.storage import BlobStore
from metadata_service.uploads.errors import AddressRefusedError

SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes addresses and knows its own again."""

    blobs: BlobStore
    secret: str

    def of(self, key: str) -> str:
        """An address that is good for an hour."""
        presigned = self.blobs.presigned_url(key, SECONDS)
        if presigned is not None:
            return presigned
        expires = int(time.time()) + SECONDS
        return f"/api/v1/objects/{key}?expires={expires}&signature={self._signature(key, expires)}"

    def check(self, key: str, expires: int, signature: str) -> None:
        """Raise `AddressRefusedError` unless the address is one of ours and its time is not over."""
        ours = self._signature(key, expires)
        if not hmac.compare_digest(ours.encode(), signature.encode("utf-8", "replace")):
            raise AddressRefusedError("The signature does not fit this address.")
        if expires < time.time():
            raise AddressRefusedError("The time of this address is over. Ask the gallery for a new one.")

    def _signature(self, key: str, expires: int) -> str:
        # A key of its own, so that what is signed here never means anything elsewhere.
        own = hmac.digest(self.secret.encode(), b"imalink objects", hashlib.sha256)
        return hmac.new(own, f"GET\n{key}\n{expires}".encode(), hashlib.sha256).hexdigest()

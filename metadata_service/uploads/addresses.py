"""Addresses at which an object may be read for a while: signed by the store, or by us where it serves nobody."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from metadata_service.storage import BlobStore
from metadata_service.uploads.errors import AddressRefusedError

SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes addresses and knows its own again."""

    blobs: BlobStore
    secret: str

    def of(self, key: str, saved_as: str = "") -> str:
        """An address that is good for an hour; a folder's original is saved to disk as `saved_as`."""
        presigned = self.blobs.presigned_url(key, SECONDS)
        if presigned is not None:
            return presigned
        expires = int(time.time()) + SECONDS
        signed = {"expires": expires, "signature": self._signature(key, expires, saved_as)}
        named = {"saved_as": saved_as} if saved_as else {}
        return f"/api/v1/objects/{key}?{urlencode(signed | named)}"

    def check(self, key: str, expires: int, signature: str, saved_as: str = "") -> None:
        """Raise `AddressRefusedError` unless the address is one of ours and its time is not over."""
        ours = self._signature(key, expires, saved_as)
        if not hmac.compare_digest(ours.encode(), signature.encode("utf-8", "replace")):
            raise AddressRefusedError("The signature does not fit this address.")
        if expires < time.time():
            raise AddressRefusedError("The time of this address is over. Ask the gallery for a new one.")

    def _signature(self, key: str, expires: int, saved_as: str) -> str:
        # A key of its own, so that what is signed here never means anything elsewhere.
        own = hmac.digest(self.secret.encode(), b"imalink objects", hashlib.sha256)
        return hmac.new(own, f"GET\n{key}\n{expires}\n{saved_as}".encode(), hashlib.sha256).hexdigest()

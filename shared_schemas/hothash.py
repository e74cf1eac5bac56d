"""The hothash: what a photo is called everywhere."""

import hashlib
from typing import Annotated, Final

from pydantic import StringConstraints

HOTHASH_LENGTH: Final = 64

Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest as 64 lower-case hexadecimal digits."""


def hothash_of(hotpreview: bytes) -> str:
    """SHA-256 of the hotpreview's JPEG bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(hotpreview).hexdigest()

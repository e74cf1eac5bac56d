"""How a path names a photo: by id (digits) or by hothash (64 hexadecimal digits)."""

import re
from dataclasses import dataclass
from typing import Final

from metadata_service.photos.errors import PhotoNotFoundError

_ID: Final = re.compile(r"[0-9]{1,18}")
_HOTHASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """Exactly one of the two is given."""

    id: int | None = None
    hothash: str | None = None

    @classmethod
    def parse(cls, text: str) -> "PhotoRef":
        """Read a path segment; raise `PhotoNotFoundError` for what cannot name a photo."""
        if _HOTHASH.fullmatch(text):
            return cls(hothash=text)
        if _ID.fullmatch(text):
            return cls(id=int(text))
        raise PhotoNotFoundError

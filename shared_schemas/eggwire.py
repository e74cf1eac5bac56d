"""The binary form of an egg: its previews as bytes, a third smaller than base64 (docs/photoegg.md).

`EGG` and a 1; three big-endian 32-bit lengths; the egg as JSON without its two base64 fields; the hotpreview; the
coldpreview, of length 0 when there is none.
"""

import base64
import json
import struct
from typing import Final

from shared_schemas.photoegg import PhotoEgg

EGG_MEDIA_TYPE: Final = "application/vnd.imalink.photoegg"
_HEAD: Final = struct.Struct("!4sIII")
_MAGIC: Final = b"EGG\x01"
_PREVIEWS: Final = ("hotpreview_base64", "coldpreview_base64")


class NotAnEggError(ValueError):
    """The bytes are not the binary form of an egg."""


def pack_egg(egg: PhotoEgg) -> bytes:
    """Write the binary form."""
    told = egg.model_dump_json(exclude=set(_PREVIEWS)).encode()
    hot = base64.b64decode(egg.hotpreview_base64)
    cold = base64.b64decode(egg.coldpreview_base64 or "")
    return _HEAD.pack(_MAGIC, len(told), len(hot), len(cold)) + told + hot + cold


def unpack_egg(packed: bytes) -> PhotoEgg:
    """Read the binary form; raise `NotAnEggError` when it is none, pydantic's error when the egg in it is not valid."""
    if len(packed) < _HEAD.size or packed[:4] != _MAGIC:
        raise NotAnEggError("The bytes do not begin like an egg.")
    _, *lengths = _HEAD.unpack_from(packed)
    if len(packed) != _HEAD.size + sum(lengths):
        raise NotAnEggError("The egg is cut off, or something follows it.")
    parts, at = [], _HEAD.size
    for length in lengths:
        parts.append(packed[at : at + length])
        at += length
    told, *previews = parts
    fields = json.loads(told)
    for name, jpeg in zip(_PREVIEWS, previews, strict=True):
        fields[name] = base64.b64encode(jpeg).decode() or None
    return PhotoEgg.model_validate(fields)

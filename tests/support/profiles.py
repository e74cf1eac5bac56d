"""Colour profiles written from the ICC specification (ICC.1:2022): small ones, like those that cameras embed."""

import struct
from typing import Final

_D50: Final = (0.9642, 1.0, 0.8249)

# Colorants relative to D50.
_P3: Final = ((0.515102, 0.241182, -0.001050), (0.291965, 0.692236, 0.041882), (0.157153, 0.066582, 0.784058))
_ADOBE: Final = ((0.609741, 0.311111, 0.019470), (0.205276, 0.625671, 0.060867), (0.149185, 0.063217, 0.744568))
_SRGB_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def display_p3() -> bytes:
    """The profile of an iPhone's photos."""
    return _colour_profile("Display P3", _P3, _parametric(3, *_SRGB_CURVE))


def adobe_rgb() -> bytes:
    """The wide gamut that cameras offer."""
    return _colour_profile("Adobe RGB (1998)", _ADOBE, _parametric(0, 563 / 256))


def grey_gamma(gamma: float = 1.8) -> bytes:
    """A grey profile, as scanners embed."""
    return _profile(b"GRAY", "Gray Gamma", {b"wtpt": _xyz(_D50), b"kTRC": _parametric(0, gamma)})


def cmyk_press() -> bytes:
    """A printing press in a 2-point table: ink darkens, and paper is not quite white."""
    corners = [
        bytes((max(int(245 * (1 - 0.9 * k) * (1 - 0.55 * (c + m + y) / 3)), 5), 128 + 35 * (m - c), 128 + 45 * (y - c)))
        for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)
    ]  # fmt: skip
    ramp = bytes(range(256))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + b"".join(corners) + ramp * 3
    return _profile(b"CMYK", "Small Press", {b"wtpt": _xyz(_D50), b"A2B0": table}, space=b"Lab ", kind=b"prtr")


def _colour_profile(name: str, colorants: tuple[tuple[float, float, float], ...], curve: bytes) -> bytes:
    red, green, blue = map(_xyz, colorants)
    tags = {b"wtpt": _xyz(_D50), b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}
    return _profile(b"RGB ", name, tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(part * 65536) for part in value))


def _parametric(kind: int, *parameters: float) -> bytes:
    packed = struct.pack(f">{len(parameters)}i", *(round(value * 65536) for value in parameters))
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + packed


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded


def _profile(
    colours: bytes, name: str, tags: dict[bytes, bytes], *, space: bytes = b"XYZ ", kind: bytes = b"mntr"
) -> bytes:
    tags = {b"desc": _text(name), b"cprt": _text("No copyright, use freely"), **tags}
    directory, body, at = b"", b"", 132 + 12 * len(tags)
    for signature, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        directory += struct.pack(">4sII", signature, at + len(body), len(content))
        body += padded
    illuminant = _xyz(_D50)[8:]
    head = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIQI12s", at + len(body), b"\0" * 4, 0x04200000, kind, colours, space,
        struct.pack(">6H", 2024, 1, 1, 0, 0, 0), b"acsp", b"\0" * 4, 0, 0, 0, 0, 0, illuminant,
    )  # fmt: skip
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + directory + body

"""Canon's maker notes: sensitivity and focal range from its arrays of 16-bit numbers."""

from typing import Any, Final

from core_service.exif.fields import Ifd

_CAMERA_SETTINGS: Final = 0x0001
_SHOT_INFO: Final = 0x0004
_CAMERA_ISO, _MAX_FOCAL, _MIN_FOCAL, _FOCAL_UNITS = 16, 23, 24, 25
_AUTO_ISO, _BASE_ISO = 1, 2
_PLAIN_ISO_FLAG: Final = 0x4000
_NO_ISO: Final = 0x7FFF
_SIXTEEN_STOPS: Final = 16 * 32
_ISO_CODES: Final = {16: 50, 17: 100, 18: 200, 19: 400, 20: 800}


def canon_facts(ifd: Ifd) -> dict[str, Any]:
    """Return `ISO` and `Lens` (shortest and longest focal length in millimetres) where they can be worked out."""
    settings, shot = _words(ifd, _CAMERA_SETTINGS), _words(ifd, _SHOT_INFO)
    facts: dict[str, Any] = {}
    if (iso := _camera_iso(settings) or _calculated_iso(shot)) is not None:
        facts["ISO"] = iso
    if len(settings) > _FOCAL_UNITS and 0 < settings[_MIN_FOCAL] <= settings[_MAX_FOCAL]:
        units = settings[_FOCAL_UNITS] or 1
        facts["Lens"] = [settings[_MIN_FOCAL] / units, settings[_MAX_FOCAL] / units]
    return facts


def _words(ifd: Ifd, tag: int) -> list[int]:
    return [value for value in ifd.numbers(tag) if isinstance(value, int)]


def _camera_iso(settings: list[int]) -> int | None:
    """The sensitivity that was set: plainly, with a flag, or as a code; automatic ones have another code."""
    if len(settings) <= _CAMERA_ISO or settings[_CAMERA_ISO] == _NO_ISO:
        return None
    code = settings[_CAMERA_ISO]
    return code & ~_PLAIN_ISO_FLAG if code & _PLAIN_ISO_FLAG else _ISO_CODES.get(code)


def _calculated_iso(shot: list[int]) -> int | None:
    """The sensitivity that was used: both numbers are 32nds of a stop, above 100 and above 100/32."""
    if len(shot) <= _BASE_ISO or not 0 < shot[_BASE_ISO] < _SIXTEEN_STOPS or not shot[_AUTO_ISO] < _SIXTEEN_STOPS:
        return None
    return round(2 ** (shot[_AUTO_ISO] / 32) * 2 ** (shot[_BASE_ISO] / 32) * 100 / 32)

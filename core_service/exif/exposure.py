"""How the picture was exposed: time, aperture, sensitivity, focal length."""

from typing import Final

from core_service.exif.groups import Found, Groups

_ISO_OVERFLOW: Final = 65_535
"""PhotographicSensitivity is a SHORT: this value says that the true one stands in another tag (EXIF 3.0)."""

_ISO: Final = (
    "EXIF:ISO",
    "EXIF:ISOSpeed",
    "EXIF:RecommendedExposureIndex",
    "EXIF:StandardOutputSensitivity",
    "XMP:exifEX:PhotographicSensitivity",
    "XMP:exif:ISOSpeedRatings",
    "MakerNotes:ISO",
    "EXIF:ExposureIndex",
)
_HIGHEST_ISO: Final = 100_000_000


def read_exposure_time(groups: Groups) -> Found[str] | None:
    """Return the exposure time as photographers write it, and where it stands.

    ExposureTime in seconds, else ShutterSpeedValue, which is -log2 of it (APEX, EXIF 3.0 annex C).
    """
    for seconds in groups.numbers("EXIF:ExposureTime", "XMP:exif:ExposureTime"):
        if 1e-9 < seconds.value <= 1_000_000:
            return Found(format_seconds(seconds.value), seconds.path)
    for apex in groups.numbers("EXIF:ShutterSpeedValue", "XMP:exif:ShutterSpeedValue"):
        if -20 < apex.value < 30:
            return Found(format_seconds(2**-apex.value), apex.path)
    return None


def format_seconds(seconds: float) -> str:
    """Return `1/250` up to a quarter of a second, and `0.5`, `2.5`, `30` beyond."""
    if seconds < 0.25001:  # where exiftool draws the line too
        return f"1/{round(1 / seconds)}"
    return f"{seconds:.1f}".removesuffix(".0")


def read_f_number(groups: Groups) -> Found[float] | None:
    """Return the f-number: FNumber, else ApertureValue, which is 2·log2 of it (APEX)."""
    for f_number in groups.numbers("EXIF:FNumber", "XMP:exif:FNumber"):
        if 0 < f_number.value <= 1000:
            return f_number
    for apex in groups.numbers("EXIF:ApertureValue", "XMP:exif:ApertureValue"):
        if -2 < apex.value < 20:
            return Found(round(2 ** (apex.value / 2), 1), apex.path)
    return None


def read_iso(groups: Groups) -> Found[int] | None:
    """Return the sensitivity from the first tag that holds a usable one."""
    overflown: Found[int] | None = None
    for iso in groups.numbers(*_ISO):
        if iso.value == _ISO_OVERFLOW:
            overflown = overflown or Found(_ISO_OVERFLOW, iso.path)
        elif 1 <= iso.value <= _HIGHEST_ISO:
            return Found(round(iso.value), iso.path)
    return overflown


def read_focal_length(groups: Groups) -> Found[float] | None:
    """Return the focal length in millimetres; 0 is what a camera writes for a lens that does not tell."""
    lengths = groups.numbers("EXIF:FocalLength", "XMP:exif:FocalLength")
    return next((length for length in lengths if 0 < length.value <= 100_000), None)

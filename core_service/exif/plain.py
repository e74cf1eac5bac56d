"""The plain keys at the top of `exif_dict` that existing clients read, and the texts a person gave the picture."""

from typing import Any, Final

from core_service.exif.groups import Groups
from shared_schemas.photoegg import PhotoMetadata

_TITLES: Final = ("XMP:dc:title", "IPTC:ObjectName", "EXIF:XPTitle", "EXIF:ImageTitle", "Text:Title")
_DESCRIPTIONS: Final = (
    "EXIF:ImageDescription",
    "XMP:dc:description",
    "IPTC:Caption-Abstract",
    "EXIF:XPComment",
    "Text:Description",
)
_CREATORS: Final = (
    "EXIF:Artist",
    "EXIF:Photographer",
    "IPTC:By-line",
    "XMP:dc:creator",
    "EXIF:XPAuthor",
    "Text:Author",
)
_KEYWORDS: Final = ("XMP:dc:subject", "IPTC:Keywords", "EXIF:XPKeywords")
_RATINGS: Final = ("XMP:xmp:Rating", "EXIF:Rating")


def plain_keys(metadata: PhotoMetadata, groups: Groups) -> dict[str, Any]:
    """Return what is known under the flat spellings; the same thing under both of its names where there are two."""
    keys = metadata.model_dump(mode="json")
    keys["aperture"] = keys["f_number"]
    keys["shutter_speed"] = keys["exposure_time"]
    keys |= {
        "title": _first_text(groups, _TITLES),
        "description": _first_text(groups, _DESCRIPTIONS),
        "creator": _first_text(groups, _CREATORS),
        "keywords": _keywords(groups),
        "rating": _rating(groups),
    }
    return {name: value for name, value in keys.items() if value is not None}


def _rating(groups: Groups) -> int | None:
    """Return stars, 0 to 5; -1 is XMP's word for rejected."""
    for rating in groups.numbers(*_RATINGS):
        if rating.value in range(-1, 6):
            return int(rating.value)
    return None


def _first_text(groups: Groups, paths: tuple[str, ...]) -> str | None:
    for path in paths:
        value = groups.get(path)
        if isinstance(value, list):
            value = "; ".join(item for item in value if isinstance(item, str))
        if isinstance(value, str) and value:
            return value
    return None


def _keywords(groups: Groups) -> list[str] | None:
    for path in _KEYWORDS:
        value = groups.get(path)
        words = value.split(";") if isinstance(value, str) else value if isinstance(value, list) else []
        kept = [word.strip() for word in words if isinstance(word, str) and word.strip()]
        if kept:
            return list(dict.fromkeys(kept))
    return None

"""XMP sidecars: what an owner says of a photo, in words that other programs read (ISO 16684-1, Exif for XMP)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

_SPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
_HEAD: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
)
_TAIL: Final = '</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>\n'
# What XML 1.0 cannot hold in any spelling.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_LONGEST_NAME: Final = 200


def sidecar(photo: Mapping[str, Any], author: str | None) -> bytes:
    """The sidecar of a photo as it stands in a line of an export; what is not known is left out."""
    attributes = " ".join(f"{name}={_quoted(value)}" for name, value in _simple(photo) if value is not None)
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _SPACES.items())
    lists = (
        _list("dc:title", "Alt", [photo["title"]]),
        _list("dc:description", "Alt", [photo["description"]]),
        _list("dc:subject", "Bag", photo["tags"]),
        _list("dc:creator", "Seq", [author]),
    )
    body = f'<rdf:Description rdf:about="" {spaces} {attributes}>\n{"".join(lists)}'
    return f"{_HEAD}{body}{_TAIL}".encode()


def _simple(photo: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    taken_at = None if photo["taken_at"] is None else _moment(photo["taken_at"], photo["taken_at_offset"])
    yield "xmp:Rating", str(photo["rating"])
    yield "exif:DateTimeOriginal", taken_at
    yield "photoshop:DateCreated", taken_at
    yield from _place(photo)
    yield "photoshop:City", photo["city"]
    yield "photoshop:State", photo["region"]
    yield "photoshop:Country", photo["country"]
    yield "Iptc4xmpCore:CountryCode", photo["country_code"]


def _moment(taken_at: str, offset: str | None) -> str:
    """A date of XMP: seconds, their fraction where there is one, the offset where it is known."""
    return f"{taken_at.removesuffix('.000000')}{offset or ''}"


def _place(photo: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    latitude, longitude, altitude = (photo[f"gps_{name}"] for name in ("latitude", "longitude", "altitude"))
    if latitude is not None and longitude is not None:
        yield "exif:GPSLatitude", _degrees(latitude, "NS")
        yield "exif:GPSLongitude", _degrees(longitude, "EW")
    if altitude is not None:
        yield "exif:GPSAltitude", f"{round(abs(altitude) * 1000)}/1000"
        yield "exif:GPSAltitudeRef", "1" if altitude < 0 else "0"


def _degrees(value: float, letters: str) -> str:
    """`59,54.83400000N`: whole degrees and minutes to eight places, finer than any receiver."""
    minutes = round(abs(value) * 60, 8)
    return f"{int(minutes // 60)},{minutes % 60:.8f}{letters[value < 0]}"


def _list(name: str, kind: str, values: Iterable[str | None]) -> str:
    language = ' xml:lang="x-default"' if kind == "Alt" else ""
    said = "".join(f"<rdf:li{language}>{escape(_clean(value))}</rdf:li>" for value in values if value)
    return f"<{name}><rdf:{kind}>{said}</rdf:{kind}></{name}>\n" if said else ""


def _quoted(value: str) -> str:
    return quoteattr(_clean(value))


def _clean(value: str) -> str:
    return _NO_XML.sub("\ufffd", value)


def where(file: Mapping[str, Any]) -> str:
    """Where the sidecar of a file lies below the folder of sidecars: as the original lies on its owner's disk."""
    locations: Sequence[Mapping[str, Any]] = file["locations"]
    if not locations:
        return f"{clean_name(file['filename'])}.xmp"
    latest = max(locations, key=lambda location: str(location["last_seen"]))
    parts = [latest["machine"], latest["volume"], *re.split(r"[/\\]", latest["relative_path"])]
    names = [clean_name(part) for part in parts if part not in {"", ".", ".."}]
    return f"{'/'.join(names or [clean_name(file['filename'])])}.xmp"


def clean_name(part: str) -> str:
    """What every file system takes for the name of one file."""
    clean = _NO_NAME.sub("_", part).replace("/", "_").strip(". ") or "_"
    return clean.encode()[:_LONGEST_NAME].decode(errors="ignore")

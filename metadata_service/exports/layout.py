"""How an export lies in its folder: which files there are, and how its manifest says so."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import orjson

from metadata_service.exports.errors import NotAnExportError
from shared_schemas.versions import PRODUCT_VERSION

FORMAT: Final = "imalink-export"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "SHA256SUMS"
FOLDERS: Final = ("library", "previews", "exif", "sidecars", "originals")
"""All that an export keeps below its folder; what lies there and is not listed is removed."""

CHUNK: Final = 1024 * 1024
"""How many bytes are read at once."""

PHOTOS_A_FILE: Final = 200
"""Photos lie in files by their ids, so that a change rewrites one file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an export. Without `data` it is in the folder already: its name is the SHA-256 of its bytes."""

    path: str
    sha256: str
    size: int
    data: bytes | None


def entry(path: str, data: bytes) -> Entry:
    """A file with these bytes."""
    return Entry(path, hashlib.sha256(data).hexdigest(), len(data), data)


def by_hash(folder: str, sha256: str, extension: str) -> str:
    """Where bytes lie that are named by their SHA-256."""
    return f"{folder}/{sha256[:2]}/{sha256}.{extension}"


def hotpreview_path(sha256: str) -> str:
    """Where a hotpreview lies."""
    return by_hash("previews/hot", sha256, "jpg")


def coldpreview_path(sha256: str) -> str:
    """Where a coldpreview lies."""
    return by_hash("previews/cold", sha256, "jpg")


def raw_exif_path(sha256: str) -> str:
    """Where EXIF lies as it stood in a file."""
    return by_hash("exif", sha256, "bin")


def checksum_line(entry: Entry) -> bytes:
    """One line of the list that `sha256sum --check` reads."""
    return f"{entry.sha256}  {entry.path}\n".encode()


def manifest(user: dict[str, Any], counts: dict[str, int], checksums_sha256: str, exported_at: str) -> bytes:
    """The manifest: whoever has it can tell whether all the rest is there and unchanged."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "product_version": PRODUCT_VERSION,
        "exported_at": exported_at,
        "user": user,
        "counts": counts,
        "checksums": {"file": CHECKSUMS, "sha256": checksums_sha256},
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_manifest(data: bytes) -> dict[str, Any]:
    """Read a manifest; raise `NotAnExportError` for what is none that this version understands."""
    try:
        read = orjson.loads(data)
        found, version, checksums = read["format"], read["version"], read["checksums"]["sha256"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise NotAnExportError(f"{MANIFEST} is not the manifest of an export.") from error
    if found != FORMAT or not isinstance(checksums, str):
        raise NotAnExportError(f"{MANIFEST} is not the manifest of an export.")
    if version != VERSION:
        raise NotAnExportError(f"The export is of version {version}; this program reads version {VERSION}.")
    manifest: dict[str, Any] = read
    return manifest

"""exiftool as a pair of commands: write all files in one run, read all files in one run."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tests.oracle.cases import Case
from tests.support.containers import JXL_SIGNATURE, box
from tests.support.needs import missing
from tests.support.photos import encode

_FORMATS: Final = {
    "jpg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "tif": "TIFF",
    "gif": "GIF",
    "avif": "AVIF",
    "heic": "HEIF",
    "jp2": "JPEG2000",
}
_QUESTIONS: Final = """
    Make Model LensModel FocalLength# FNumber# ISO ExposureTime DateTimeOriginal CreateDate SubSecTimeOriginal
    OffsetTimeOriginal GPSLatitude# GPSLongitude# GPSAltitude# Orientation#
""".split()  # noqa: SIM905 — fifteen words read better as words
"""With `#` as a number, the others as photographers read them."""


def exiftool() -> str:
    """Return the command, or skip the test."""
    return shutil.which("exiftool") or missing("exiftool", "apt-get install libimage-exiftool-perl")


def write_all(cases: Sequence[Case], folder: Path) -> list[Path]:
    """Write every case into a file of its own and return them in the same order."""
    bases = _bases()
    paths = [folder / f"{number:03}.{case.kind}" for number, case in enumerate(cases)]
    arguments: list[str] = []
    for case, path in zip(cases, paths, strict=True):
        path.write_bytes(case.content if case.content is not None else bases[case.kind])
        if case.content is None:
            tags = [f"-{tag}={value}" for tag, value in case.tags.items()]
            arguments += ["-m", "-overwrite_original", "-charset", "iptc=utf8", f"-ExifByteOrder={case.order}"]
            arguments += [*tags, str(path), "-execute"]
    _run(arguments)
    return paths


def read_all(paths: Sequence[Path], *options: str) -> list[dict[str, Any]]:
    """Return exiftool's answers, one per file, in the same order: the questions above, or what `options` ask for."""
    asked = options or tuple(f"-{tag}" for tag in _QUESTIONS)
    rows: list[dict[str, Any]] = json.loads(_run(["-j", *asked, *map(str, paths)]))
    assert [row["SourceFile"] for row in rows] == [str(path) for path in paths]
    return rows


def _run(arguments: Sequence[str]) -> bytes:
    done = subprocess.run(
        [exiftool(), "-q", "-@", "-"], input="\n".join(arguments).encode(), capture_output=True, check=False
    )
    assert not done.stderr, done.stderr.decode()
    return done.stdout


def _bases() -> dict[str, bytes]:
    """One small picture of each kind. TIFF stands in for the RAW formats that are TIFF inside."""
    picture = Image.new("RGB", (16, 12), (200, 120, 40))
    bases = {kind: encode(picture, image_format) for kind, image_format in _FORMATS.items()}
    # A codestream that nobody decodes here; exiftool only writes into the container.
    bases["jxl"] = JXL_SIGNATURE + box(b"ftyp", b"jxl \0\0\0\0jxl ") + box(b"jxlc", b"\xff\x0a" + bytes(30))
    return bases | dict.fromkeys(("dng", "nef", "arw", "pef"), bases["tif"])

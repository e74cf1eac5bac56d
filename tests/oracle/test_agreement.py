"""We agree with exiftool, field by field, on files of every kind and oddity; where we do not, a case says why."""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from core_service.exif import ExifReading, read_exif
from tests.oracle.cases import Case
from tests.oracle.exiftool import read_all

FORMATS: Final = {"avif": "AVIF", "heic": "HEIF", "jxl": "JXL"}
FIELDS: Final = {
    "camera_make": "Make",
    "camera_model": "Model",
    "lens_model": "LensModel",
    "focal_length": "FocalLength",
    "f_number": "FNumber",
    "iso": "ISO",
    "exposure_time": "ExposureTime",
    "taken_at": "DateTimeOriginal",
    "taken_at_offset": "OffsetTimeOriginal",
    "gps_latitude": "GPSLatitude",
    "gps_longitude": "GPSLongitude",
    "gps_altitude": "GPSAltitude",
}
Answers = list[tuple[Case, ExifReading, dict[str, Any]]]


@pytest.fixture(scope="session")
def answers(written: list[tuple[Case, Path]]) -> Answers:
    """Every case with our answer and exiftool's."""
    ours = [read_exif(path.read_bytes(), FORMATS.get(case.kind, case.kind)) for case, path in written]
    cases, paths = zip(*written, strict=True)
    return [*zip(cases, ours, read_all(paths), strict=True)]


def told(reading: ExifReading, field: str) -> Any:
    """Return our answer in exiftool's form of it."""
    value = getattr(reading.metadata, field)
    if field == "taken_at" and value is not None:
        return value.strftime("%Y:%m:%d %H:%M:%S.%f").rstrip("0").rstrip(".")
    return value


def expected(field: str, row: dict[str, Any]) -> Any:
    """Return exiftool's answer; its `undef`, `inf` and empty texts are no answer."""
    value = row.get(FIELDS[field])
    if field == "taken_at":
        return _moment(row)
    if field == "taken_at_offset" and value is None:
        return _zone(row)
    if field == "iso" and isinstance(value, str):
        return int(value.partition(",")[0])
    if field == "exposure_time" or isinstance(value, str):
        return str(value).strip() or None if value is not None else None
    return value


def _moment(row: dict[str, Any]) -> str | None:
    date = row.get("DateTimeOriginal") or row.get("CreateDate")
    if date is None:
        return None
    date = date[:10].replace("-", ":") + " " + date[11:].partition("+")[0]
    date = date if date.count(":") == 4 else f"{date}:00"
    fraction = str(row.get("SubSecTimeOriginal", "")).strip()[:6].rstrip("0")
    return f"{date}.{fraction}" if fraction else date


def _zone(row: dict[str, Any]) -> str | None:
    date = str(row.get("DateTimeOriginal", ""))
    return date[-6:] if date[-6:-5] in {"+", "-"} else None


def same(ours: Any, theirs: Any) -> bool:
    """Compare; numbers to the precision that exiftool prints."""
    if isinstance(ours, int | float) and theirs is not None:
        return bool(float(theirs) == pytest.approx(ours, rel=1e-6, abs=1e-9))
    return bool(ours == theirs)


@pytest.mark.parametrize("field", FIELDS)
def test_we_agree_with_exiftool_on(field: str, answers: Answers, record_property: Any) -> None:
    counts, disagreements = Counter[str](), []
    for case, reading, row in answers:
        ours, theirs = told(reading, field), case.ours[field] if field in case.ours else expected(field, row)
        if ours is None and theirs is None:
            continue
        counts["on purpose otherwise" if field in case.ours else "compared"] += 1
        if not same(ours, theirs):
            disagreements.append(f"{case.name} ({case.kind}): we say {ours!r}, exiftool {theirs!r}")
    record_property("agreement", f"{field:16} {counts['compared'] - len(disagreements):4} of {counts['compared']:4}")
    assert counts["compared"] >= 10
    assert disagreements == []


def test_we_agree_with_exiftool_on_orientation(answers: Answers, record_property: Any) -> None:
    wrong = []
    for case, reading, row in answers:
        theirs = 1 if case.kind in FORMATS else row.get("Orientation", 1)
        if reading.orientation != case.ours.get("orientation", theirs):
            wrong.append(f"{case.name} ({case.kind}): we say {reading.orientation}, exiftool {theirs}")
    record_property("agreement", f"{'orientation':16} {len(answers) - len(wrong):4} of {len(answers):4}")
    assert wrong == []


def test_every_kind_of_file_is_among_the_cases(answers: Answers) -> None:
    counted = Counter(case.kind for case, _, _ in answers)
    assert len(answers) >= 300
    assert min(counted[kind] for kind in ("jpg", "png", "webp", "tif", "avif", "heic", "jp2", "jxl", "dng", "nef")) >= 3

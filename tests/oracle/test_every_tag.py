"""Every EXIF, GPS and IPTC tag that we tell has the name and the value that exiftool gives it."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from core_service.exif import read_exif
from core_service.exif.groups import as_number
from tests.oracle.cases import KINDS, Case
from tests.oracle.exiftool import read_all

GROUPS: Final = {"EXIF": "EXIF", "GPS": "EXIF", "IFD1": "EXIF", "IPTC": "IPTC"}
"""Our group, and what exiftool calls it."""
POINTERS: Final = frozenset({"ExifOffset", "GPSInfo", "InteropOffset", "SubIFD"})
"""Tags that only lead to other directories, which exiftool does not list."""
CONVERTED: Final = frozenset(
    {"ApertureValue", "MaxApertureValue", "ShutterSpeedValue", "GPSLatitude", "GPSLongitude", "GPSTimeStamp"}
)
"""Tags that exiftool works out (to f-numbers, seconds, degrees), and we tell as they are stored."""
_THEIR_PREFIXES: Final = {"Iptc4xmpCore": "iptcCore", "Iptc4xmpExt": "iptcExt"}
_SPOKEN: Final = ("undef", "inf")


@pytest.fixture(scope="session")
def told(written: list[tuple[Case, Path]]) -> list[tuple[Case, str, Any, Any]]:
    """Return for every tag that both know: the case, its path, our value and exiftool's."""
    # The records of a CRW are no EXIF, and only told as if they were.
    cases, paths = zip(*((case, path) for case, path in written if case.kind != "crw"), strict=True)
    rows = read_all(paths, "-n", "-G0", "-EXIF:All", "-IPTC:All")
    return [each for case, path, row in zip(cases, paths, rows, strict=True) for each in _pairs(case, path, row)]


def _pairs(case: Case, path: Path, row: dict[str, Any]) -> list[tuple[Case, str, Any, Any]]:
    exif_dict = read_exif(path.read_bytes(), case.kind).exif_dict
    ours = {
        (theirs, name): value
        for group, theirs in GROUPS.items()
        for name, value in exif_dict.get(group, {}).items()
        if name not in POINTERS
    }
    return [
        (case, f"{group}:{name}", value, row.get(f"{group}:{name}"))
        for (group, name), value in ours.items()
        if not isinstance(value, dict)
    ]


def _plain(value: Any) -> list[str]:
    """Return the parts of a value as text: exiftool parts numbers by blanks, and lists as JSON does."""
    parts = value if isinstance(value, list) else [value]
    return [part for each in parts for part in re.split(r"[ ]+", str("undef" if each is None else each).strip())]


def _same(ours: Any, theirs: Any) -> bool:
    left, right = _plain(ours), _plain(theirs)
    return len(left) == len(right) and all(_same_part(*each) for each in zip(left, right, strict=True))


def _same_part(left: str, right: str) -> bool:
    if left == right or (left in _SPOKEN and right in _SPOKEN):
        return True
    try:
        return bool(float(left) == pytest.approx(float(right), rel=1e-6))
    except ValueError:
        return False


def test_every_name_is_one_that_exiftool_knows(told: list[tuple[Case, str, Any, Any]]) -> None:
    unknown = {path for _, path, _, theirs in told if theirs is None}
    assert len({path for _, path, _, _ in told}) > 40
    assert unknown == set()


def test_every_value_is_the_one_that_exiftool_reads(
    told: list[tuple[Case, str, Any, Any]], record_property: Any
) -> None:
    compared = [each for each in told if each[1].partition(":")[2] not in CONVERTED]
    different = [each for each in compared if not _same(each[2], each[3])]
    record_property("agreement", f"{'any tag':16} {len(compared) - len(different):4} of {len(compared):4}")
    assert [f"{case.name}: {path} is {ours!r}, exiftool {theirs!r}" for case, path, ours, theirs in different] == []


def test_every_property_of_xmp_is_the_one_that_exiftool_reads(
    written: list[tuple[Case, Path]], record_property: Any
) -> None:
    with_xmp = [(case, path) for case, path in written if any(tag.startswith("XMP") for tag in case.tags)]
    rows = read_all([path for _, path in with_xmp], "-n", "-G1", "-XMP:All")
    compared, different = 0, []
    for (case, path), row in zip(with_xmp, rows, strict=True):
        for name, value in read_exif(path.read_bytes(), case.kind).exif_dict["XMP"].items():
            theirs = row.get(_their_name(name))
            if theirs is not None and "Date" not in name and "GPS" not in name:  # which exiftool writes its own way
                compared += 1
                different += [] if _same_words(value, theirs) else [f"{case.name}: {name} is {value!r}, not {theirs!r}"]
    record_property("agreement", f"{'any XMP property':16} {compared - len(different):4} of {compared:4}")
    assert compared > 100
    assert different == []


def _their_name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"XMP-{_THEIR_PREFIXES.get(prefix, prefix)}:{local[0].upper()}{local[1:]}"


def _same_words(ours: Any, theirs: Any) -> bool:
    left, right = ([str(part) for part in (each if isinstance(each, list) else [each])] for each in (ours, theirs))
    return left == right or (len(left) == len(right) == 1 and as_number(left[0]) == as_number(right[0]) is not None)


def test_every_kind_has_tags(told: list[tuple[Case, str, Any, Any]]) -> None:
    assert {case.kind for case, *_ in told} >= set(KINDS)

"""The names in our tables are those in exiftool's."""

import subprocess
import xml.etree.ElementTree as ET
from collections import defaultdict
from typing import Final

import pytest

from core_service.exif.iptc import NAMES as IPTC_NAMES
from core_service.exif.makernotes.names import NAMES as MAKER_NAMES
from core_service.exif.tags import GPS_TAGS, IMAGE_TAGS, PANASONIC_RAW_TAGS
from tests.oracle.exiftool import exiftool

OURS: Final = {
    "Exif::Main": IMAGE_TAGS,
    "GPS::Main": GPS_TAGS,
    "PanasonicRaw::Main": {tag: name for tag, name in PANASONIC_RAW_TAGS.items() if tag < 0x00FE},
    "IPTC::ApplicationRecord": {number: name for (_, number), name in IPTC_NAMES.items()},
    "Olympus::Equipment": MAKER_NAMES["OlympusEquipment"],
    **{f"{vendor}::Main": names for vendor, names in MAKER_NAMES.items() if names and vendor != "OlympusEquipment"},
}
GROUPS: Final = ("EXIF", "IPTC", "MakerNotes")
NOT_LISTED: Final = frozenset(
    {"SubIFD", "ExifOffset", "GPSInfo", "InteropOffset", "PhotoshopSettings", "ICC_Profile", "MakerNote"}
)
"""Tags that lead to structures of their own, which exiftool lists under other names or not at all."""
YOUNGER: Final = frozenset({"ContentIdentifier", "ImageCaptureRequestID", "PhotoIdentifier"}).union(
    IMAGE_TAGS[tag] for tag in range(0xA436, 0xA43D)
)
"""Names of EXIF 3.0 and of Apple that are younger than the exiftool of Debian 12."""


@pytest.fixture(scope="module")
def theirs() -> dict[str, dict[int, set[str]]]:
    """Return exiftool's names by table and number; a number may have several, by camera."""
    tables: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for group in GROUPS:
        listing = subprocess.run([exiftool(), "-listx", f"-{group}:All"], capture_output=True, check=True).stdout
        for table in ET.fromstring(listing):
            for tag in table.iter("tag"):
                if tag.attrib["id"].isdigit():
                    tables[table.attrib["name"]][int(tag.attrib["id"])].add(tag.attrib["name"])
    return tables


@pytest.mark.parametrize("table", OURS)
def test_our_names_are_those_of_exiftool(table: str, theirs: dict[str, dict[int, set[str]]]) -> None:
    wrong = {
        f"{number:#06x}": (name, theirs[table][number])
        for number, name in OURS[table].items()
        if name not in theirs[table][number] | NOT_LISTED | YOUNGER
    }
    assert wrong == {}

"""TIFF directories to groups: which directory gives which group, and what else is embedded in one."""

from dataclasses import dataclass
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import Budget
from core_service.exif.containers.photoshop import find_in_resources
from core_service.exif.containers.raw import PANASONIC_ROOT
from core_service.exif.fields import Ifd
from core_service.exif.groups import Groups
from core_service.exif.makernotes import read_canon_directory, read_maker_note
from core_service.exif.notes import Notes
from core_service.exif.tags import GPS_TAGS, IMAGE_TAGS, PANASONIC_RAW_TAGS
from core_service.exif.tiff import walk_tiff
from core_service.exif.values import json_value

_FIRST: Final = frozenset({"IFD0", PANASONIC_ROOT})
_EXIF: Final = frozenset({"IFD0", PANASONIC_ROOT, "ExifIFD", "InteropIFD"})
"""Directories whose tags all stand in the group `EXIF`; the others have a group of their own name."""
_NAMES: Final = {"GPS": GPS_TAGS, PANASONIC_ROOT: PANASONIC_RAW_TAGS}
_CANON: Final = "Canon"
_ORIENTATION, _XMP, _IPTC, _PHOTOSHOP, _MAKER_NOTE = 0x0112, 0x02BC, 0x83BB, 0x8649, 0x927C


@dataclass(frozen=True, slots=True)
class Directories:
    """All directories of one file, each with the TIFF structure that its offsets count in."""

    found: list[tuple[memoryview, Ifd]]

    @classmethod
    def walk(cls, blocks: Blocks, budget: Budget) -> "Directories":
        """Walk every TIFF structure of the file."""
        walked = [(block.view, ifd) for block in blocks.tiff for ifd in walk_tiff(block.view, budget, block.root)]
        return cls([*walked, *((memoryview(b""), ifd) for ifd in blocks.ifds)])

    @property
    def orientation(self) -> int:
        """Orientation of the first directory, 1…8; 1 when it is missing or no orientation."""
        for _, ifd in self.found:
            if ifd.name in _FIRST and _ORIENTATION in ifd.fields:
                value = next(iter(ifd.numbers(_ORIENTATION)), None)
                return int(value) if value is not None and value in range(1, 9) else 1
        return 1

    def read_into(self, groups: Groups, blocks: Blocks, budget: Budget, notes: Notes) -> None:
        """Add all tags to `groups`, and what is embedded in tags to `blocks`."""
        # Where two say the same, the Exif IFD is right: programs leave older copies in the first directory.
        for _, ifd in sorted(self.found, key=lambda each: each[1].name in _FIRST):
            if ifd.name != _CANON:
                _read(ifd, groups, budget, notes)
            if ifd.name in _FIRST:
                _find_embedded(ifd, blocks)
        for view, ifd in self.found:
            if ifd.name == _CANON:
                read_canon_directory(ifd, groups, budget, notes)
            elif (note := ifd.fields.get(_MAKER_NOTE)) is not None:
                read_maker_note(view, note, groups, budget, notes)


def _read(ifd: Ifd, groups: Groups, budget: Budget, notes: Notes) -> None:
    group = "EXIF" if ifd.name in _EXIF else ifd.name
    names = _NAMES.get(ifd.name, IMAGE_TAGS)
    for tag, field in ifd.fields.items():
        name = names.get(tag, f"0x{tag:04x}")
        groups.add(group, name, json_value(field, name, budget, notes))


def _find_embedded(ifd: Ifd, blocks: Blocks) -> None:
    """TIFF files carry XMP (XMP part 3, TIFF), IPTC and Photoshop's resources in tags of the first directory."""
    if (xmp := ifd.fields.get(_XMP)) is not None:
        blocks.add_xmp(xmp.raw)
    if (iptc := ifd.fields.get(_IPTC)) is not None:
        blocks.add_iptc(iptc.raw)
    if (resources := ifd.fields.get(_PHOTOSHOP)) is not None:
        find_in_resources(resources.raw, blocks)

"""Read all that a file says about its picture, without decoding the picture.

`read_exif` is the table of contents: find the blocks, read them into groups, derive the metadata from the groups.
"""

from dataclasses import dataclass
from typing import Any, Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import Budget
from core_service.exif.containers import find_blocks, find_in_exif_blob
from core_service.exif.directories import Directories
from core_service.exif.groups import Groups
from core_service.exif.iptc import read_iptc
from core_service.exif.metadata import derive_metadata
from core_service.exif.notes import Notes
from core_service.exif.plain import plain_keys
from core_service.exif.xmp import read_xmp
from shared_schemas.photoegg import EggWarning, PhotoMetadata

EXIF_BLOB: Final = "EXIF"
"""The `image_format` of a raw EXIF blob, which has no picture around it."""
_TURNED_BY_FORMAT: Final = frozenset({"HEIF", "HEIC", "AVIF", "JXL"})
"""Formats with a transformation of their own, which the decoder knows; that in their EXIF is but a memory."""


@dataclass(frozen=True, slots=True)
class ExifReading:
    """What `read_exif` found.

    `orientation` is EXIF's 1…8: how the pixels must be turned to be upright, as far as EXIF has a say in it. It is 1
    for formats that say so themselves (HEIF, AVIF, JPEG XL).
    `exif_dict` is JSON-safe; docs/exif.md describes it.
    """

    metadata: PhotoMetadata
    exif_dict: dict[str, Any]
    orientation: int
    warnings: list[EggWarning]


def read_exif(data: bytes | memoryview, image_format: str) -> ExifReading:
    """Read the metadata of a whole file, or of a raw EXIF blob (`image_format` "EXIF"). Never raises for any bytes."""
    view, budget, notes = memoryview(data).cast("B"), Budget(), Notes()
    blocks = find_in_exif_blob(view) if image_format == EXIF_BLOB else find_blocks(view)
    directories = Directories.walk(blocks, budget)
    groups = _read_groups(directories, blocks, budget, notes)
    metadata, sources = derive_metadata(groups, notes)
    exif_dict = plain_keys(metadata, groups) | ({"sources": sources} if sources else {}) | groups.by_name
    orientation = 1 if image_format in _TURNED_BY_FORMAT else directories.orientation
    return ExifReading(metadata, exif_dict, orientation, list(notes.by_code.values()))


def _read_groups(directories: Directories, blocks: Blocks, budget: Budget, notes: Notes) -> Groups:
    groups = Groups()
    directories.read_into(groups, blocks, budget, notes)
    for packet in blocks.xmp:
        read_xmp(packet, groups, budget, notes)
    for stream in blocks.iptc:
        read_iptc(stream, groups, budget, notes)
    for keyword, text in blocks.texts.items():
        if budget.pay_output(len(text)):
            groups.add("Text", keyword, text)
    return groups

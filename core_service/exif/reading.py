"""Read all that a file says about its picture, without decoding the picture.

`read_exif` is the table of contents: find the blocks, read them into groups, derive the metadata from the groups.
"""

from dataclasses import dataclass
from typing import Any, Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import Budget
from core_service.exif.containers import find_blocks, find_in_exif_blob
from core_service.exif.containers.photoshop import IPTC_RESOURCE, image_resources
from core_service.exif.containers.raw import PANASONIC_ROOT
from core_service.exif.groups import Groups
from core_service.exif.iptc import read_iptc
from core_service.exif.metadata import derive_metadata
from core_service.exif.notes import Notes
from core_service.exif.plain import plain_keys
from core_service.exif.tags import GPS_TAGS, IMAGE_TAGS, PANASONIC_RAW_TAGS
from core_service.exif.tiff import Ifd, walk_tiff
from core_service.exif.values import json_value
from core_service.exif.xmp import read_xmp
from shared_schemas.photoegg import EggWarning, PhotoMetadata

_MAIN: Final = frozenset({"IFD0", PANASONIC_ROOT})
_GROUPS: Final = {"ExifIFD": "EXIF", "InteropIFD": "EXIF", "IFD0": "EXIF", PANASONIC_ROOT: "EXIF"}
_NAMES: Final = {"GPS": GPS_TAGS, PANASONIC_ROOT: PANASONIC_RAW_TAGS}
_TURNED_BY_DECODER: Final = frozenset({"HEIF", "HEIC", "AVIF", "JXL"})
"""Formats whose own transformation is applied when they are decoded; their EXIF orientation is only a memory."""
_ORIENTATION, _XMP, _IPTC, _PHOTOSHOP = 0x0112, 0x02BC, 0x83BB, 0x8649


@dataclass(frozen=True)
class ExifReading:
    """What `read_exif` found.

    `orientation` is EXIF's 1…8: how the decoded pixels must be turned to be upright, 1 when they already are.
    `exif_dict` is JSON-safe; docs/exif.md describes it.
    """

    metadata: PhotoMetadata
    exif_dict: dict[str, Any]
    orientation: int
    warnings: list[EggWarning]


def read_exif(data: bytes | memoryview, image_format: str) -> ExifReading:
    """Read the metadata of a whole file, or of a raw EXIF blob (`image_format` "EXIF"). Never raises for any bytes."""
    view, budget, notes = memoryview(data).cast("B"), Budget(), Notes()
    blocks = find_in_exif_blob(view) if image_format == "EXIF" else find_blocks(view)
    ifds = [ifd for block in blocks.tiff for ifd in walk_tiff(block.view, budget, block.root)]
    groups = _read_groups(blocks, ifds, budget, notes)
    metadata, sources = derive_metadata(groups, notes)
    exif_dict = plain_keys(metadata, groups) | ({"sources": sources} if sources else {}) | groups.by_name
    orientation = 1 if image_format in _TURNED_BY_DECODER else _orientation(ifds)
    return ExifReading(metadata, exif_dict, orientation, list(notes.by_code.values()))


def _read_groups(blocks: Blocks, ifds: list[Ifd], budget: Budget, notes: Notes) -> Groups:
    groups = Groups()
    for ifd in sorted(ifds, key=lambda each: each.name in _MAIN):  # where two say the same, the Exif IFD is right
        names = _NAMES.get(ifd.name, IMAGE_TAGS)
        for tag, field in ifd.fields.items():
            name = names.get(tag, f"0x{tag:04x}")
            groups.add(_GROUPS.get(ifd.name, ifd.name), name, json_value(field, name, budget, notes))
        _find_embedded(ifd, blocks)
    for packet in blocks.xmp:
        read_xmp(packet, groups, budget, notes)
    for stream in blocks.iptc:
        read_iptc(stream, groups, budget, notes)
    for keyword, text in blocks.texts.items():
        if budget.pay_output(len(text)):
            groups.add("Text", keyword, text)
    return groups


def _find_embedded(ifd: Ifd, blocks: Blocks) -> None:
    """TIFF files carry XMP (XMP part 3, 1.1.4), IPTC and Photoshop's resources in tags of the first directory."""
    if ifd.name not in _MAIN:
        return
    if (xmp := ifd.fields.get(_XMP)) is not None:
        blocks.add_xmp(xmp.raw)
    if (iptc := ifd.fields.get(_IPTC)) is not None:
        blocks.add_iptc(iptc.raw)
    if (resources := ifd.fields.get(_PHOTOSHOP)) is not None:
        for number, content in image_resources(resources.raw):
            if number == IPTC_RESOURCE:
                blocks.add_iptc(content)


def _orientation(ifds: list[Ifd]) -> int:
    """Return EXIF orientation of the first directory, 1 when it is missing or no orientation."""
    for ifd in ifds:
        if ifd.name in _MAIN and (field := ifd.fields.get(_ORIENTATION)) is not None:
            value = next(iter(field.numbers()), None)
            return int(value) if value is not None and value in range(1, 9) else 1
    return 1

"""Read a maker note into the group `MakerNotes`."""

from typing import Any, Final

from core_service.exif.bounds import Budget
from core_service.exif.fields import Field, Ifd
from core_service.exif.groups import Groups
from core_service.exif.makernotes.canon import canon_facts
from core_service.exif.makernotes.coded_iso import casio_facts, pentax_facts
from core_service.exif.makernotes.headers import Directory, find_directory
from core_service.exif.makernotes.names import NAMES
from core_service.exif.makernotes.nikon import nikon_facts
from core_service.exif.makernotes.sony import sony_facts
from core_service.exif.notes import Notes
from core_service.exif.tiff import read_ifd
from core_service.exif.values import json_value

_FACTS: Final = {
    "Canon": canon_facts,
    "Nikon": nikon_facts,
    "Sony": sony_facts,
    "Pentax": pentax_facts,
    "Casio": casio_facts,
    "Casio2": casio_facts,
}
"""What has to be worked out from a vendor's tags beyond reading them."""
_OLYMPUS_EQUIPMENT: Final = 0x2010


def read_maker_note(view: memoryview, note: Field, groups: Groups, budget: Budget, notes: Notes) -> None:
    """Read the maker note `note` of the TIFF structure `view`; one of an unknown vendor adds nothing."""
    make = groups.get("EXIF:Make")
    directory = find_directory(view, note.offset, make if isinstance(make, str) else "", note.order)
    if directory is None or not budget.pay_ifd():
        return
    ifd = read_ifd(directory.view, directory.offset, directory.order, budget, directory.vendor)
    _add(ifd, groups, budget, notes)
    if directory.vendor == "Olympus":
        _read_equipment(directory, ifd, groups, budget, notes)


def read_canon_directory(ifd: Ifd, groups: Groups, budget: Budget, notes: Notes) -> None:
    """Add Canon's directory where it was found without a note around it, as in CR3 files."""
    _add(Ifd("Canon", ifd.order, ifd.fields), groups, budget, notes)


def _add(ifd: Ifd, groups: Groups, budget: Budget, notes: Notes) -> None:
    for tag, name in NAMES[ifd.name].items():
        if (field := ifd.fields.get(tag)) is not None:
            groups.add("MakerNotes", name, json_value(field, name, budget, notes))
    facts: dict[str, Any] = _FACTS[ifd.name](ifd) if ifd.name in _FACTS else {}
    for name, value in facts.items():
        groups.add("MakerNotes", name, value)


def _read_equipment(directory: Directory, ifd: Ifd, groups: Groups, budget: Budget, notes: Notes) -> None:
    """Newer Olympus bodies keep body and lens in a directory of their own: a pointer, or in place in older ones."""
    equipment = ifd.fields.get(_OLYMPUS_EQUIPMENT)
    if equipment is None or not budget.pay_ifd():
        return
    pointer = next(iter(ifd.numbers(_OLYMPUS_EQUIPMENT)), None)
    offset = pointer if isinstance(pointer, int) else equipment.offset
    _add(read_ifd(directory.view, offset, directory.order, budget, "OlympusEquipment"), groups, budget, notes)

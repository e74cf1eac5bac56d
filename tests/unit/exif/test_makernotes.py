"""Maker notes of every vendor that we read, as their cameras lay them out."""

import struct

import pytest

from core_service.exif import read_exif
from tests.support.makernotes import NOTES, OLYMPUS, olympus, photo, place_of_note
from tests.support.tiff import pack_directory, text, undefined


@pytest.mark.parametrize("name", NOTES)
def test_the_maker_note_is_read_of(name: str) -> None:
    structure, expected = NOTES[name]
    assert read_exif(structure, "EXIF").exif_dict.get("MakerNotes", {}) == expected


def test_an_older_olympus_keeps_its_equipment_in_place() -> None:
    directory = pack_directory({0x0203: text("OLYMPUS 14-54mm F2.8")}, len(OLYMPUS) + 18)
    structure = olympus(undefined(directory))
    assert read_exif(structure, "EXIF").metadata.lens_model == "OLYMPUS 14-54mm F2.8"


def test_a_note_that_was_left_in_the_other_byte_order_is_read() -> None:
    note = pack_directory({0x0095: text("EF35mm f/2")}, place_of_note("Canon"), "<")
    assert read_exif(photo("Canon", note, ">"), "EXIF").metadata.lens_model == "EF35mm f/2"


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"Nikon\0\2\x11\0\0not TIFF",
        b"Nikon\0\2",
        b"FUJIFILM",
        b"FUJIFILM\xff\xff\xff\xff",
        b"OLYMPUS\0",
        OLYMPUS + struct.pack("<HHHII", 1, 0x2010, 13, 1, 0xFFFFFFFF),
        b"PENTAX \0",
        b"\xff" * 40,
    ],
)
@pytest.mark.parametrize("make", ["Canon", "NIKON", "SONY", "CASIO", ""])
def test_a_broken_note_adds_nothing(make: str, note: bytes) -> None:
    reading = read_exif(photo(make, note.ljust(5, b"\0")), "EXIF")
    assert "MakerNotes" not in reading.exif_dict

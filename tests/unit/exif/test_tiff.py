"""The walk over the directories of a TIFF structure: every type, both byte orders, and every way to be wrong."""

import struct
from typing import Any

import pytest

from core_service.exif.bounds import MAX_IFDS, MAX_NUMBERS, MAX_TAGS, Budget
from core_service.exif.fields import Field, Ifd
from core_service.exif.tiff import read_ifd, walk_tiff
from tests.support.tiff import (
    MAKE,
    MODEL,
    Value,
    byte,
    double,
    long,
    pack_directory,
    rational,
    short,
    signed_rational,
    signed_short,
    text,
    tiff,
    undefined,
)


def walk(structure: bytes, budget: Budget | None = None) -> list[Ifd]:
    return walk_tiff(memoryview(structure), budget or Budget())


def only_field(structure: bytes) -> Field:
    ((field,),) = [ifd.fields.values() for ifd in walk(structure)]
    return field


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (byte(1, 2), [1, 2]),
        (short(65_535), [65_535]),
        (long(4_294_967_295), [4_294_967_295]),
        (rational((1, 250)), [0.004]),
        (rational((500, 10), (0, 1)), [50, 0]),
        (rational((1, 0), (0, 0)), [None, None]),
        (signed_rational((-7, 2)), [-3.5]),
        (signed_rational((7, -2)), [-3.5]),
        (signed_rational((-1, 0)), [None]),
        (signed_short(-1), [-1]),
        (Value(6, 1, "b", (-1,)), [-1]),
        (Value(9, 1, "i", (-2,)), [-2]),
        (Value(11, 1, "f", (0.5,)), [0.5]),
        (double(0.1, float("nan"), float("inf"), float("-inf")), [0.1, None, None, None]),
        (Value(13, 1, "I", (99,)), [99]),
        (Value(16, 3, "QQQ", (7, 2**63 - 1, 2**63)), [7, 2**63 - 1, None]),
        (double(1e18, 1e19, -1e300), [1e18, None, None]),
        (Value(17, 1, "q", (-7,)), [-7]),
        (text("Canon"), []),
        (undefined(b"0232"), []),
    ],
)
def test_every_type_is_read_in_both_byte_orders(order: str, value: Value, numbers: list[Any]) -> None:
    assert only_field(tiff({MAKE: value}, order=order)).numbers() == numbers


def test_only_so_many_numbers_of_a_field_are_listed() -> None:
    field = only_field(tiff({MAKE: short(*range(MAX_NUMBERS + 10))}))
    assert field.count == MAX_NUMBERS + 10
    assert field.numbers() == [*range(MAX_NUMBERS)]


def test_every_directory_has_its_name() -> None:
    structure = tiff({MAKE: text("A")}, exif={MODEL: text("B")}, gps={1: text("N")}, ifd1={MAKE: text("C")})
    assert [ifd.name for ifd in walk(structure)] == ["IFD0", "ExifIFD", "GPS", "IFD1"]


def test_the_interoperability_directory_is_found() -> None:
    inner = pack_directory({1: text("R98")}, 100)
    outer = (b"II*\0\x08\0\0\0" + pack_directory({0xA005: long(100)}, 8)).ljust(100, b"\0")
    assert [ifd.name for ifd in walk(outer + inner)] == ["IFD0", "InteropIFD"]


def test_the_pages_of_a_document_are_numbered() -> None:
    first = pack_directory({MAKE: text("1")}, 8, next_ifd=40)
    second = pack_directory({MAKE: text("2")}, 40, next_ifd=80)
    third = pack_directory({MAKE: text("3")}, 80)
    structure = (b"II*\0\x08\0\0\0" + first).ljust(40, b"\0") + second
    assert [ifd.name for ifd in walk(structure.ljust(80, b"\0") + third)] == ["IFD0", "IFD1", "IFD2"]


def test_sub_directories_are_numbered() -> None:
    directory = pack_directory({MAKE: text("x")}, 100) + bytes(20)
    again = pack_directory({MAKE: text("y")}, 100 + len(directory))
    first = pack_directory({0x014A: long(100, 100 + len(directory))}, 8)
    structure = (b"II*\0\x08\0\0\0" + first).ljust(100, b"\0") + directory + again
    assert [ifd.name for ifd in walk(structure)] == ["IFD0", "SubIFD", "SubIFD1"]


@pytest.mark.parametrize("magic", [42, 0x0055, 0x4F52, 0x5352])
def test_the_magic_numbers_of_raw_files_are_known(magic: int) -> None:
    assert len(walk(tiff({MAKE: text("A")}, magic=magic))) == 1


@pytest.mark.parametrize("structure", [b"", b"II", b"II*\0", b"XX*\0\x08\0\0\0", tiff({MAKE: short(1)}, magic=41)])
def test_what_is_no_tiff_has_no_directories_or_empty_ones(structure: bytes) -> None:
    assert [ifd.fields for ifd in walk(structure) if ifd.fields] == []


def test_big_tiff_is_read() -> None:
    entry = struct.pack("<HHQQ", MAKE, 2, 12, 52)
    structure = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) + struct.pack("<Q", 1) + entry + struct.pack("<Q", 0)
    assert bytes(only_field(structure + b"Canon EOS R\0").raw) == b"Canon EOS R\0"


@pytest.mark.parametrize(
    "wrong",
    [
        Value(2, 4_294_967_295, "4s", (b"\x08\0\0\0",)),  # a count beyond the file
        Value(2, 100, "I", (0xFFFFFFF0,)),  # an offset beyond the file
        Value(12, 0x2000_0001, "I", (8,)),  # a size that a 32-bit product would make small
        Value(0, 1, "I", (1,)),  # no type
        Value(99, 1, "I", (1,)),  # a type of the future
        Value(3, 0, "I", (1,)),  # nothing in it
    ],
)
def test_a_wrong_entry_costs_itself_and_not_its_neighbours(wrong: Value) -> None:
    (ifd,) = walk(tiff({MAKE: wrong, MODEL: short(7)}))
    assert [*ifd.fields] == [MODEL]


def test_a_directory_that_is_cut_off_gives_what_is_left() -> None:
    structure = tiff({MAKE: short(1), MODEL: short(2), 0x0112: short(6)})
    (ifd,) = walk(structure[: 8 + 2 + 2 * 12 + 5])
    assert [*ifd.fields] == [MAKE, MODEL]


def test_directories_that_lead_back_are_read_once() -> None:
    loop = b"II*\0\x08\0\0\0" + pack_directory({0x8769: long(8), 0x014A: long(8, 8, 8)}, 8, next_ifd=8)
    assert [ifd.name for ifd in walk(loop)] == ["IFD0"]


def test_only_so_many_directories_are_followed() -> None:
    directories = b"".join(pack_directory({MAKE: short(1)}, at, next_ifd=at + 18) for at in range(8, 8 + 18 * 500, 18))
    assert len(walk(b"II*\0\x08\0\0\0" + directories)) == MAX_IFDS


def test_only_so_many_tags_are_kept_of_one_file() -> None:
    pages, at = b"", 8
    for _ in range(6):
        page = pack_directory(dict.fromkeys(range(1, 1001), short(1)), at, next_ifd=at + 12_006)
        pages, at = pages + page, at + 12_006
    assert sum(len(ifd.fields) for ifd in walk(b"II*\0\x08\0\0\0" + pages)) == MAX_TAGS


def test_an_offset_before_the_start_or_beyond_the_end_is_an_empty_directory() -> None:
    view = memoryview(tiff({MAKE: short(1)}))
    for offset in (0, -5, len(view), 2**40):
        assert read_ifd(view, offset, "little", Budget(), "x").fields == {}

"""IPTC datasets: names, lists, dates, character sets, and what is broken."""

import struct
from typing import Any

import pytest

from core_service.exif.bounds import Budget
from core_service.exif.groups import Groups
from core_service.exif.iptc import read_iptc
from core_service.exif.notes import Notes

UTF8 = (1, 90, b"\x1b%G")


def stream(*datasets: tuple[int, int, bytes]) -> bytes:
    return b"".join(struct.pack(">BBBH", 0x1C, record, number, len(raw)) + raw for record, number, raw in datasets)


def read(raw: bytes) -> tuple[dict[str, Any], set[str]]:
    groups, notes = Groups(), Notes()
    read_iptc(raw, groups, Budget(), notes)
    return groups.by_name.get("IPTC", {}), set(notes.by_code)


def test_datasets_are_named_and_those_that_repeat_are_lists() -> None:
    raw = stream((2, 5, b"Fjord"), (2, 25, b"sea"), (2, 25, b"boat"), (2, 80, b"Kari"), (2, 90, b"Oslo"))
    expected = {"ObjectName": "Fjord", "Keywords": ["sea", "boat"], "By-line": ["Kari"], "City": "Oslo"}
    assert read(raw) == (expected, set())


@pytest.mark.parametrize(
    ("number", "raw", "name", "text"),
    [
        (55, b"19870605", "DateCreated", "1987:06:05"),
        (55, b"1987", "DateCreated", "1987"),
        (60, b"040302+0100", "TimeCreated", "04:03:02+01:00"),
        (60, b"040302", "TimeCreated", "04:03:02"),
        (63, b"noon", "DigitalCreationTime", "noon"),
        (38, b"040302-0930", "ExpirationTime", "04:03:02-09:30"),
    ],
)
def test_dates_and_times_are_punctuated(number: int, raw: bytes, name: str, text: str) -> None:
    assert read(stream((2, number, raw)))[0] == {name: text}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (stream(UTF8, (2, 90, "Tromsø".encode())), "Tromsø"),
        (stream((2, 90, "Tromsø".encode())), "Tromsø"),
        (stream((2, 90, "Tromsø".encode("latin-1"))), "Tromsø"),
        (stream((2, 90, b"Oslo\0\0")), "Oslo"),
        (stream(UTF8, (2, 90, "Tromsø".encode() + b"\xff")), "Tromsø"),
        (stream(UTF8, (2, 90, b"Os\0lo\0")), "Oslo"),
    ],
)
def test_text_is_read_in_the_stated_or_a_likely_character_set(raw: bytes, text: str) -> None:
    assert read(raw)[0] == {"City": text}


def test_text_of_an_unknown_character_set_is_told_as_length_and_digest() -> None:
    found, warnings = read(stream((2, 90, "東京都".encode("shift_jis"))))
    assert found["City"]["bytes"] == 6
    assert warnings == {"text-unreadable"}


def test_an_extended_dataset_is_read() -> None:
    raw = b"\x1c\x02\x78\x80\x04\x00\x00\x00\x05hello" + stream((2, 90, b"Oslo"))
    assert read(raw)[0] == {"Caption-Abstract": "hello", "City": "Oslo"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x1c",
        b"\x1c\x02\x5a",
        b"\x1d\x02\x5a\x00\x01x",
        stream((9, 90, b"x")),
        b"\x1c\x02\x5a\xff\xff" + b"x" * 4,
    ],
)
def test_what_is_broken_or_unknown_adds_nothing(raw: bytes) -> None:
    assert read(raw) == ({}, set())


def test_a_dataset_that_is_cut_off_gives_what_is_left() -> None:
    assert read(stream((2, 5, b"Fjord"), (2, 90, b"Oslo"))[:-2])[0] == {"ObjectName": "Fjord", "City": "Os"}

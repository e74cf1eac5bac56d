"""Maker notes made by hand, as the cameras of each vendor lay them out.

`NOTES` holds one of each kind: a TIFF structure with the note in it, and the tags that should be read of it.
"""

from typing import Any

from tests.support.tiff import (
    MAKE,
    MAKER_NOTE,
    Value,
    byte,
    long,
    pack_directory,
    rational,
    short,
    text,
    tiff,
    undefined,
)

Directory = dict[int, Value]


def photo(make: str, note: bytes, order: str = "<") -> bytes:
    return tiff({MAKE: text(make)}, exif={MAKER_NOTE: undefined(note)}, order=order)


def place_of_note(make: str) -> int:
    """Return where the note begins in the structure that `photo` makes."""
    return photo(make, b"note" * 8).index(b"note")


def in_tiff(make: str, head: bytes, directory: Directory, order: str = "<") -> bytes:
    """A note whose offsets count from the start of the TIFF structure."""
    return photo(make, head + pack_directory(directory, place_of_note(make) + len(head), order), order)


def on_its_own(make: str, head: bytes, directory: Directory, order: str = "<") -> bytes:
    """A note whose offsets count from its own start."""
    return photo(make, head + pack_directory(directory, len(head), order))


def settings(**changed: int) -> Value:
    """Canon's array of camera settings."""
    words = [0] * 40
    for index, value in {"i16": 0x7FFF, "i23": 55, "i24": 18, "i25": 1, **changed}.items():
        words[int(index[1:])] = value
    words[0] = 2 * len(words)
    return short(*words)


def nikon(directory: Directory, order: str = "<") -> bytes:
    return photo("NIKON CORPORATION", b"Nikon\0\2\x11\0\0" + tiff(directory, order=order))


FUJI = b"FUJIFILM\x0c\0\0\0"
OLYMPUS = b"OLYMPUS\0II\3\0"
EQUIPMENT = {0x0203: text("OLYMPUS M.12-40mm F2.8"), 0x0101: text("ABC")}


def olympus(equipment: Value) -> bytes:
    main = pack_directory({0x2010: equipment}, len(OLYMPUS))
    return photo("OLYMPUS", OLYMPUS + main + pack_directory(EQUIPMENT, len(OLYMPUS + main)))


NOTES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "Canon": (in_tiff("Canon", b"", {0x0095: text("EF24-70mm f/2.8L II USM"), 0x000C: long(7)}),
              {"LensModel": "EF24-70mm f/2.8L II USM", "SerialNumber": 7}),
    "Canon, big-endian": (in_tiff("Canon", b"", {0x0095: text("EF50mm f/1.8 STM")}, ">"),
                          {"LensModel": "EF50mm f/1.8 STM"}),
    "Canon, focal range": (in_tiff("Canon", b"", {0x0001: settings()}), {"Lens": [18, 55]}),
    "Canon, focal units": (in_tiff("Canon", b"", {0x0001: settings(i23=5800, i24=580, i25=100)}), {"Lens": [5.8, 58]}),
    "Canon, plain ISO": (in_tiff("Canon", b"", {0x0001: settings(i16=0x4000 | 125, i24=0)}), {"ISO": 125}),
    "Canon, calculated ISO": (in_tiff("Canon", b"", {0x0001: settings(i16=15, i24=0), 0x0004: short(6, 0, 160)}),
                              {"ISO": 100}),
    "Canon, automatic ISO": (in_tiff("Canon", b"", {0x0001: settings(i16=15, i24=0), 0x0004: short(6, 32, 160)}),
                             {"ISO": 200}),
    "Canon, absurd ISO": (in_tiff("Canon", b"", {0x0001: settings(i16=15, i24=0), 0x0004: short(6, 1024, 1000)}), {}),
    "Nikon": (nikon({0x0083: byte(14), 0x0084: rational((18, 1), (55, 1), (7, 2), (56, 10))}),
              {"LensType": 14, "Lens": [18, 55, 3.5, 5.6], "LensSpec": "18-55mm f/3.5-5.6 G VR"}),
    "Nikon without VR": (nikon({0x0083: byte(2), 0x0084: rational((50, 1), (50, 1), (14, 10), (14, 10))}),
                         {"LensType": 2, "Lens": [50, 50, 1.4, 1.4], "LensSpec": "50mm f/1.4 D"}),
    "Nikon of an electromagnetic aperture": (
        nikon({0x0083: byte(0x4E), 0x0084: rational((24, 1), (70, 1), (28, 10), (28, 10))}),
        {"LensType": 78, "Lens": [24, 70, 2.8, 2.8], "LensSpec": "24-70mm f/2.8 E VR"}),
    "Nikon, big-endian inside": (nikon({0x0002: short(0, 200)}, ">"), {"ISO": 200}),
    "Nikon without a head": (in_tiff("NIKON", b"", {0x0002: short(0, 400)}), {"ISO": 400}),
    "Olympus": (olympus(long(len(OLYMPUS) + 18)), {"LensModel": "OLYMPUS M.12-40mm F2.8", "SerialNumber": "ABC"}),
    "Olympus, older": (in_tiff("OLYMPUS", b"OLYMP\0\1\0", {0x0207: text("C2500L")}), {"CameraType": "C2500L"}),
    "OM System": (on_its_own("OM Digital Solutions", b"OM SYSTEM\0\0\0II\4\0", {0x0207: text("S0101")}),
                  {"CameraType": "S0101"}),
    "Panasonic": (in_tiff("Panasonic", b"Panasonic\0\0\0", {0x0051: text("LUMIX G 20/F1.7")}),
                  {"LensType": "LUMIX G 20/F1.7"}),
    "Leica": (in_tiff("LEICA", b"LEICA\0\0\0", {0x0051: text("SUMMILUX 25")}), {"LensType": "SUMMILUX 25"}),
    "Fujifilm": (on_its_own("FUJIFILM", FUJI, {0x1404: rational((18, 1)), 0x1405: rational((55, 1))}),
                 {"MinFocalLength": 18, "MaxFocalLength": 55}),
    "Sony": (in_tiff("SONY", b"SONY DSC \0\0\0", {0xB02A: byte(0, 0x00, 0x18, 0x00, 0x70, 0x35, 0x56, 0)}),
             {"LensSpec": [0, 0, 24, 0, 112, 53, 86, 0], "Lens": [18, 70, 3.5, 5.6]}),
    "Sony, prime": (in_tiff("SONY", b"SONY DSC \0\0\0", {0xB02A: byte(0, 0x00, 0x50, 0x00, 0x00, 0x14, 0x14, 0)}),
                    {"LensSpec": [0, 0, 80, 0, 0, 20, 20, 0], "Lens": [50, 50, 1.4, 1.4]}),
    "Sony, a lens that does not tell": (in_tiff("SONY", b"SONY DSC \0\0\0", {0xB02A: byte(0, 0, 1, 0, 0, 0, 64, 0)}),
                                        {"LensSpec": [0, 0, 1, 0, 0, 0, 64, 0]}),
    "Asahi": (in_tiff("Asahi Optical Co.,Ltd", b"", {0x0014: short(100)}, ">"), {"ISO": 100}),
    "Apple": (on_its_own("Apple", b"Apple iOS\0\0\1MM", {0x0011: text("A-B-C"), 0x000A: long(3)}, ">"),
              {"ContentIdentifier": "A-B-C", "HDRImageType": 3}),
    "Pentax": (in_tiff("PENTAX", b"AOC\0II", {0x0014: short(9)}), {"ISO": 200}),
    "Pentax, newer": (on_its_own("PENTAX", b"PENTAX \0II", {0x0014: long(3200), 0x0229: text("1234567")}),
                      {"SerialNumber": "1234567", "ISO": 3200}),
    "Pentax, a code we do not know": (in_tiff("PENTAX", b"AOC\0II", {0x0014: short(2)}), {}),
    "Casio": (in_tiff("CASIO", b"", {0x0014: short(64)}), {"ISO": 64}),
    "Casio, newer": (in_tiff("CASIO COMPUTER", b"QVC\0\0\0", {0x3014: short(80)}, ">"), {"ISO": 80}),
    "someone else": (in_tiff("Acme", b"", {0x0002: short(0, 400)}), {}),
}  # fmt: skip
_CANON_ISO = {16: 50, 17: 100, 18: 200, 19: 400, 20: 800}
_PENTAX_ISO = {3: 50, 6: 100, 12: 400, 21: 3200, 22: 4000, 23: 5000, 24: 6400, 27: 12_800}
_CASIO_ISO = {3: 50, 4: 64, 6: 100, 9: 200}
NOTES |= {
    f"Canon, ISO code {code}": (in_tiff("Canon", b"", {0x0001: settings(i16=code, i24=0)}), {"ISO": iso})
    for code, iso in _CANON_ISO.items()
}
NOTES |= {
    f"Pentax, ISO code {code}": (in_tiff("PENTAX", b"AOC\0II", {0x0014: short(code)}), {"ISO": iso})
    for code, iso in _PENTAX_ISO.items()
}
NOTES |= {
    f"Casio, ISO code {code}": (in_tiff("CASIO", b"QVC\0\0\0", {0x0014: short(code)}, ">"), {"ISO": iso})
    for code, iso in _CASIO_ISO.items()
}

"""A Canon CRW made by hand: a heap of records, of which one is a heap again."""

import struct

MAKE_AND_MODEL, FOCAL_LENGTH, SHOT_INFO = 0x080A, 0x5029, 0x102A
CAMERA_SETTINGS, TIME, IMAGE_INFO = 0x102D, 0x580E, 0x1810
"""Numbers of records; with 0x4000 the eight bytes of content stand in the directory itself."""
INNER_HEAP = 0x300A


def heap(records: dict[int, bytes], order: str = "<") -> bytes:
    """Build a heap: the contents, the directory, the place of the directory."""
    contents, entries = b"", b""
    for number, content in records.items():
        if number & 0x4000:
            entries += struct.pack(order + "H", number) + content.ljust(8, b"\0")
        else:
            entries += struct.pack(order + "HII", number, len(content), len(contents))
            contents += content
    return contents + struct.pack(order + "H", len(records)) + entries + struct.pack(order + "I", len(contents))


def crw(records: dict[int, bytes], order: str = "<") -> bytes:
    """Build a file whose records lie in a heap in the heap."""
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "I", 26) + b"HEAPCCDR"
    return head.ljust(26, b"\0") + heap({INNER_HEAP: heap(records, order)}, order)


def words(order: str, *, length: int, **values: int) -> bytes:
    """Build one of Canon's arrays; its first word is its length in bytes."""
    array = [2 * length] + [0] * (length - 1)
    for index, value in values.items():
        array[int(index[1:])] = value
    return struct.pack(f"{order}{length}h", *array)


def camera_crw(order: str = "<") -> bytes:
    """A PowerShot's: 7.1 mm of 7.1-21.3 mm, f/2.8, 1/64 s, ISO 100, turned clockwise, in April 2005."""
    return crw(
        {
            MAKE_AND_MODEL: b"Canon\0Canon PowerShot S40\0",
            FOCAL_LENGTH: struct.pack(order + "HH", 2, 227),
            SHOT_INFO: words(order, length=30, i1=0, i2=160, i21=96, i22=192),
            CAMERA_SETTINGS: words(order, length=40, i16=15, i23=682, i24=227, i25=32),
            TIME: struct.pack(order + "I", 1_114_278_876),
            IMAGE_INFO: struct.pack(order + "IIfi", 2272, 1704, 1.0, 90),
        },
        order,
    )

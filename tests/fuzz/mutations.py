"""Damage as it happens, and damage as it is done on purpose: a file goes in, a file that is wrong comes out."""

import random
from collections.abc import Callable

_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000, 100_000, 65_500)


def mutated(sample: bytes, other: bytes, dice: random.Random) -> bytes:
    """Return `sample` with one to six pieces of damage; `other` lends parts of itself."""
    data = bytearray(sample)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        dice.choice(_DAMAGES)(data, other, dice)
    return bytes(data)


def _place(data: bytearray, dice: random.Random) -> int:
    """Headers are where the danger is: half of all damage is done to the first 512 bytes."""
    end = len(data) if dice.random() < 0.5 else min(len(data), 512)
    return dice.randrange(max(end, 1))


def _flip_bit(data: bytearray, _other: bytes, dice: random.Random) -> None:
    if data:
        data[_place(data, dice)] ^= 1 << dice.randrange(8)


def _set_byte(data: bytearray, _other: bytes, dice: random.Random) -> None:
    if data:
        data[_place(data, dice)] = dice.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, dice.randrange(256)))


def _set_number(data: bytearray, _other: bytes, dice: random.Random) -> None:
    """Lengths, counts, offsets and sizes are two or four bytes, of either order."""
    length = dice.choice((2, 4))
    at = _place(data, dice)
    value = dice.choice((*_EXTREMES, dice.randrange(1 << 32), len(data))) % (1 << 8 * length)
    data[at : at + length] = value.to_bytes(length, dice.choice(("big", "little")))


def _cut_off(data: bytearray, _other: bytes, dice: random.Random) -> None:
    del data[_place(data, dice) :]


def _remove(data: bytearray, _other: bytes, dice: random.Random) -> None:
    at = _place(data, dice)
    del data[at : at + dice.choice((1, 2, 4, 16, 200))]


def _repeat(data: bytearray, _other: bytes, dice: random.Random) -> None:
    at = _place(data, dice)
    part = bytes(data[at : at + dice.choice((1, 4, 12, 64, 500))])
    data[at:at] = part * dice.choice((1, 2, 50))


def _insert_noise(data: bytearray, _other: bytes, dice: random.Random) -> None:
    at = _place(data, dice)
    data[at:at] = dice.randbytes(dice.choice((1, 2, 8, 100)))


def _splice(data: bytearray, other: bytes, dice: random.Random) -> None:
    at, start = _place(data, dice), dice.randrange(max(len(other), 1))
    part = other[start : start + dice.choice((4, 32, 300))]
    data[at : at + len(part)] = part


_DAMAGES: tuple[Callable[[bytearray, bytes, random.Random], None], ...] = (
    _flip_bit, _set_byte, _set_byte, _set_number, _set_number, _set_number,
    _cut_off, _remove, _repeat, _insert_noise, _splice,
)  # fmt: skip

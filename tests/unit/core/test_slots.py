"""Memory for uploads: bounded, reused, and holding nothing of whoever came before."""

import contextlib
import os

import pytest

from core_service.errors import FileTooLargeError, QueueFullError
from core_service.slots import Slot, SlotPool


def _content(slot: Slot) -> bytes:
    return os.pread(slot.descriptor, 1 << 20, 0)


async def test_a_slot_holds_what_was_written_and_no_more_than_allowed() -> None:
    slot = Slot(10)
    slot.write(b"12345")
    slot.write(memoryview(b"67890"))
    with pytest.raises(FileTooLargeError):
        slot.write(b"x")
    assert _content(slot) == b"1234567890"
    slot.close()


async def test_the_next_upload_finds_nothing_of_the_last() -> None:
    slot = Slot(100)
    slot.write(b"a long and very private upload")
    slot.clear()
    slot.write(b"short")
    slot.seal()
    assert (slot.length, _content(slot)) == (5, b"short")
    slot.close()


async def test_a_giants_memory_is_given_back() -> None:
    slot = Slot(64 * 1024 * 1024)
    for _ in range(40):
        slot.write(bytes(1024 * 1024))
    slot.clear()
    assert os.fstat(slot.descriptor).st_size <= 32 * 1024 * 1024
    slot.close()


async def test_when_all_slots_are_lent_the_next_is_refused_until_one_is_back() -> None:
    pool = SlotPool(2, 100)
    async with pool.slot() as first, pool.slot() as second:
        assert first is not second
        assert pool.in_use == 2
        with pytest.raises(QueueFullError) as refusal:
            pool.take()
        assert refusal.value.headers == {"Retry-After": "1"}
    assert pool.in_use == 0
    assert pool.take() in {first, second}
    pool.close()


async def test_a_slot_comes_back_empty_whatever_happened_to_its_upload() -> None:
    pool = SlotPool(1, 100)
    with contextlib.suppress(RuntimeError):
        async with pool.slot() as slot:
            slot.write(b"half an ima")
            raise RuntimeError
    async with pool.slot() as slot:
        assert slot.length == 0
    pool.close()


async def test_nothing_of_a_slot_has_a_name_on_disk() -> None:
    slot = Slot(100)
    assert os.fstat(slot.descriptor).st_nlink == 0
    slot.close()

"""Whatever an image does to its decoder process, the other images, and the service, never notice."""

import asyncio
import os
import signal
import sys

import httpx
import pytest

from tests.support.core import CoreClient, environment_of, is_alive, problem_of, running_core, until
from tests.support.photos import camera_jpeg, encode, scene

PHOTO = camera_jpeg(width=400, height=300)


async def _metric(core: CoreClient, name: str) -> float:
    for line in (await core.get("/metrics")).text.splitlines():
        if line.startswith(name + " "):
            return float(line.split()[-1])
    return 0.0


def _start(core: CoreClient, count: int) -> list[asyncio.Task[httpx.Response]]:
    return [asyncio.create_task(core.process(PHOTO)) for _ in range(count)]


async def test_a_hanging_decoder_is_killed_in_time_and_replaced() -> None:
    async with running_core(processes=1, decode_seconds=3) as core:
        (hanging,) = core.freeze_decoders()
        answer = await core.process(PHOTO)
        assert problem_of(answer) == (422, "decoding-took-too-long")
        assert (await core.process(PHOTO)).status_code == 200
        assert not is_alive(hanging)
        assert await _metric(core, 'core_worker_restarts_total{reason="failed"}') == 1


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
async def test_a_dying_decoder_costs_its_own_image_only(blow: signal.Signals) -> None:
    async with running_core(processes=2) as core:
        victim, _ = core.freeze_decoders()
        requests = _start(core, 6)
        await asyncio.sleep(0.2)  # both frozen processes have an image now, four wait
        for pid in core.workers.pids:
            os.kill(pid, blow if pid == victim else signal.SIGCONT)
        os.kill(victim, signal.SIGCONT)
        answers = await asyncio.gather(*requests)
        refused = [answer for answer in answers if answer.status_code != 200]
        assert [problem_of(answer) for answer in refused] == [(422, "decoder-crashed")]
        await until(lambda: len(core.workers.pids) == 2)
        assert victim not in core.workers.pids


async def test_a_process_that_died_while_idle_costs_nobody_anything() -> None:
    async with running_core(processes=1) as core:
        (idle,) = core.workers.pids
        os.kill(idle, signal.SIGKILL)
        await until(lambda: not is_alive(idle))
        assert (await core.process(PHOTO)).status_code == 200


async def test_a_full_queue_refuses_at_once_and_says_when_to_come_back() -> None:
    async with running_core(processes=1, queue_length=2) as core:
        (pid,) = core.freeze_decoders()
        waiting = _start(core, 3)
        await asyncio.sleep(0.2)
        async with asyncio.timeout(1):
            answer = await core.process(PHOTO)
        assert problem_of(answer) == (503, "queue-full")
        assert int(answer.headers["retry-after"]) >= 1
        assert await _metric(core, "core_images_at_work") == 3
        assert await _metric(core, "core_images_waiting") == 2
        os.kill(pid, signal.SIGCONT)
        assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * 3
        assert (await core.process(PHOTO)).status_code == 200


async def test_health_answers_while_every_decoder_works() -> None:
    async with running_core(processes=1) as core:
        (pid,) = core.freeze_decoders()
        waiting = _start(core, 1)
        async with asyncio.timeout(1):
            assert (await core.get("/health")).status_code == 200
        os.kill(pid, signal.SIGCONT)
        await asyncio.gather(*waiting)


async def test_a_process_is_recycled_after_its_share_of_images() -> None:
    async with running_core(processes=1, tasks_per_process=3) as core:  # the proof of the recipe was the first task
        (first,) = core.workers.pids
        for _ in range(3):
            assert (await core.process(PHOTO)).status_code == 200
        assert core.workers.pids != [first]
        assert await _metric(core, 'core_worker_restarts_total{reason="worked-long"}') == 1
        await until(lambda: not is_alive(first))


async def test_a_process_that_has_grown_fat_is_recycled() -> None:
    async with running_core(processes=1, fat_process_mb=100) as core:
        assert (await core.process(encode(scene(6000, 4000), "BMP"))).status_code == 200
        assert await _metric(core, 'core_worker_restarts_total{reason="fat"}') == 1
        assert (await core.process(PHOTO)).status_code == 200


async def test_a_decoder_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METADATA_SECRET_KEY", "a-secret-that-signs")
    async with running_core(processes=1) as core:
        (pid,) = core.workers.pids
        assert b"MALLOC_MMAP_THRESHOLD_" in environment_of(pid)
        assert b"a-secret-that-signs" not in environment_of(pid)


async def test_no_process_outlives_the_service() -> None:
    async with running_core(processes=2) as core:
        pids = core.workers.pids
        assert (await core.process(PHOTO)).status_code == 200
        assert all(map(is_alive, pids))
    assert not any(map(is_alive, pids))


async def test_the_service_ends_although_a_decoder_hangs() -> None:
    async with running_core(processes=2) as core:
        pids = core.freeze_decoders()
    assert not any(map(is_alive, pids))


async def test_a_service_whose_decoders_cannot_start_says_so_instead_of_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="did not start"):
        async with running_core(processes=1):
            pass

"""`python -m benchmarks.core_http`: what HTTP, JSON and the processes cost on top of the pipeline; latencies; memory.

CPU is that of the service and all its processes, read from /proc, without the client's. Wall-clock figures (latency,
photos a second) are only as good as the machine is quiet; the CPU ratios hold on a busy one too.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from shared_schemas.eggwire import EGG_MEDIA_TYPE
from tests.fuzz.mutations import mutated
from tests.fuzz.samples import samples
from tests.support import png
from tests.support.photos import camera_jpeg
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess

_TICK: Final = os.sysconf("SC_CLK_TCK")
_MALLOC: Final = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
Send = Callable[[httpx.AsyncClient, bytes], Awaitable[httpx.Response]]


@contextmanager
def running_core(processes: int) -> Iterator[ServiceProcess]:
    """Start the service with its defaults but for the number of processes."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"CORE_PORT": str(port), "CORE_PROCESSES": str(processes), "CORE_LOG_LEVEL": "warning"}
        core = ServiceProcess("core_service", f"http://127.0.0.1:{port}", environment, Path(folder) / "log")
        core.start()
        try:
            yield core
        finally:
            core.kill()


def decoders(core: ServiceProcess) -> list[int]:
    """The ids of the decoder processes."""
    return [int(pid) for pid in Path(f"/proc/{core.pid}/task/{core.pid}/children").read_text().split()]


def cpu_ms(core: ServiceProcess) -> float:
    """CPU time of the service and its processes so far."""
    ticks = 0
    for pid in (core.pid, *decoders(core)):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / _TICK


def resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Memory of a process: `VmRSS` now, `VmHWM` at most since `forget_peak`."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def forget_peak(pid: int) -> None:
    """Begin a new measurement of VmHWM."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


async def raw(client: httpx.AsyncClient, photo: bytes) -> httpx.Response:
    """The image as the body, the egg in binary form."""
    headers = {"Content-Type": "image/jpeg", "Accept": EGG_MEDIA_TYPE}
    return await client.post("/v1/process", content=photo, headers=headers)


async def form(client: httpx.AsyncClient, photo: bytes) -> httpx.Response:
    """A form, the egg in JSON."""
    return await client.post("/v1/process", files={"file": ("photo.jpg", photo)})


async def load(
    core: ServiceProcess, send: Send, photo: bytes, *, clients: int, count: int
) -> tuple[list[float], float]:
    """Send `count` photos from `clients` clients; return the latencies in ms and the photos a second."""
    latencies: list[float] = []
    left = iter(range(count))

    async def one_after_the_other(client: httpx.AsyncClient) -> None:
        for _ in left:
            started = time.perf_counter()
            answer = await send(client, photo)
            latencies.append((time.perf_counter() - started) * 1000)
            answer.raise_for_status()

    async with httpx.AsyncClient(base_url=core.url, timeout=120, trust_env=False) as client:
        started = time.perf_counter()
        await asyncio.gather(*(one_after_the_other(client) for _ in range(clients)))
        return latencies, count / (time.perf_counter() - started)


def in_process_ms(photo: bytes, count: int) -> float:
    """CPU of the pipeline alone, in a process like a decoder."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(photo)
        file.flush()
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.contestants", "hot"],
            input=f"{file.name}\n" * (count + 1),
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **_MALLOC},
        )
    return statistics.median(float(line) for line in ended.stdout.splitlines()[1:])


async def overhead() -> None:
    """What HTTP costs on top of the pipeline, per 24-megapixel photo."""
    photo = camera_jpeg(width=6000, height=4000, quality=96)
    with running_core(1) as core:
        alone = in_process_ms(photo, 8)
        for send in (raw, form):
            await load(core, send, photo, clients=1, count=3)
            before = cpu_ms(core)
            await load(core, send, photo, clients=1, count=12)
            spent = (cpu_ms(core) - before) / 12
            print(f"| {send.__name__}: CPU a photo, pipeline alone ÷ whole service | {alone:.0f} ÷ {spent:.0f} ms "
                  f"= {alone / spent:.2f} |")  # fmt: skip


async def latency() -> None:
    """p50 and p99 at several numbers of clients, and of /health meanwhile."""
    photo, large = camera_jpeg(width=6000, height=4000, quality=96), camera_jpeg(width=8256, height=5504, quality=96)
    with running_core(0) as core:
        await load(core, raw, photo, clients=2, count=6)
        for clients in (1, 2, 8):
            times, rate = await load(core, raw, photo, clients=clients, count=16)
            worst = max(times)
            print(f"| {clients} clients, 24 MP: p50, worst of 16, photos/s | "
                  f"{statistics.median(times):.0f} ms, {worst:.0f} ms, {rate:.1f} |")  # fmt: skip
        busy = asyncio.create_task(load(core, raw, large, clients=4, count=16))
        health: list[float] = []
        async with httpx.AsyncClient(base_url=core.url, trust_env=False) as client:
            while not busy.done():
                started = time.perf_counter()
                await client.get("/health")
                health.append((time.perf_counter() - started) * 1000)
                await asyncio.sleep(0.01)
        await busy
        print(f"| /health while all decode 45 MP: p50, p99 of {len(health)} | "
              f"{statistics.median(health):.1f} ms, {sorted(health)[int(len(health) * 0.99)]:.1f} ms |")  # fmt: skip


async def memory() -> None:
    """How much a decoder process grows over one photo, from a warm idle process."""
    cases = {
        "45 MP hot": (camera_jpeg(width=8256, height=5504, quality=96), {}),
        "24 MP hot + cold": (camera_jpeg(width=6000, height=4000, quality=96), {"coldpreview_size": 1920}),
        "24 MP progressive hot": (camera_jpeg(width=6000, height=4000, quality=96, progressive=True), {}),
    }
    for name, (photo, params) in cases.items():
        with running_core(1) as core:
            (pid,) = decoders(core)
            idle = resident_mb(pid, "RssAnon")
            forget_peak(pid)
            async with httpx.AsyncClient(base_url=core.url, timeout=120, trust_env=False) as client:
                before = resident_mb(pid)
                (await client.post("/v1/process", params=params, content=photo)).raise_for_status()
            grown = resident_mb(pid, "VmHWM") - before - len(photo) / 2**20  # the upload itself is mapped, and shared
            print(f"| {name}: a fresh process grows by | {grown:.0f} MB over {idle:.0f} MB |")


async def start_up() -> None:
    """From the command to the first /ready, the proof of the recipe included."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        with running_core(0):
            times.append((time.perf_counter() - started) * 1000)
    print(f"| start until /ready | {statistics.median(times):.0f} ms |")


async def batch() -> None:
    """Many photos in one request, against one after the other."""
    photos = [camera_jpeg(width=4000, height=3000, seed=seed, quality=96) for seed in range(1, 5)] * 4
    with running_core(0) as core:
        await load(core, form, photos[0], clients=2, count=6)
        async with httpx.AsyncClient(base_url=core.url, timeout=120, trust_env=False) as client:
            started = time.perf_counter()
            files = [("files", (f"{at}.jpg", photo)) for at, photo in enumerate(photos)]
            lines = (await client.post("/v1/process/batch", files=files)).text.splitlines()
            together = time.perf_counter() - started
            started = time.perf_counter()
            for photo in photos:
                answer = await form(client, photo)
            alone = time.perf_counter() - started
            packed = await raw(client, photos[0])
        print(f"| {len(lines)} photos of 12 MP: batch, one by one | {len(lines) / together:.1f}, "
              f"{len(lines) / alone:.1f} photos/s |")  # fmt: skip
        print(f"| an egg without coldpreview: JSON, binary | {len(answer.content)}, {len(packed.content)} bytes |")


async def hostile() -> None:
    """Memory of the service and its processes over 200 damaged files and bombs in a row."""
    dice, files = random.Random(200), list(samples().values())
    bomb = png.bomb(8000, 8000)
    with running_core(1) as core:
        service, largest = resident_mb(core.pid), 0.0
        async with httpx.AsyncClient(base_url=core.url, timeout=120, trust_env=False) as client:
            for turn in range(200):
                image = bomb if turn % 20 == 0 else mutated(dice.choice(files), dice.choice(files), dice)
                answer = await client.post("/v1/process", content=image)
                assert answer.status_code < 500, answer.text
                largest = max(largest, *(resident_mb(pid, "RssAnon") for pid in decoders(core)))
        print(f"| 200 hostile files: the service before, after; largest decoder process | "
              f"{service:.0f}, {resident_mb(core.pid):.0f}, {largest:.0f} MB |")  # fmt: skip


def main() -> None:
    """Run what is named on the command line, or everything."""
    parts = {part.__name__: part for part in (overhead, latency, memory, start_up, batch, hostile)}
    print("| Figure | Measured |\n|---|---|")
    for name in sys.argv[1:] or parts:
        asyncio.run(parts[name]())


if __name__ == "__main__":
    main()

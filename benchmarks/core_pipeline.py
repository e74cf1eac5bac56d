"""`python -m benchmarks.core_pipeline`: CPU of one image to one egg: the floor, ours, the naive way, libvips, sharp.

Each contestant is a process of its own; rounds go A, B, C, A, B, C, … and the median counts: on a shared machine only
ratios of interleaved CPU times are stable. Our own processes have the malloc settings of the service's workers, the
naive one has none. libvips takes part if pyvips can be imported, sharp if SHARP_DIR names a folder with node_modules.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from tests.support.photos import camera_jpeg

_MALLOC: Final = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
_PHOTOS: Final[dict[str, dict[str, Any]]] = {
    "12 MP": {"width": 4000, "height": 3000},
    "24 MP": {"width": 6000, "height": 4000},
    "45 MP": {"width": 8256, "height": 5504},
    "24 MP progressive": {"width": 6000, "height": 4000, "progressive": True},
}
Times = dict[str, float]


@contextmanager
def _contestant(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _commands() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    names = ["floor", "hot", "cold", "naive_hot", "naive_cold"]
    if subprocess.run([sys.executable, "-c", "import pyvips"], capture_output=True, check=False).returncode == 0:
        names += ["vips_hot", "vips_cold"]
    for name in names:
        environment = {} if name.startswith("naive") else _MALLOC
        yield name, [sys.executable, "-m", "benchmarks.contestants", name], environment
    if (folder := os.environ.get("SHARP_DIR")) and shutil.which("node"):
        script = str(Path(__file__).with_name("sharp.mjs"))
        for name, sides in (("sharp_hot", "150"), ("sharp_cold", "150,1920")):
            yield name, ["node", script, folder, sides], {}


def _measure(photo: Path, contestants: dict[str, subprocess.Popen[str]], rounds: int) -> Times:
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, process in contestants.items():
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{photo}\n")
            process.stdin.flush()
            times[name].append(float(process.stdout.readline()))
    return {name: statistics.median(each[1:]) for name, each in times.items()}  # the first round warms up


def _print_table(results: dict[str, Times]) -> None:
    names = list(next(iter(results.values())))
    print("| CPU ms | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for photo, times in results.items():
        print(f"| {photo} | " + " | ".join(f"{times[name]:.0f}" for name in names) + " |")
    print("\n| Ratio | " + " | ".join(results) + " |\n|---|" + "---|" * len(results))
    for label, above, below in (
        ("hot ÷ floor", "hot", "floor"),
        ("naive ÷ ours, hot", "naive_hot", "hot"),
        ("naive ÷ ours, hot + cold", "naive_cold", "cold"),
        ("ours ÷ libvips, hot + cold", "cold", "vips_cold"),
        ("ours ÷ sharp, hot + cold", "cold", "sharp_cold"),
    ):
        if above in names and below in names:
            print(f"| {label} | " + " | ".join(f"{t[above] / t[below]:.2f}" for t in results.values()) + " |")


def main() -> None:
    """Make the photos, let the contestants run, print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=7)
    chosen = arguments.parse_args()
    results: dict[str, Times] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        contestants = {
            name: stack.enter_context(_contestant(command, environment)) for name, command, environment in _commands()
        }
        for name, options in _PHOTOS.items():
            path = Path(folder) / "photo.jpg"
            path.write_bytes(camera_jpeg(quality=96, **options))
            results[f"{name}, {path.stat().st_size / 1e6:.1f} MB"] = _measure(path, contestants, chosen.rounds)
    _print_table(results)


if __name__ == "__main__":
    main()

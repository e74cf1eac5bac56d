"""`python -m tests.fuzz.run --seconds 600 --seed 7 --findings build/fuzz`: damaged files through the real decoders.

A finding is an image that a decoder process died of, hung over, or that we had not foreseen. The service survives all
of them; each is kept as a file, to be understood and made a test of.
"""

import argparse
import asyncio
import hashlib
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry

from core_service.errors import DecoderCrashedError, TookTooLongError, UnprocessableImageError
from core_service.metrics import DecodeMetrics
from core_service.settings import Settings
from core_service.slots import SlotPool
from core_service.workers import WorkerPool
from service_kit.errors import ServiceError
from tests.fuzz.mutations import mutated
from tests.fuzz.samples import samples

FINDINGS = (DecoderCrashedError, TookTooLongError, UnprocessableImageError)


@dataclass
class Report:
    """What came of a run."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: dict[str, bytes] = field(default_factory=dict)
    largest_resident_mb: int = 0

    @property
    def executions(self) -> int:
        """How many files were tried."""
        return self.outcomes.total()


async def fuzz(seed: int, *, seconds: float, executions: int) -> Report:
    """Try damaged files until `seconds` have passed or `executions` are done."""
    settings = Settings(_env_file=None, decode_seconds=10, decode_memory_mb=1024)
    report, dice, files = Report(), random.Random(seed), sorted(samples().items())
    pool = WorkerPool(settings.pool_limits, DecodeMetrics(CollectorRegistry()))
    slots = SlotPool(settings.pool_limits.processes, settings.max_file_bytes)
    deadline = time.monotonic() + seconds
    await pool.start()

    async def one_after_the_other() -> None:
        while report.executions < executions and time.monotonic() < deadline:
            name, sample = dice.choice(files)
            await _try(mutated(sample, dice.choice(files)[1], dice), name, slots, pool, report)

    try:
        await asyncio.gather(*(one_after_the_other() for _ in range(settings.pool_limits.processes)))
    finally:
        await pool.close()
        slots.close()
    return report


async def _try(image: bytes, name: str, slots: SlotPool, pool: WorkerPool, report: Report) -> None:
    async with slots.slot() as slot:
        slot.write(image)
        try:
            await pool.run("egg", slot, {"filename": name, "coldpreview_size": 200, "packed": False})
            report.outcomes["ok"] += 1
        except ServiceError as error:
            report.outcomes[error.slug] += 1
            if isinstance(error, FINDINGS):
                digest = hashlib.sha256(image).hexdigest()[:12]
                report.findings[f"{error.slug}-{name.replace(' ', '-')}-{digest}"] = image
    report.largest_resident_mb = max(report.largest_resident_mb, pool.largest_resident_bytes // 2**20)


def main() -> int:
    """Run, print, keep the findings; exit 1 when there are any."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--executions", type=int, default=10_000_000)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    arguments.add_argument("--findings", type=Path, default=Path("build/fuzz"))
    chosen = arguments.parse_args()
    report = asyncio.run(fuzz(chosen.seed, seconds=chosen.seconds, executions=chosen.executions))
    print(f"seed {chosen.seed}: {report.executions} files, largest process {report.largest_resident_mb} MB")
    for outcome, count in report.outcomes.most_common():
        print(f"{count:8} {outcome}")
    for name, image in report.findings.items():
        chosen.findings.mkdir(parents=True, exist_ok=True)
        (chosen.findings / name).write_bytes(image)
        print(f"finding: {chosen.findings / name}")
    return 1 if report.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())

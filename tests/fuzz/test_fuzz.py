"""A short run of the fuzzer; `make fuzz` runs longer."""

import random

from tests.fuzz.mutations import mutated
from tests.fuzz.run import fuzz
from tests.fuzz.samples import samples


async def test_damaged_files_are_refused_and_kill_nothing() -> None:
    report = await fuzz(seed=2026, seconds=60, executions=1500)
    assert report.findings == {}
    assert report.executions >= 1000
    assert set(report.outcomes) > {"ok", "undecodable-image"}, "the damage is either too light or too heavy"


def test_the_same_seed_does_the_same_damage() -> None:
    sample = samples()["jpeg exif"]
    runs = [[mutated(sample, sample, dice) for _ in range(50)] for dice in (random.Random(3), random.Random(3))]
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 40

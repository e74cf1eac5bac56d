"""What is done for an upload, in order, and by whom; progress is counted in these steps and in nothing else."""

from enum import StrEnum
from typing import Final


class Queue(StrEnum):
    """What work is scarce of; each has a bound of its own, so that none has to wait for another."""

    IO = "io"
    CORE = "core"
    ANALYSIS = "analysis"


class Stage(StrEnum):
    """A step whose outcome is kept, so that it is not done again when the next one has to wait."""

    LIBRARY = "library"
    THUMBNAIL = "thumbnail"
    ANALYSIS = "analysis"
    TILE = "tile"
    SUMMARY = "summary"


STAGES: Final = (Stage.LIBRARY, Stage.THUMBNAIL, Stage.ANALYSIS, Stage.SUMMARY)
"""The way of an upload; a tile is a part of its analysis."""

QUEUES: Final = {
    Stage.LIBRARY: Queue.CORE,
    Stage.THUMBNAIL: Queue.IO,
    Stage.ANALYSIS: Queue.ANALYSIS,
    Stage.TILE: Queue.ANALYSIS,
    Stage.SUMMARY: Queue.IO,
}


def percent_done(stage: str | None) -> int:
    """How much lies behind a job that is about to begin `stage`."""
    return 0 if stage is None else round(100 * STAGES.index(Stage(stage)) / len(STAGES))


def remaining(stage: str | None) -> tuple[Stage, ...]:
    """What is still to be done, from `stage` on."""
    return STAGES[0 if stage is None else STAGES.index(Stage(stage)) :]

"""What is done for an upload, in order; progress is counted in these and in nothing else."""

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """A step whose outcome is kept, so that it is not done again when the next one has to wait."""

    LIBRARY = "library"
    THUMBNAIL = "thumbnail"
    ANALYSIS = "analysis"
    SUMMARY = "summary"


STAGES: Final = tuple(Stage)


def percent_done(stage: str | None) -> int:
    """How much lies behind a job that is about to begin `stage`."""
    return 0 if stage is None else round(100 * STAGES.index(Stage(stage)) / len(STAGES))


def remaining(stage: str | None) -> tuple[Stage, ...]:
    """What is still to be done, from `stage` on."""
    return STAGES[0 if stage is None else STAGES.index(Stage(stage)) :]

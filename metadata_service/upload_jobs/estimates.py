"""How long uploads take, from those that were done last."""

import time
from collections.abc import Mapping
from statistics import median
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.upload_jobs import repository
from metadata_service.upload_jobs.stages import remaining

_LOOKED_AT: Final = 40
_SECONDS: Final = 5.0


class StageTimes:
    """The usual seconds of each step; asked for anew every few seconds at most."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._usual: dict[str, float] = {}
        self._until = 0.0

    async def refresh(self, session: AsyncSession) -> None:
        """Look at the last jobs, unless that was done a moment ago."""
        if time.monotonic() < self._until:
            return
        seconds: dict[str, list[float]] = {}
        for stages in await repository.recent_stages(session, _LOOKED_AT):
            for done in stages:
                seconds.setdefault(done["stage"], []).append(done["seconds"])
        self._usual = {stage: median(some) for stage, some in seconds.items()}
        self._until = time.monotonic() + _SECONDS

    def after(self, stage: str | None) -> float | None:
        """The seconds from the beginning of `stage` to the end; None while nothing is known."""
        if not self._usual:
            return None
        return round(sum(self._usual.get(left, 0.0) for left in remaining(stage)), 1)

    def of_all(self, stages: Mapping[str | None, int], at_once: int) -> float | None:
        """The seconds until so many jobs at each stage are done, when so many are done at a time."""
        parts = [(self.after(stage), count) for stage, count in stages.items()]
        if not parts:
            return 0.0
        if any(seconds is None for seconds, _ in parts):
            return None
        return round(sum((seconds or 0.0) * count for seconds, count in parts) / max(at_once, 1), 1)

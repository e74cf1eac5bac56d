"""What the routes of uploads are given besides sessions and blobs."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from metadata_service.upload_jobs.estimates import StageTimes


class Wakeable(Protocol):
    """Somebody who works on uploads in this process."""

    async def wake(self) -> None:
        """Look at once: there is something to do."""


async def _times(request: Request) -> StageTimes:
    found: StageTimes = request.app.state.stage_times
    return found


async def _runner(request: Request) -> Wakeable:
    found: Wakeable = request.app.state.upload_runner
    return found


Times = Annotated[StageTimes, Depends(_times)]
UploadRunner = Annotated[Wakeable, Depends(_runner)]

"""Jobs on the wire."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from metadata_service.tables import JobKind, JobStatus
from metadata_service.upload_jobs.stages import STAGES, percent_done


class StageDone(BaseModel):
    """A step that is done, and how long it took."""

    stage: str
    seconds: float


class JobOut(BaseModel):
    """One run over one upload. Progress is what was done of `stages_total` steps, and no guess."""

    job_id: UUID
    image_id: UUID
    upload_session_id: UUID
    filename: str
    kind: JobKind
    reason: str | None
    status: JobStatus
    progress_percent: int
    stage: str | None = Field(description="What is done now, or next.")
    stages: list[StageDone]
    stages_total: int = len(STAGES)
    attempts: int
    waiting_for: str | None = Field(description="What the job waits for, in words; it goes on by itself.")
    error: str | None = Field(description="Why the job failed, in words.")
    is_parked: bool = Field(description="True: whoever worked on it died of it, so it was put aside.")
    processing_time_seconds: float | None
    estimated_remaining_seconds: float | None = Field(description="From what the last uploads took, if any did.")
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, row: Any, remaining_seconds: float | None) -> Self:
        """Tell of a row of `repository.jobs`."""
        ended = row.finished_at is not None
        is_done = row.status == JobStatus.COMPLETED
        return cls(
            job_id=row.id,
            image_id=row.upload_id,
            upload_session_id=row.session_id,
            filename=row.filename,
            kind=row.kind,
            reason=row.reason,
            status=row.status,
            progress_percent=100 if is_done else percent_done(row.stage),
            stage=row.stage if row.stage or ended else STAGES[0].value,
            stages=row.stages,
            attempts=row.attempts,
            waiting_for=row.waiting_for,
            error=row.error,
            is_parked=row.is_parked,
            processing_time_seconds=round(sum(stage["seconds"] for stage in row.stages), 3) if ended else None,
            estimated_remaining_seconds=None if ended else remaining_seconds,
            result=row.result,
            created_at=row.created_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
            updated_at=row.updated_at,
        )


class Summary(BaseModel):
    """All jobs of a session, counted."""

    total_jobs: int
    completed: int
    processing: int
    pending: int
    failed: int
    cancelled: int
    overall_progress_percent: float
    estimated_remaining_seconds: float | None = Field(
        description="If as many are worked on at a time as now; null while nothing is known."
    )


class SessionStatus(BaseModel):
    """How far the uploads of a session are."""

    upload_session_id: UUID
    jobs: list[JobOut]
    summary: Summary
    next_cursor: UUID | None = Field(description="Pass as `cursor` for the next jobs; null at the end.")

"""Uploads on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from metadata_service.tables import UploadStatus
from metadata_service.upload_jobs.schemas import JobOut
from metadata_service.visibility import VisibilityName
from shared_schemas.json_safe import ShortText
from shared_schemas.photoegg import MAX_INT64


class JobBegun(BaseModel):
    """An accepted file and the job that turns it into a photo."""

    job_id: UUID
    image_id: UUID
    filename: str
    status: Literal["pending"] = "pending"


class FileRefused(BaseModel):
    """A file that was not taken in."""

    filename: str
    type: str = Field(description="Names the cause.", examples=["not-a-picture"])
    detail: str


class Accepted(BaseModel):
    """The originals are kept; what is made of them follows."""

    status: Literal["accepted"] = "accepted"
    upload_session_id: UUID
    jobs: list[JobBegun]
    refused: list[FileRefused]
    total_files: int
    estimated_completion_time_minutes: float | None = Field(description="Null while nothing is known.")
    poll_url: str


class ProcessingSession(BaseModel):
    """What was found out about an upload, by the names of earlier clients."""

    session_id: UUID
    status: str
    storage_location_id: int | None
    storage_location_name: str | None
    total_detected: int | None = None
    category_counts: dict[str, Any] | None = None
    avg_confidence: float | None = None
    validated: bool | None = None
    validation_date: datetime | None = None
    manual_adjustments: dict[str, Any] | None = None


class GalleryPhoto(BaseModel):
    """One upload in the gallery; its addresses are good for an hour."""

    image_id: UUID
    filename: str
    status: UploadStatus
    photo_id: int | None
    is_duplicate: bool
    in_trash: bool = Field(
        description="Its photo was thrown away; when that is removed for good, the original goes too."
    )
    thumbnail_url: str | None
    original_url: str
    uploaded_at: datetime
    taken_at: datetime | None
    width_px: int | None
    height_px: int | None
    file_size_bytes: int
    processing_session: ProcessingSession
    warehouse_name: str | None = Field(description="The site that the place lies in.")
    warnings: list[dict[str, Any]]
    error_details: str | None


class Pagination(BaseModel):
    """Where a page lies. Pages are counted when a page is asked for by number; a cursor costs less."""

    page: int | None
    per_page: int
    total_pages: int | None
    total_items: int | None
    next_cursor: UUID | None = Field(description="Pass as `cursor` for the next page; null at the end.")


class Gallery(BaseModel):
    """A page of uploads, the last first."""

    photos: list[GalleryPhoto]
    pagination: Pagination


class UploadMetadata(BaseModel):
    """What is known of the file and of the picture in it."""

    file_size_bytes: int
    width_px: int | None
    height_px: int | None
    content_type: str
    sha256: str
    exif: dict[str, Any]


class PlaceMoment(BaseModel):
    """A moment in the history of the upload's place."""

    timestamp: datetime
    event: str
    image_id: UUID


class AnalysisVerdict(BaseModel):
    """What a person says of an analysis; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    validated: StrictBool | None = None
    manual_adjustments: dict[str, Any] | None = Field(
        default=None, max_length=100, examples=[{"added": {"plant": 3}, "removed": {"empty": 1}}]
    )


class UploadDetail(GalleryPhoto):
    """One upload with its metadata, its jobs, and what happened at its place."""

    visibility: VisibilityName
    annotated_url: str | None
    detections: list[dict[str, Any]] = Field(description="`{label, confidence, box}`, pixels of the annotated picture.")
    metadata: UploadMetadata
    history: list[JobOut] = Field(description="Every run over the original, the first one first.")
    storage_location_history: list[PlaceMoment]


class Reprocess(BaseModel):
    """Why, and with which place."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText | None = None
    storage_location_id: int | None = Field(default=None, ge=1, le=MAX_INT64, description="Choose the place by hand.")


class ReprocessBegun(BaseModel):
    """The original is being worked on again."""

    status: Literal["accepted"] = "accepted"
    image_id: UUID
    new_job_id: UUID
    message: str = "The photo is being made again from its original."
    poll_url: str


class PlaceChoice(BaseModel):
    """A place for an upload; null leaves it to its position."""

    model_config = ConfigDict(extra="forbid")

    place_id: int | None = Field(ge=1, le=MAX_INT64)


class DeleteUploads(BaseModel):
    """Which uploads to remove; with `keep_photos` their photos stay in the library."""

    model_config = ConfigDict(extra="forbid")

    image_ids: list[UUID] = Field(min_length=1, max_length=500)
    keep_photos: StrictBool = True


class UploadsDeleted(BaseModel):
    """So many are gone; those that were not yours or not there are named."""

    deleted: int
    not_found: list[UUID]

"""Shows uploads: all of them page by page, and one with everything that is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos import repository as photos
from metadata_service.places import repository as place_rows
from metadata_service.places.service import lineage, within
from metadata_service.tables import Analysis, Photo, Place, Upload, UploadStatus
from metadata_service.upload_jobs import repository as job_rows
from metadata_service.upload_jobs.schemas import JobOut
from metadata_service.uploads import repository, service
from metadata_service.uploads.addresses import Addresses
from metadata_service.uploads.repository import Wanted
from metadata_service.uploads.schemas import (
    Gallery,
    GalleryPhoto,
    Pagination,
    PlaceMoment,
    ProcessingSession,
    UploadDetail,
    UploadMetadata,
)

STATUSES: Final[dict[str, tuple[UploadStatus, ...]]] = {
    "all": (),
    "success": (UploadStatus.READY,),
    "completed": (UploadStatus.READY,),
    "errors": (UploadStatus.WARNING, UploadStatus.FAILED),
    "pending": (UploadStatus.UPLOADED, UploadStatus.PROCESSING),
    **{status.value: (status,) for status in UploadStatus},
}
_HISTORY: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of the gallery is asked for; with a `cursor` pages are not counted."""

    status: str
    place_id: int | None
    date_from: datetime | None
    date_to: datetime | None
    page: int | None
    per_page: int
    cursor: UUID | None
    in_trash: bool


async def show(session: AsyncSession, addresses: Addresses, owner_id: int, asked: Asked) -> Gallery:
    """Give one page."""
    places = await place_rows.all_of(session, owner_id)
    wanted = Wanted(
        statuses=STATUSES[asked.status],
        place_ids=None if asked.place_id is None else _places_in(places, asked.place_id),
        date_from=asked.date_from,
        date_to=asked.date_to,
        in_trash=asked.in_trash,
    )
    offset = ((asked.page or 1) - 1) * asked.per_page
    rows = await repository.page(
        session, owner_id, wanted, before=asked.cursor, offset=offset, limit=asked.per_page + 1
    )
    shown = rows[: asked.per_page]
    analyses = await repository.latest_analyses(session, [row[0].id for row in shown]) if shown else {}
    seen = _Seen(addresses, {place.id: place for place in places}, places, analyses)
    total = await repository.count(session, owner_id, wanted) if asked.page is not None else None
    return Gallery(
        photos=[GalleryPhoto(**seen.told(*row)) for row in shown],
        pagination=Pagination(
            page=asked.page,
            per_page=asked.per_page,
            total_pages=None if total is None else -(-total // asked.per_page),
            total_items=total,
            next_cursor=shown[-1][0].id if len(rows) > asked.per_page else None,
        ),
    )


def _places_in(places: Sequence[Place], place_id: int) -> set[int]:
    return within(places, place_id) if any(place.id == place_id for place in places) else set()


async def detail(session: AsyncSession, addresses: Addresses, owner_id: int, upload_id: UUID) -> UploadDetail:
    """Tell all of one upload."""
    upload = await service.get(session, owner_id, upload_id)
    photo = None if upload.photo_id is None else await session.get(Photo, upload.photo_id)
    places = await place_rows.all_of(session, owner_id)
    analyses = await repository.latest_analyses(session, [upload_id])
    seen = _Seen(addresses, {place.id: place for place in places}, places, analyses)
    taken_at, width, height, deleted_at = (
        (photo.taken_at, photo.width, photo.height, photo.deleted_at) if photo else (None, None, None, None)
    )
    analysis = analyses.get(upload_id)
    return UploadDetail(
        **seen.told(upload, taken_at, width, height, deleted_at),
        visibility=upload.visibility,
        annotated_url=addresses.of(analysis.annotated_key) if analysis and analysis.annotated_key else None,
        detections=analysis.detections if analysis else [],
        metadata=UploadMetadata(
            file_size_bytes=upload.file_size,
            width_px=width,
            height_px=height,
            content_type=upload.content_type,
            sha256=upload.sha256,
            exif=await _exif(session, photo),
        ),
        history=[JobOut.of(row, None) for row in await job_rows.jobs_of_upload(session, upload_id)],
        storage_location_history=await _moments(session, upload.place_id),
    )


async def _exif(session: AsyncSession, photo: Photo | None) -> dict[str, Any]:
    if photo is None:
        return {}
    read = await photos.exif(session, photo.id)
    own = {
        "camera_make": photo.camera_make,
        "camera_model": photo.camera_model,
        "datetime_original": photo.taken_at.isoformat() if photo.taken_at else None,
        "gps_latitude": photo.gps_latitude,
        "gps_longitude": photo.gps_longitude,
    }
    return {**own, "tags": read.exif_dict if read else {}}


async def _moments(session: AsyncSession, place_id: int | None) -> list[PlaceMoment]:
    if place_id is None:
        return []
    events = await repository.place_events(session, place_id, _HISTORY)
    return [PlaceMoment(timestamp=event.at, event=event.event, image_id=event.upload_id) for event in events]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is needed to tell of an upload."""

    addresses: Addresses
    by_id: Mapping[int, Place]
    places: Sequence[Place]
    analyses: Mapping[UUID, Analysis]

    def told(
        self,
        upload: Upload,
        taken_at: datetime | None,
        width: int | None,
        height: int | None,
        deleted_at: datetime | None,
    ) -> dict[str, Any]:
        place = self.by_id.get(upload.place_id or 0)
        line = lineage(self.places, place) if place else []
        return {
            "image_id": upload.id,
            "filename": upload.filename,
            "status": upload.status,
            "photo_id": upload.photo_id,
            "is_duplicate": upload.is_duplicate,
            "in_trash": deleted_at is not None,
            "thumbnail_url": self.addresses.of(upload.thumbnail_key) if upload.thumbnail_key else None,
            "original_url": self.addresses.of(upload.original_key, upload.filename),
            "uploaded_at": upload.created_at,
            "taken_at": taken_at,
            "width_px": width,
            "height_px": height,
            "file_size_bytes": upload.file_size,
            "processing_session": self._session(upload, " - ".join(part.name for part in line) or None),
            "warehouse_name": line[0].name if line else None,
            "warnings": upload.warnings,
            "error_details": _details(upload),
        }

    def _session(self, upload: Upload, place_name: str | None) -> ProcessingSession:
        session = ProcessingSession(
            session_id=upload.session_id,
            status=upload.status,
            storage_location_id=upload.place_id,
            storage_location_name=place_name,
        )
        analysis = self.analyses.get(upload.id)
        if analysis is not None:
            session.session_id = analysis.id
            session.total_detected = analysis.total_detected
            session.category_counts = analysis.category_counts
            session.avg_confidence = analysis.avg_confidence
            session.validated = analysis.validated
            session.validation_date = analysis.validated_at
            session.manual_adjustments = analysis.manual_adjustments
        return session


def _details(upload: Upload) -> str | None:
    warned = "; ".join(f"{warning['code']}: {warning['message']}" for warning in upload.warnings)
    return upload.error or warned or None

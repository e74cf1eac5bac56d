"""Makes uploads of received files, has them worked on, gives them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.quota import check_quota
from metadata_service.db.ids import made_at, new_id
from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.photos import service as photos
from metadata_service.photos.ref import PhotoRef
from metadata_service.places import matching
from metadata_service.places import service as places
from metadata_service.storage import BlobStore
from metadata_service.tables import JobKind, Photo, Upload, UploadSession, UploadStatus
from metadata_service.upload_jobs import service as jobs
from metadata_service.upload_jobs.errors import UploadSessionNotFoundError
from metadata_service.uploads import repository
from metadata_service.uploads.errors import AnalysisNotFoundError, OriginalMissingError, UploadNotFoundError
from metadata_service.uploads.schemas import AnalysisVerdict, Reprocess
from metadata_service.uploads.taking_in import Received
from metadata_service.visibility import VisibilityName


@dataclass(frozen=True, slots=True)
class UploadWishes:
    """What the owner wishes for all files of a request."""

    session_id: UUID | None
    visibility: VisibilityName
    place_id: int | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A session, its new uploads and their jobs, in the same order."""

    session_id: UUID
    uploads: list[Upload]
    job_ids: list[UUID]


async def check_wishes(session: AsyncSession, owner_id: int, wishes: UploadWishes) -> None:
    """Refuse a session or a place that is not the owner's, before anything is sent."""
    if wishes.session_id is not None and not await repository.has_session(session, owner_id, wishes.session_id):
        raise UploadSessionNotFoundError
    if wishes.place_id is not None:
        await places.get(session, owner_id, wishes.place_id)


async def begin(session: AsyncSession, owner_id: int, received: Sequence[Received], wishes: UploadWishes) -> Begun:
    """Write down what came, and the jobs for it, in one transaction."""
    await check_wishes(session, owner_id, wishes)
    session_id = wishes.session_id or new_id()
    if wishes.session_id is None:
        session.add(UploadSession(id=session_id, owner_id=owner_id))
        await session.flush()
    uploads = [_upload(owner_id, session_id, file, wishes) for file in received]
    session.add_all(uploads)
    await take_turn(session, owner_id)  # of several that come at once, each counts the ones before it
    await session.flush()
    await check_quota(session, owner_id)
    if wishes.place_id is not None:
        for upload in uploads:
            matching.assign(session, upload, wishes.place_id)
    job_ids = jobs.enqueue(session, uploads, JobKind.PROCESS)
    await session.flush()
    return Begun(session_id, uploads, job_ids)


def _upload(owner_id: int, session_id: UUID, file: Received, wishes: UploadWishes) -> Upload:
    return Upload(
        id=file.upload_id,
        owner_id=owner_id,
        session_id=session_id,
        filename=file.filename,
        content_type=file.content_type,
        file_size=file.size,
        sha256=file.sha256,
        original_key=file.key,
        visibility=wishes.visibility,
        created_at=made_at(file.upload_id),
    )


async def get(session: AsyncSession, owner_id: int, upload_id: UUID, *, to_change: bool = False) -> Upload:
    """Find an owner's upload or raise `UploadNotFoundError`."""
    upload = await repository.find(session, owner_id, upload_id, to_change=to_change)
    if upload is None:
        raise UploadNotFoundError
    return upload


async def check_original(session: AsyncSession, blobs: BlobStore, owner_id: int, upload_id: UUID) -> None:
    """Raise `OriginalMissingError` when there is nothing left to begin with."""
    upload = await get(session, owner_id, upload_id)
    if await blobs.size(upload.original_key) is None:
        raise OriginalMissingError("The original is not in the store any more. Please upload the file again.")


async def reprocess(session: AsyncSession, owner_id: int, upload_id: UUID, wanted: Reprocess) -> UUID:
    """Begin another run over an original; give its job."""
    upload = await get(session, owner_id, upload_id, to_change=True)
    await jobs.refuse_second(session, upload_id)
    await jobs.refuse_trashed(session, upload)
    if wanted.storage_location_id is not None:
        await places.get(session, owner_id, wanted.storage_location_id)
        matching.assign(session, upload, wanted.storage_location_id)
    upload.status = UploadStatus.UPLOADED
    (job_id,) = jobs.enqueue(session, [upload], JobKind.REPROCESS, wanted.reason)
    await session.flush()
    return job_id


async def choose_place(session: AsyncSession, owner_id: int, upload_id: UUID, place_id: int | None) -> None:
    """Put an upload where its owner says, or leave it to its position again."""
    upload = await get(session, owner_id, upload_id, to_change=True)
    if place_id is not None:
        await places.get(session, owner_id, place_id)
    matching.assign(session, upload, place_id)
    if upload.status in {UploadStatus.READY, UploadStatus.WARNING} and upload.photo_id is not None:
        photo = await session.get_one(Photo, upload.photo_id)
        upload.warnings = await matching.settle(session, upload, photo.gps_latitude, photo.gps_longitude)
        upload.status = UploadStatus.WARNING if upload.warnings else UploadStatus.READY
    await session.flush()


async def judge(session: AsyncSession, owner_id: int, upload_id: UUID, verdict: AnalysisVerdict) -> None:
    """Write down what a person says of the last analysis, and who says it."""
    upload = await get(session, owner_id, upload_id, to_change=True)
    analysis = (await repository.latest_analyses(session, [upload.id])).get(upload.id)
    if analysis is None:
        raise AnalysisNotFoundError
    for name, value in verdict.model_dump(exclude_none=True).items():
        setattr(analysis, name, value)
        analysis.validated_by, analysis.validated_at = owner_id, utc_now()
    await session.flush()


async def delete(session: AsyncSession, owner_id: int, upload_ids: Sequence[UUID], *, keep_photos: bool) -> set[UUID]:
    """Give originals up; photos that came by them alone go to the trash, unless they are to be kept."""
    await take_turn(session, owner_id)
    if not keep_photos:
        for photo_id in await repository.photos_only_here(session, owner_id, upload_ids):
            photo = await session.get(Photo, photo_id)
            if photo is not None and photo.deleted_at is None:
                await photos.throw_away(session, owner_id, PhotoRef(id=photo_id))
    return await repository.delete_some(session, owner_id, upload_ids)

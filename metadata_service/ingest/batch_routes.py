"""`POST /photos/batch`: many photos in one request."""

import time
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Header, Request, Response

from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.session import WriteSession
from metadata_service.import_sessions import service as imports
from metadata_service.import_sessions.errors import ImportNotFoundError
from metadata_service.ingest import idempotency
from metadata_service.ingest.batch import Items, Result, keep_all, read_items
from metadata_service.ingest.batch_schemas import BatchIn, BatchOut, ItemResult
from metadata_service.ingest.errors import BatchTooLargeError, IdempotencyKeyReusedError
from metadata_service.ingest.raw_exif import read_on_arrival
from metadata_service.ingest.routes import KEEP_REFUSALS
from metadata_service.ingest.service import Kept, stored_coldpreviews, unused
from metadata_service.ingest.wiring import AppSettings, Core
from metadata_service.storage.access import Blobs
from service_kit.errors import ServiceError
from service_kit.fast_json import FastJsonRoute
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["ingest"], route_class=FastJsonRoute)


@router.post(
    "/batch",
    summary="Keep many photos; each stands for itself",
    responses=answers(*KEEP_REFUSALS, BatchTooLargeError, IdempotencyKeyReusedError, ImportNotFoundError),
)
async def keep_batch(
    batch: BatchIn,
    request: Request,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    *,
    core: Core,
    settings: AppSettings,
    response: Response,
    after_commit: BackgroundTasks,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> BatchOut:
    started = time.perf_counter()
    if len(batch.eggs) + len(batch.photo_groups) > settings.max_batch_items:
        raise BatchTooLargeError(f"One batch takes at most {settings.max_batch_items} items.")
    items = await to_thread.run_sync(read_items, batch.eggs, batch.photo_groups, batch.import_session_id)
    arrivals = list(items.arrivals.values())
    await read_on_arrival(core, arrivals)
    async with stored_coldpreviews(blobs, arrivals) as colds:
        if idempotency_key and (
            answer := await idempotency.earlier_answer(session, owner_id, idempotency_key, await request.body())
        ):
            response.headers["Idempotent-Replayed"] = "true"
            for cold in colds:
                if cold is not None:
                    after_commit.add_task(blobs.delete, cold.key)
            return BatchOut.model_validate(answer)
        if batch.import_session_id is not None:
            await imports.get(session, owner_id, batch.import_session_id)
        results = await keep_all(session, owner_id, items, colds, batch.import_session_id)
        told = _tell(items, results, started)
        if idempotency_key:
            await idempotency.remember(session, owner_id, idempotency_key, await request.body(), told.model_dump())
    for key in unused([result for result in results.values() if isinstance(result, Kept)], colds):
        after_commit.add_task(blobs.delete, key)
    return told


def _tell(items: Items, results: dict[int, Result], started: float) -> BatchOut:
    told = [_told(index, items.labels[index], results[index]) for index in sorted(results)]
    created = [item.index for item in told if item.status == "created"]
    return BatchOut(
        photos_created=len(created),
        images_created=sum(len(items.arrivals[index].files) for index in created),
        duplicates_skipped=sum(item.status == "duplicate" for item in told),
        errors=[
            f"Failed to process photo group {item.label}: {item.detail}" for item in told if item.status == "error"
        ],
        processing_time_ms=round((time.perf_counter() - started) * 1000),
        results=told,
    )


def _told(index: int, label: str, result: Result) -> ItemResult:
    if isinstance(result, ServiceError):
        refusal: dict[str, Any] = {"type": result.slug, "detail": result.detail, "errors": result.errors or None}
        return ItemResult(index=index, label=label, status="error", **refusal)
    status = "created" if result.is_new else "duplicate"
    return ItemResult(index=index, label=label, status=status, id=result.photo.id, hothash=result.photo.hothash)

"""`PATCH /photos/bulk`, `POST /photos/bulk/delete` and `…/restore`."""

from fastapi import APIRouter, BackgroundTasks

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.editing import service, widening
from metadata_service.editing.schemas import (
    BulkChange,
    BulkChanged,
    BulkDelete,
    BulkDeleted,
    BulkRestored,
    Chosen,
    Widening,
    WideningTold,
)
from metadata_service.storage.access import Blobs
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/photos/bulk", tags=["photos"])

_READ = answers(NotSignedInError, InvalidTokenError, MalformedRequestError)
_WRITE = answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, MalformedRequestError, DatabaseBusyError)


@router.patch(
    "",
    summary="Change the same fields of many photos, all or none",
    responses=_WRITE,
    response_model_exclude_unset=True,
)
async def change_photos(wanted: BulkChange, owner_id: SignedIn, session: WriteSession) -> BulkChanged:
    return await service.change(session, owner_id, wanted)


@router.post("/restore", summary="Take many photos out of the trash, all or none", responses=_WRITE)
async def restore_photos(wanted: Chosen, owner_id: SignedIn, session: WriteSession) -> BulkRestored:
    restored = await service.restore(session, owner_id, wanted)
    return BulkRestored(restored=restored, skipped=wanted.asked - restored)


@router.post("/sharing-preview", summary="Who would see these photos, if they were shared so", responses=_READ)
async def preview_sharing(wanted: Widening, owner_id: SignedIn, session: ReadSession) -> WideningTold:
    return await widening.tell(session, owner_id, wanted)


@router.post("/delete", summary="Delete many photos, all or none", responses=_WRITE)
async def delete_photos(
    wanted: BulkDelete, owner_id: SignedIn, session: WriteSession, blobs: Blobs, after_commit: BackgroundTasks
) -> BulkDeleted:
    if not wanted.purge:
        deleted = await service.throw_away(session, owner_id, wanted)
        return BulkDeleted(deleted=deleted, skipped=wanted.asked - deleted)
    deleted, unused = await service.purge(session, owner_id, wanted)
    for key in unused:
        after_commit.add_task(blobs.delete, key)
    return BulkDeleted(deleted=deleted, skipped=wanted.asked - deleted)

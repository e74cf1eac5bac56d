"""`/tags`: all tags of the caller, and what may be done with them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.tags import repository, service
from metadata_service.tags.errors import TagNameTakenError, TagNotFoundError
from metadata_service.tags.schemas import (
    BulkTagged,
    BulkTags,
    Merge,
    Merged,
    Rename,
    Renamed,
    Suggestion,
    Suggestions,
    TagDeleted,
    TagList,
    TagOut,
)
from service_kit.problems import answers

router = APIRouter(prefix="/tags", tags=["tags"])

TagId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_READ = answers(NotSignedInError, InvalidTokenError)
_WRITE = answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, TagNotFoundError, DatabaseBusyError)


@router.get("", summary="All your tags", responses=_READ)
async def list_tags(
    owner_id: SignedIn,
    session: ReadSession,
    sort_by: Literal["name", "photo_count", "count", "created_at"] = "name",
    order: Literal["asc", "desc"] = "asc",
) -> TagList:
    key: Literal["name", "photo_count", "created_at"] = "photo_count" if sort_by == "count" else sort_by
    rows = await repository.all_counted(session, owner_id, key, descending=order == "desc")
    tags = [
        TagOut(id=tag.id, name=tag.name, photo_count=number, created_at=tag.created_at, updated_at=tag.updated_at)
        for tag, number in rows
    ]
    return TagList(tags=tags, total=len(tags))


@router.get("/autocomplete", summary="Your tags that begin with what was typed", responses=_READ)
async def autocomplete(
    owner_id: SignedIn,
    session: ReadSession,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Suggestions:
    rows = await repository.beginning_with(session, owner_id, service.tag_key(q), limit)
    return Suggestions(suggestions=[Suggestion(id=tag.id, name=tag.name, photo_count=number) for tag, number in rows])


@router.post(
    "/bulk",
    summary="Put tags on many photos, and take others off",
    responses=_WRITE,
    response_model_exclude_unset=True,
)
async def bulk(wanted: BulkTags, owner_id: SignedIn, session: WriteSession) -> BulkTagged:
    had = await service.carrying(session, owner_id, wanted.photo_ids, wanted.add) if wanted.tell_before else None
    photos, added, removed = await service.tag_many(
        session, owner_id, wanted.photo_ids, add=wanted.add, remove=wanted.remove
    )
    told = BulkTagged(photos=photos, added=added, removed=removed)
    if had is not None:
        told.had = had
    return told


@router.put("/{tag_id:int}", summary="Rename a tag", responses={**_WRITE, **answers(TagNameTakenError)})
async def rename(tag_id: TagId, wanted: Rename, owner_id: SignedIn, session: WriteSession) -> Renamed:
    tag, old_name = await service.rename(session, owner_id, tag_id, wanted.new_name)
    number = await repository.count_photos(session, owner_id, tag_id)
    return Renamed(id=tag.id, old_name=old_name, new_name=tag.name, photo_count=number, updated_at=tag.updated_at)


@router.post("/{tag_id:int}/merge", summary="Let another tag take over", responses=_WRITE)
async def merge(tag_id: TagId, wanted: Merge, owner_id: SignedIn, session: WriteSession) -> Merged:
    into, affected = await service.merge(session, owner_id, tag_id, wanted.into_id)
    number = await repository.count_photos(session, owner_id, into.id)
    return Merged(id=into.id, name=into.name, photo_count=number, photos_affected=affected)


@router.delete("/{tag_id:int}", summary="Delete a tag; its photos stay", responses=_WRITE)
async def delete(tag_id: TagId, owner_id: SignedIn, session: WriteSession) -> TagDeleted:
    name, affected = await service.delete(session, owner_id, tag_id)
    message = f"The tag was removed from {affected} photo{'' if affected == 1 else 's'}."
    return TagDeleted(deleted_tag=name, photos_affected=affected, message=message)

"""`/authors`: the caller's photographers, seen by nobody else."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.authors import repository, service
from metadata_service.authors.errors import AuthorNotFoundError
from metadata_service.authors.schemas import AuthorChange, AuthorDeleted, AuthorOut, NewAuthor
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET, Page, offset_meta
from service_kit.problems import answers

router = APIRouter(prefix="/authors", tags=["authors"])

AuthorId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_READ = answers(NotSignedInError, InvalidTokenError, AuthorNotFoundError)
_WRITE = answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, AuthorNotFoundError, DatabaseBusyError)


@router.get("", summary="Your authors, by name", responses=answers(NotSignedInError, InvalidTokenError))
async def list_authors(
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> Page[AuthorOut]:
    rows = await repository.page(session, owner_id, limit=limit, offset=offset)
    total = await repository.count(session, owner_id)
    meta = offset_meta(total=total, offset=offset, limit=limit, next_cursor=None)
    return Page(data=[service.present(author, number) for author, number in rows], meta=meta)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Add an author", responses=_WRITE)
async def create(new: NewAuthor, owner_id: SignedIn, session: WriteSession) -> AuthorOut:
    return await service.create(session, owner_id, new)


@router.get("/{author_id:int}", summary="An author of yours", responses=_READ)
async def get_author(author_id: AuthorId, owner_id: SignedIn, session: ReadSession) -> AuthorOut:
    return await service.get(session, owner_id, author_id)


@router.put("/{author_id:int}", summary="Change an author", responses=_WRITE)
async def change(author_id: AuthorId, wanted: AuthorChange, owner_id: SignedIn, session: WriteSession) -> AuthorOut:
    return await service.change(session, owner_id, author_id, wanted)


@router.delete("/{author_id:int}", summary="Delete an author; the photos stay", responses=_WRITE)
async def delete(author_id: AuthorId, owner_id: SignedIn, session: WriteSession) -> AuthorDeleted:
    await service.delete(session, owner_id, author_id)
    return AuthorDeleted(id=author_id)

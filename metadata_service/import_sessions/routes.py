"""`/import-sessions`, also spelled `/import_sessions`: begin, follow, end an import."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.import_sessions import repository, service
from metadata_service.import_sessions.errors import ImportEndedError, ImportNotFoundError, UnknownAuthorError
from metadata_service.import_sessions.schemas import Counter, ImportOut, ItemOut, NewImport, Progress
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET, Page, PageMeta, offset_meta
from service_kit.problems import answers

_EVENT_PAUSE = 0.5
_READ = answers(NotSignedInError, InvalidTokenError, ImportNotFoundError)
_WRITE = answers(
    NotSignedInError,
    InvalidTokenError,
    CrossSiteRequestError,
    ImportNotFoundError,
    ImportEndedError,
    UnknownAuthorError,
    DatabaseBusyError,
)

_sessions = APIRouter()
ImportId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@_sessions.post("", status_code=status.HTTP_201_CREATED, summary="Begin an import", responses=_WRITE)
@_sessions.post("/start", summary="The same, for earlier clients", responses=_WRITE)
async def start(wanted: NewImport, owner_id: SignedIn, session: WriteSession) -> ImportOut:
    row = await service.start(session, owner_id, wanted)
    return ImportOut.of(row, service.status_of(row), "Import session created")


@_sessions.get("", summary="Your imports, newest first", responses=answers(NotSignedInError, InvalidTokenError))
async def list_imports(
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> Page[ImportOut]:
    rows = await repository.newest(session, owner_id, limit=limit, offset=offset)
    total = await repository.count(session, owner_id)
    meta = offset_meta(total=total, offset=offset, limit=limit, next_cursor=None)
    return Page(data=[ImportOut.of(row, service.status_of(row)) for row in rows], meta=meta)


@_sessions.get("/{import_id:int}", summary="How far an import has come", responses=_READ)
async def get_import(import_id: ImportId, owner_id: SignedIn, session: ReadSession) -> ImportOut:
    row = await service.get(session, owner_id, import_id)
    return ImportOut.of(row, service.status_of(row))


@_sessions.get("/{import_id:int}/items", summary="What an import did so far, to resume from", responses=_READ)
async def list_items(
    import_id: ImportId,
    owner_id: SignedIn,
    session: ReadSession,
    cursor: Annotated[str, Query(max_length=255, description="`next_cursor` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> Page[ItemOut]:
    await service.get(session, owner_id, import_id)
    found = await repository.items(session, import_id, after=cursor, limit=limit + 1)
    shown = found[:limit]
    next_cursor = shown[-1].key if len(found) > limit else None
    meta = PageMeta(limit=limit, next_cursor=next_cursor)
    return Page(data=[ItemOut.model_validate(item) for item in shown], meta=meta)


@_sessions.get(
    "/{import_id:int}/events",
    summary="Follow an import: an event with its state whenever it changes, until it ends",
    response_class=EventSourceResponse,
    responses=_READ,
)
async def follow(
    state: Annotated[ImportOut, Depends(get_import)],
    import_id: ImportId,
    owner_id: SignedIn,
    database: Annotated[Database, Depends(database)],
) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(data=state, event="progress")
    while state.status in {"in_progress", "stale"}:
        await asyncio.sleep(_EVENT_PAUSE)
        async with database.reading() as session:
            row = await service.get(session, owner_id, import_id)
        now = ImportOut.of(row, service.status_of(row))
        if now != state:
            state = now
            yield ServerSentEvent(data=state, event="progress")


@_sessions.patch("/{import_id:int}", summary="Report progress, rename, or end an import", responses=_WRITE)
@_sessions.patch("/{import_id:int}/progress", summary="The same, for earlier clients", responses=_WRITE)
async def report(import_id: ImportId, progress: Progress, owner_id: SignedIn, session: WriteSession) -> ImportOut:
    row = await service.report(session, owner_id, import_id, progress)
    return ImportOut.of(row, service.status_of(row))


@_sessions.post(
    "/{import_id:int}/increment/{counter}",
    summary="Count one more, for clients that count by themselves",
    responses=_WRITE,
)
async def increment(import_id: ImportId, counter: Counter, owner_id: SignedIn, session: WriteSession) -> ImportOut:
    row = await service.claim(session, owner_id, import_id, counter)
    return ImportOut.of(row, service.status_of(row))


@_sessions.post("/{import_id:int}/complete", summary="The import is done", responses=_WRITE)
async def complete(import_id: ImportId, owner_id: SignedIn, session: WriteSession) -> ImportOut:
    row = await service.end(session, owner_id, import_id, "completed")
    return ImportOut.of(row, service.status_of(row), "Import completed")


@_sessions.post("/{import_id:int}/cancel", summary="The import is given up; what came stays", responses=_WRITE)
async def cancel(import_id: ImportId, owner_id: SignedIn, session: WriteSession) -> ImportOut:
    row = await service.end(session, owner_id, import_id, "cancelled")
    return ImportOut.of(row, service.status_of(row), "Import cancelled")


router = APIRouter(tags=["import sessions"])
router.include_router(_sessions, prefix="/import-sessions")
router.include_router(_sessions, prefix="/import_sessions", include_in_schema=False)

"""`/input-channels`: the later name of import sessions; the same rows, seen as where photos come from."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.import_sessions import repository, service
from metadata_service.import_sessions.errors import ImportNotFoundError, UnknownAuthorError
from metadata_service.import_sessions.routes import ImportId
from metadata_service.import_sessions.schemas import ChannelChange, NewImport
from metadata_service.tables import ImportSession
from service_kit.problems import answers

router = APIRouter(prefix="/input-channels", tags=["import sessions"])

_READ = answers(NotSignedInError, InvalidTokenError, ImportNotFoundError)
_WRITE = answers(
    NotSignedInError,
    InvalidTokenError,
    CrossSiteRequestError,
    ImportNotFoundError,
    UnknownAuthorError,
    DatabaseBusyError,
)


class NewChannel(ChannelChange):
    """Where photos will come from."""


class ChannelOut(BaseModel):
    """A channel, and how many photos came through it; those in the trash are not counted."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    imported_at: datetime
    title: str | None
    description: str | None
    default_author_id: int | None
    images_count: int

    @classmethod
    def of(cls, row: ImportSession, images_count: int) -> "ChannelOut":
        """Show a session as a channel."""
        return cls(
            id=row.id,
            imported_at=row.started_at,
            title=row.title,
            description=row.description,
            default_author_id=row.default_author_id,
            images_count=images_count,
        )


class ChannelList(BaseModel):
    """All channels of the caller, newest first."""

    channels: list[ChannelOut]
    total: int


class ChannelDeleted(BaseModel):
    """The channel is gone; its photos stay."""

    id: int
    message: str = "The input channel was deleted."


@router.get("", summary="Your input channels, newest first", responses=answers(NotSignedInError, InvalidTokenError))
async def list_channels(owner_id: SignedIn, session: ReadSession) -> ChannelList:
    rows = await repository.with_photo_counts(session, owner_id)
    return ChannelList(channels=[ChannelOut.of(row, number) for row, number in rows], total=len(rows))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Add an input channel", responses=_WRITE)
async def create(new: NewChannel, owner_id: SignedIn, session: WriteSession) -> ChannelOut:
    row = await service.start(session, owner_id, NewImport(**new.model_dump()))
    return ChannelOut.of(row, 0)


@router.get("/{import_id:int}", summary="An input channel of yours", responses=_READ)
async def get_channel(import_id: ImportId, owner_id: SignedIn, session: ReadSession) -> ChannelOut:
    row = await service.get(session, owner_id, import_id)
    return ChannelOut.of(row, await repository.count_photos(session, import_id))


@router.patch("/{import_id:int}", summary="Change an input channel", responses=_WRITE)
@router.put("/{import_id:int}", summary="The same, for clients that say PUT", responses=_WRITE)
async def change(import_id: ImportId, wanted: ChannelChange, owner_id: SignedIn, session: WriteSession) -> ChannelOut:
    row = await service.change(session, owner_id, import_id, wanted)
    return ChannelOut.of(row, await repository.count_photos(session, import_id))


@router.delete("/{import_id:int}", summary="Delete an input channel; its photos stay", responses=_WRITE)
async def delete(import_id: ImportId, owner_id: SignedIn, session: WriteSession) -> ChannelDeleted:
    await service.delete(session, owner_id, import_id)
    return ChannelDeleted(id=import_id)

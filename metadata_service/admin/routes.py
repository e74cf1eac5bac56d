"""`/admin`: for administrators; to all others there is nothing here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, status

from metadata_service.accounts.asked_from import AskedFrom
from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    InvalidTokenError,
    NotSignedInError,
    SignInBusyError,
)
from metadata_service.accounts.viewer import SignedIn
from metadata_service.admin import repository, service
from metadata_service.admin.errors import AccountNotFoundError, InviteNotFoundError, LastAdminError
from metadata_service.admin.schemas import (
    AccountChange,
    AccountDetail,
    AccountOut,
    InviteList,
    InviteMade,
    InviteRemoved,
    NewInvite,
    PasswordReset,
)
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.paging import InvalidCursorError, Page
from metadata_service.profile import service as profile
from metadata_service.profile.schemas import SecurityEventOut
from service_kit.errors import NotFoundError
from service_kit.problems import answers

router = APIRouter(prefix="/admin", tags=["administration"])

_READ = (NotSignedInError, InvalidTokenError, NotFoundError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError)
Id = Annotated[int, Path(ge=1, lt=2**63)]


async def _admin(user_id: SignedIn, database: Annotated[Database, Depends(database)]) -> int:
    """Insist on an administrator; who is none learns nothing, not even that there is such a route."""
    async with database.reading() as session:
        if not await repository.is_admin(session, user_id):
            raise NotFoundError
    return user_id


Admin = Annotated[int, Depends(_admin, scope="function")]


@router.get("/users", summary="All accounts", responses=answers(*_READ, InvalidCursorError))
async def accounts(
    _admin_id: Admin,
    session: ReadSession,
    *,
    query: Annotated[str | None, Query(max_length=320, description="How a name or address begins.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[AccountOut]:
    return await service.accounts(session, limit=limit, cursor=cursor, beginning=query)


@router.get(
    "/users/{user_id}",
    summary="One account, and how much it holds",
    responses=answers(*_READ, AccountNotFoundError),
)
async def account(user_id: Id, _admin_id: Admin, session: ReadSession) -> AccountDetail:
    return await service.account(session, user_id)


@router.patch(
    "/users/{user_id}",
    summary="Disable, enable, bound an account, or make it an administrator",
    responses=answers(*_WRITE, AccountNotFoundError, LastAdminError),
)
async def change(
    user_id: Id, wanted: AccountChange, admin_id: Admin, client: AskedFrom, session: WriteSession
) -> AccountDetail:
    return await service.change(session, admin_id, user_id, wanted, client)


@router.post(
    "/users/{user_id}/reset-password",
    summary="Give an account a password for once; it is signed out everywhere",
    responses=answers(*_WRITE, AccountNotFoundError, SignInBusyError),
)
async def reset_password(
    user_id: Id, admin_id: Admin, database: Annotated[Database, Depends(database)]
) -> PasswordReset:
    return await service.reset_password(database, admin_id, user_id)


@router.get(
    "/users/{user_id}/security-events",
    summary="What happened to an account, newest first",
    responses=answers(*_READ, AccountNotFoundError, InvalidCursorError),
)
async def events(
    user_id: Id,
    _admin_id: Admin,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[SecurityEventOut]:
    await service.account(session, user_id)
    return await profile.events(session, user_id, limit=limit, cursor=cursor)


@router.get("/invites", summary="All invitations", responses=answers(*_READ))
async def invites(_admin_id: Admin, session: ReadSession) -> InviteList:
    return InviteList(data=await service.invited(session))


@router.post(
    "/invites",
    status_code=status.HTTP_201_CREATED,
    summary="Invite somebody: the code is shown this once",
    responses=answers(*_WRITE),
)
async def invite(wanted: NewInvite, _admin_id: Admin, session: WriteSession) -> InviteMade:
    return await service.invite(session, wanted)


@router.delete(
    "/invites/{invite_id}", summary="Withdraw an invitation", responses=answers(*_WRITE, InviteNotFoundError)
)
async def withdraw(invite_id: Id, _admin_id: Admin, session: WriteSession) -> InviteRemoved:
    await service.withdraw(session, invite_id)
    return InviteRemoved()

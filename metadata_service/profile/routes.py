"""`/users/me`: one's own account."""

from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response

from metadata_service.accounts import cookies
from metadata_service.accounts.asked_from import Asking
from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    EmailTakenError,
    InvalidTokenError,
    NotSignedInError,
    SignInBusyError,
    WrongPasswordError,
)
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import InvalidCursorError, Page
from metadata_service.profile import service
from metadata_service.profile.schemas import (
    AccountDeleted,
    NewPasswordIn,
    PasswordChanged,
    Profile,
    ProfileChange,
    SecurityEventOut,
)
from metadata_service.rate_limit import Limit, Throttle, TooManyAttemptsError
from metadata_service.storage.sweep import sweep
from service_kit.problems import answers

router = APIRouter(prefix="/users/me", tags=["accounts"])

PASSWORD_CHANGES: Final = Limit("password-change", 10, 300)
_READ = answers(NotSignedInError, InvalidTokenError)
_WRITE = (NotSignedInError, InvalidTokenError, CrossSiteRequestError, DatabaseBusyError)


@router.get("", summary="Your account, and how much it holds", responses=_READ)
async def show(user_id: SignedIn, session: ReadSession) -> Profile:
    return await service.show(session, user_id)


@router.put("", summary="Change your account", responses=answers(*_WRITE, EmailTakenError))
async def change(wanted: ProfileChange, asker: Asking, session: WriteSession) -> Profile:
    return await service.change(session, asker, wanted)


@router.delete("", summary="Delete your account and all that is yours", responses=answers(*_WRITE))
async def delete(
    request: Request, user_id: SignedIn, session: WriteSession, response: Response, after_commit: BackgroundTasks
) -> AccountDeleted:
    await service.delete(session, user_id)
    after_commit.add_task(sweep, request.app.state.database, request.app.state.blobs)
    cookies.forget_login(response)
    return AccountDeleted()


@router.post(
    "/change-password",
    summary="Change your password; every other sign-in ends",
    responses=answers(*_WRITE, WrongPasswordError, TooManyAttemptsError, SignInBusyError),
)
async def change_password(wanted: NewPasswordIn, request: Request, asker: Asking, limiter: Throttle) -> PasswordChanged:
    await limiter.spend(PASSWORD_CHANGES, str(asker.user_id))
    state = request.app.state
    await service.change_password(state.database, asker, wanted, state.settings.password_min_length)
    return PasswordChanged()


@router.get(
    "/security-events",
    summary="What happened to your account, newest first",
    responses=answers(NotSignedInError, InvalidTokenError, InvalidCursorError),
)
async def events(
    user_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[SecurityEventOut]:
    return await service.events(session, user_id, limit=limit, cursor=cursor)

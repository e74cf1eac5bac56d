"""`/users/me`: one's own account."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Response

from metadata_service.accounts import profile
from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    EmailTakenError,
    InvalidTokenError,
    NotSignedInError,
    WrongPasswordError,
)
from metadata_service.accounts.schemas import AccountDeleted, NewPasswordIn, PasswordChanged, Profile, ProfileChange
from metadata_service.accounts.viewer import COOKIE, SignedIn
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.storage.access import Blobs
from service_kit.problems import answers

router = APIRouter(prefix="/users/me", tags=["accounts"])

_READ = answers(NotSignedInError, InvalidTokenError)
_WRITE = (NotSignedInError, InvalidTokenError, CrossSiteRequestError, DatabaseBusyError)


@router.get("", summary="Your account, and how much it holds", responses=_READ)
async def show(user_id: SignedIn, session: ReadSession) -> Profile:
    return await profile.show(session, user_id)


@router.put("", summary="Change your account", responses=answers(*_WRITE, EmailTakenError))
async def change(wanted: ProfileChange, user_id: SignedIn, session: WriteSession) -> Profile:
    return await profile.change(session, user_id, wanted)


@router.delete("", summary="Delete your account and all that is yours", responses=answers(*_WRITE))
async def delete(
    user_id: SignedIn, session: WriteSession, blobs: Blobs, response: Response, after_commit: BackgroundTasks
) -> AccountDeleted:
    for key in await profile.delete(session, user_id):
        after_commit.add_task(blobs.delete, key)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return AccountDeleted()


@router.post("/change-password", summary="Change your password", responses=answers(*_WRITE, WrongPasswordError))
async def change_password(
    wanted: NewPasswordIn, user_id: SignedIn, database: Annotated[Database, Depends(database)]
) -> PasswordChanged:
    await profile.change_password(database, user_id, wanted)
    return PasswordChanged()

"""What administrators do with accounts: look, disable, bound, reset. What was done, the account's owner reads too."""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository as users
from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.client import Client
from metadata_service.accounts.digests import new_secret
from metadata_service.accounts.passwords import hash_password
from metadata_service.accounts.quota import held
from metadata_service.admin import repository
from metadata_service.admin.errors import AccountNotFoundError, InviteNotFoundError, LastAdminError
from metadata_service.admin.schemas import (
    AccountChange,
    AccountDetail,
    AccountOut,
    InviteMade,
    InviteOut,
    NewInvite,
    PasswordReset,
)
from metadata_service.db.engine import Database
from metadata_service.paging import Cursor, Page, PageMeta
from metadata_service.sessions import repository as sessions
from metadata_service.sign_up import invites
from metadata_service.tables import User

_BY_ID: Final = 201  # the order's number in cursors
_TEMPORARY: Final = 20


async def accounts(session: AsyncSession, *, limit: int, cursor: str | None, beginning: str | None) -> Page[AccountOut]:
    """Give a page of accounts."""
    after = Cursor.parse(cursor, order=_BY_ID, keys=1).keys[0] if cursor else 0
    found = await repository.accounts(session, after=after, limit=limit + 1, beginning=beginning)
    shown = [AccountOut.model_validate(user) for user in found[:limit]]
    following = str(Cursor(_BY_ID, (shown[-1].id,))) if len(found) > limit else None
    return Page(data=shown, meta=PageMeta(limit=limit, next_cursor=following))


async def account(session: AsyncSession, user_id: int) -> AccountDetail:
    """Give one account and how much it holds, or raise `AccountNotFoundError`."""
    return await _detail(session, await _get(session, user_id))


async def _get(session: AsyncSession, user_id: int) -> User:
    user = await users.by_id(session, user_id)
    if user is None:
        raise AccountNotFoundError
    return user


async def _detail(session: AsyncSession, user: User) -> AccountDetail:
    photos, size = await held(session, user.id)
    return AccountDetail(
        **AccountOut.model_validate(user).model_dump(),
        photos_held=photos,
        bytes_held=size,
        signed_in=await repository.signed_in(session, user.id),
    )


async def change(
    session: AsyncSession, admin_id: int, user_id: int, wanted: AccountChange, client: Client
) -> AccountDetail:
    """Set the fields that were given; a disabled account is out at once."""
    admins = await repository.lock_admins(session)
    user = await _get(session, user_id)
    given = wanted.model_dump(exclude_unset=True)
    stays = given.get("is_active", user.is_active) and given.get("is_admin", user.is_admin)
    if admins == {user_id} and not stays:
        raise LastAdminError("This is the last account that administers the others.")
    changed = {name: value for name, value in given.items() if getattr(user, name) != value}
    for name, value in changed.items():
        setattr(user, name, value)
    await session.flush()
    if changed.get("is_active") is False:
        await sessions.end_all(session, user_id)
    _tell(session, user_id, changed, client, admin_id)
    await session.flush()
    return await _detail(session, user)


def _tell(session: AsyncSession, user_id: int, changed: dict[str, Any], client: Client, admin_id: int) -> None:
    """Write down what changed. The owner reads it, so it names the administrator, and not from where."""
    where = client if admin_id == user_id else None
    if "is_active" in changed:
        kind = Happened.ENABLED if changed["is_active"] else Happened.DISABLED
        record(session, user_id, kind, where, by=admin_id)
    if "is_admin" in changed:
        record(session, user_id, Happened.ADMIN_CHANGED, where, by=admin_id, is_admin=changed["is_admin"])
    if quotas := {name: value for name, value in changed.items() if name.startswith("quota_")}:
        record(session, user_id, Happened.QUOTA_CHANGED, where, by=admin_id, **quotas)


async def reset_password(database: Database, admin_id: int, user_id: int) -> PasswordReset:
    """Give the account a password for once, and end all its sign-ins."""
    async with database.reading() as session:
        await _get(session, user_id)
    temporary = new_secret()[:_TEMPORARY]
    password_hash = await hash_password(temporary)
    async with database.writing() as session:
        await _get(session, user_id)
        await users.set_password_hash(session, user_id, password_hash)
        await sessions.end_all(session, user_id)
        record(session, user_id, Happened.PASSWORD_RESET, None, by=admin_id)
    return PasswordReset(temporary_password=temporary)


async def invite(session: AsyncSession, wanted: NewInvite) -> InviteMade:
    """Make an invitation."""
    made, code = await invites.invite(session, note=wanted.note, days=wanted.days)
    return InviteMade(**InviteOut.model_validate(made).model_dump(), code=code)


async def invited(session: AsyncSession) -> list[InviteOut]:
    """Give all invitations."""
    return [InviteOut.model_validate(row) for row in await repository.invites(session)]


async def withdraw(session: AsyncSession, invite_id: int) -> None:
    """Remove an invitation, or raise `InviteNotFoundError`."""
    if not await repository.remove_invite(session, invite_id):
        raise InviteNotFoundError

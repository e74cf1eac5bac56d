"""What a user may do with their own account."""

from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository as accounts
from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.client import Asker
from metadata_service.accounts.errors import EmailTakenError, WrongPasswordError
from metadata_service.accounts.names import key_of
from metadata_service.accounts.password_rules import check_password
from metadata_service.accounts.passwords import NO_PASSWORD, hash_password, verify_password
from metadata_service.accounts.service import get
from metadata_service.db.engine import Database
from metadata_service.db.turns import take_turn
from metadata_service.derived import search
from metadata_service.paging import Cursor, Page, PageMeta
from metadata_service.profile import repository
from metadata_service.profile.schemas import NewPasswordIn, Profile, ProfileChange, ProviderLink, SecurityEventOut
from metadata_service.sessions import repository as sessions
from metadata_service.tables import User

_EVENTS: Final = 200  # the order's number in cursors


async def show(session: AsyncSession, user_id: int) -> Profile:
    """Show the account and how much it holds."""
    return await _shown(session, await get(session, user_id))


async def _shown(session: AsyncSession, user: User) -> Profile:
    fields = {name: getattr(user, name) for name in Profile.model_fields if hasattr(user, name)}
    links = [ProviderLink.model_validate(link) for link in await repository.provider_links(session, user.id)]
    ways = {"has_password": user.password_hash != NO_PASSWORD, "providers": links}
    return Profile(**fields, **ways, **await repository.holdings(session, user.id))


async def change(session: AsyncSession, asker: Asker, wanted: ProfileChange) -> Profile:
    """Set the fields that were given. Who ends the account's being active is signed out everywhere."""
    user = await get(session, asker.user_id)
    before = user.email
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    user.email_key = key_of(user.email)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise EmailTakenError from error
    if user.email != before:
        record(session, user.id, Happened.EMAIL_CHANGED, asker.client, before=before)
    if not user.is_active:
        await sessions.end_all(session, user.id)
        record(session, user.id, Happened.DISABLED, asker.client)
    return await _shown(session, user)


async def change_password(database: Database, asker: Asker, wanted: NewPasswordIn, least: int) -> None:
    """Set a new password, for who knows the current one; every other sign-in ends.

    Hashing takes a while, so no connection is held meanwhile.
    """
    async with database.reading() as session:
        user = await get(session, asker.user_id)
    fits, _ = await verify_password(wanted.current_password, user.password_hash)
    if not fits:
        raise WrongPasswordError
    check_password(wanted.new_password, least, user.username, user.email, field="new_password")
    better = await hash_password(wanted.new_password)
    async with database.writing() as session:
        now = await accounts.locked(session, user.id)
        if now is None or now.password_hash != user.password_hash:  # it was changed meanwhile
            raise WrongPasswordError
        await accounts.set_password_hash(session, user.id, better)
        ended = await sessions.end_all(session, user.id, but=asker.session_id)
        record(session, user.id, Happened.PASSWORD_CHANGED, asker.client, ended=len(ended))


async def delete(session: AsyncSession, user_id: int) -> None:
    """Remove the account and all that is its own; its blobs are written down as abandoned, to be swept.

    Its spaces close: what others put into them is not found by them any more.
    """
    for owner_id in sorted({user_id, *await repository.guests(session, user_id)}):
        await take_turn(session, owner_id)
    user = await get(session, user_id)
    await repository.abandon_blobs(session, user_id)
    await search.index(session, await repository.take_guests_photos_out(session, user_id))
    await session.delete(user)
    await session.flush()


async def events(session: AsyncSession, user_id: int, *, limit: int, cursor: str | None) -> Page[SecurityEventOut]:
    """Give a page of what happened to the account, newest first."""
    before = Cursor.parse(cursor, order=_EVENTS, keys=1).keys[0] if cursor else None
    found = await repository.events(session, user_id, before=before, limit=limit + 1)
    shown = [SecurityEventOut.model_validate(event) for event in found[:limit]]
    following = str(Cursor(_EVENTS, (shown[-1].id,))) if len(found) > limit else None
    return Page(data=shown, meta=PageMeta(limit=limit, next_cursor=following))

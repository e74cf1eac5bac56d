"""Makes accounts."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.client import Client
from metadata_service.accounts.digests import digest
from metadata_service.accounts.errors import EmailTakenError
from metadata_service.accounts.names import key_of
from metadata_service.accounts.password_rules import check_password
from metadata_service.accounts.passwords import hash_password
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.settings import Settings
from metadata_service.sign_up import repository
from metadata_service.sign_up.errors import InviteNeededError, RegistrationClosedError, UsernameTakenError
from metadata_service.sign_up.schemas import Registration
from metadata_service.tables import User

_CLOSED: Final = "Nobody can register here. Ask who runs this server for an account."


@dataclass(frozen=True, slots=True)
class Person:
    """Who gets an account."""

    username: str
    email: str
    display_name: str | None
    password_hash: str


async def register(database: Database, settings: Settings, wanted: Registration, client: Client) -> User:
    """Create an account; raise when one may not, or when the name or the address is taken."""
    if settings.registration == "closed":
        raise RegistrationClosedError(_CLOSED)
    if settings.registration == "invite" and not wanted.invite_code:
        raise InviteNeededError
    names = (wanted.username, wanted.email, wanted.email.partition("@")[0])
    check_password(wanted.password, settings.password_min_length, *names)
    password_hash = await hash_password(wanted.password)  # takes a while, so no connection is held meanwhile
    async with database.writing() as session:
        person = Person(wanted.username, wanted.email, wanted.display_name, password_hash)
        user = await create(session, person, client, first_is_admin=settings.first_user_is_admin)
        if settings.registration == "invite":
            await _use_up(session, wanted.invite_code or "", user.id)
    return user


async def create(session: AsyncSession, person: Person, client: Client | None, *, first_is_admin: bool) -> User:
    """Insert the account, raising `UsernameTakenError` or `EmailTakenError`; the first may become administrator."""
    user = User(
        username=person.username,
        username_key=key_of(person.username),
        email=person.email,
        email_key=key_of(person.email),
        display_name=person.display_name,
        password_hash=person.password_hash,
        is_admin=first_is_admin and await repository.is_first(session),
    )
    session.add(user)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        # The constraint decides, because two registrations may race; its name says which one it was.
        taken = UsernameTakenError if "username_key" in str(error.orig) else EmailTakenError
        raise taken from error
    record(session, user.id, Happened.REGISTERED, client, is_admin=user.is_admin)
    await session.flush()
    return user


async def _use_up(session: AsyncSession, code: str, user_id: int) -> None:
    if not await repository.use_invite(session, digest(code), user_id, utc_now()):
        raise InviteNeededError("The invitation is unknown, was used or has expired. Ask for another.")

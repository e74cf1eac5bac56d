"""Finds or makes the account of somebody whom a provider knows."""

import re
from datetime import timedelta
from typing import Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository as accounts
from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.client import Asker, Client
from metadata_service.accounts.errors import EmailTakenError
from metadata_service.accounts.passwords import NO_PASSWORD
from metadata_service.accounts.tokens import Tokens
from metadata_service.oidc import repository
from metadata_service.oidc.errors import (
    IdentityNotFoundError,
    IdentityTakenError,
    LastWayInError,
    NoAccountError,
    ProviderRefusedError,
)
from metadata_service.oidc_client import Identity
from metadata_service.sessions import repository as sign_ins
from metadata_service.sessions import service as sessions
from metadata_service.sessions.service import SignedIn
from metadata_service.settings import Settings
from metadata_service.sign_up import service as sign_up
from metadata_service.sign_up.service import Person
from metadata_service.tables import ProviderIdentity, User

_NOT_IN_A_USERNAME: Final = re.compile(r"[^\w.+-]+")
_METHOD: Final = "oidc"


async def sign_in(
    session: AsyncSession, identity: Identity, client: Client, settings: Settings, tokens: Tokens
) -> SignedIn:
    """Sign in the account of an identity, which is made if there is none and that is allowed."""
    user = await repository.user_of(session, identity.issuer, identity.subject)
    if user is None:
        if not settings.oidc_creates_accounts:
            raise NoAccountError("There is no account here for you. Ask who runs this server for one, then link it.")
        user = await _new_account(session, identity, client, settings)
    locked = await accounts.locked(session, user.id)
    if locked is None or not locked.is_active:
        raise NoAccountError("Your account here is disabled.")
    lifetime = timedelta(days=settings.refresh_token_days)
    return await sessions.begin(session, locked, client, tokens, lifetime, method=_METHOD)


async def _new_account(session: AsyncSession, identity: Identity, client: Client, settings: Settings) -> User:
    """Make an account. An address that an account here has already proves nothing: whose it is, its owner decides."""
    email = _verified_email(identity)
    username = await repository.free_username(session, _username(identity, email))
    person = Person(username, email, (identity.name or "")[:255] or None, NO_PASSWORD)
    try:
        user = await sign_up.create(session, person, client, first_is_admin=settings.first_user_is_admin)
    except EmailTakenError as error:
        raise EmailTakenError(
            "There is an account with your e-mail address already. Sign in to it with its password, then link it."
        ) from error
    await link(session, user.id, identity, client)
    return user


async def link(session: AsyncSession, user_id: int, identity: Identity, client: Client) -> None:
    """Let an account be signed in to by that identity; raise `IdentityTakenError` if another account is."""
    found = await repository.user_of(session, identity.issuer, identity.subject)
    if found is not None and found.id == user_id:
        return
    try:
        async with session.begin_nested():
            session.add(ProviderIdentity(user_id=user_id, issuer=identity.issuer, subject=identity.subject))
            await session.flush()
    except IntegrityError as error:
        raise IdentityTakenError from error
    record(session, user_id, Happened.PROVIDER_LINKED, client, issuer=identity.issuer)
    await session.flush()


async def unlink(session: AsyncSession, asker: Asker, identity_id: int, issuer: str | None) -> None:
    """Let an account not be signed in to by that identity any more, and end the sign-ins that began at a provider.

    Refused, where neither a password nor another identity with `issuer`, the provider of this server, would be left.
    """
    user = await accounts.locked(session, asker.user_id)
    linked = {identity.id: identity for identity in await repository.of_user(session, asker.user_id)}
    gone = linked.pop(identity_id, None)
    if user is None or gone is None:
        raise IdentityNotFoundError
    if user.password_hash == NO_PASSWORD and not any(other.issuer == issuer for other in linked.values()):
        raise LastWayInError("Your account has no password. Ask an administrator for one first, then unlink.")
    await session.delete(gone)
    ended = await sign_ins.end_all(session, asker.user_id, but=asker.session_id, method=_METHOD)
    record(session, asker.user_id, Happened.PROVIDER_UNLINKED, asker.client, issuer=gone.issuer, ended=len(ended))
    await session.flush()


def _verified_email(identity: Identity) -> str:
    if identity.email is None or not identity.email_is_verified:
        raise ProviderRefusedError("The provider does not vouch for an e-mail address of yours.")
    try:
        return validate_email(identity.email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ProviderRefusedError("The provider's e-mail address of yours is none.") from error


def _username(identity: Identity, email: str) -> str:
    wanted = _NOT_IN_A_USERNAME.sub("", identity.username or email.partition("@")[0])[:40]
    return wanted if len(wanted) >= 3 else f"user-{wanted}"

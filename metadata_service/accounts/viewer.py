"""Who is behind a request: a bearer token, an API key, the page's cookie, or anyone."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from metadata_service.accounts.alive import Alive
from metadata_service.accounts.cookies import COOKIE
from metadata_service.accounts.cross_site import is_cross_site_change
from metadata_service.accounts.digests import digest
from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    InsufficientScopeError,
    InvalidTokenError,
    NotSignedInError,
)
from metadata_service.accounts.later import Later
from metadata_service.accounts.scopes import KEY_PREFIX, may, scope_of
from metadata_service.accounts.tokens import Tokens
from metadata_service.accounts.view_as import ViewAs, eyes_of, refused
from metadata_service.db.engine import Database
from metadata_service.visibility import ANYONE, Viewer

_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login", auto_error=False)


@dataclass(frozen=True, slots=True)
class Credential:
    """By what somebody is known: a session, or a key of theirs."""

    user_id: int
    session_id: int | None = None
    key_id: int | None = None


async def tokens(request: Request) -> Tokens:
    """Find the application's token issuer."""
    found: Tokens = request.app.state.tokens
    return found


async def credential(request: Request, bearer: Annotated[str | None, Depends(_bearer)]) -> Credential | None:
    """Name who asks. A bad bearer token is an error; with a stale cookie one is anyone, and still sees the public."""
    if bearer is None:
        return await _by_cookie(request)
    if bearer.startswith(KEY_PREFIX):
        return await _by_key(request, bearer)
    if (found := await _by_token(request, bearer)) is None:
        raise InvalidTokenError("The sign-in of this access token has ended, or its account is gone or disabled.")
    return found


AskedBy = Annotated[Credential | None, Depends(credential, scope="function")]


async def _by_token(request: Request, token: str) -> Credential | None:
    alive: Alive = request.app.state.alive
    later: Later = request.app.state.later
    claims = request.app.state.tokens.read(token)
    if not await alive.is_signed_in(claims):
        return None
    later.session_used(claims.session_id)
    return Credential(claims.user_id, session_id=claims.session_id)


async def _by_key(request: Request, key: str) -> Credential:
    alive: Alive = request.app.state.alive
    later: Later = request.app.state.later
    holder = await alive.holder(digest(key))
    if holder is None:
        raise InvalidTokenError("There is no such API key, or it has expired or was revoked.")
    later.key_used(holder.key_id)
    method, path = request.method, request.scope["path"]
    if not may(holder.scopes, method, path):
        raise InsufficientScopeError(scope_of(method, path))
    return Credential(holder.user_id, key_id=holder.key_id)


async def _by_cookie(request: Request) -> Credential | None:
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return None
    try:
        found = await _by_token(request, cookie)
    except InvalidTokenError:
        return None
    if found is not None and is_cross_site_change(request):
        raise CrossSiteRequestError("A page of another site may not act with your login.")
    return found


async def current_viewer(request: Request, who: AskedBy, named: ViewAs = None) -> Viewer:
    """Name the viewer: whoever asks, or anyone; or whoever's eyes the owner wants to look through."""
    if named is None:
        return ANYONE if who is None else Viewer(who.user_id)
    if who is None:
        raise refused("sign in to look at what is yours through other eyes.")
    database: Database = request.app.state.database
    async with database.reading() as session:
        return Viewer(None, await eyes_of(session, who.user_id, named))


CurrentViewer = Annotated[Viewer, Depends(current_viewer, scope="function")]


async def caller(who: AskedBy) -> Credential:
    """Insist on somebody; tell by what they are known."""
    if who is None:
        raise NotSignedInError
    return who


Caller = Annotated[Credential, Depends(caller, scope="function")]


async def signed_in(who: Caller) -> int:
    """Insist on a signed-in user; give their id."""
    return who.user_id


SignedIn = Annotated[int, Depends(signed_in, scope="function")]

"""Who is behind a request: a bearer token, the page's cookie, or anyone."""

from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from metadata_service.accounts.alive import Alive
from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.tokens import Tokens
from metadata_service.visibility import ANYONE, Viewer

COOKIE: Final = "imalink_session"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE: Final = frozenset({"same-origin", "none"})

_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login", auto_error=False)


async def tokens(request: Request) -> Tokens:
    """Find the application's token issuer."""
    found: Tokens = request.app.state.tokens
    return found


async def _alive(request: Request) -> Alive:
    found: Alive = request.app.state.alive
    return found


async def current_viewer(
    request: Request,
    alive: Annotated[Alive, Depends(_alive)],
    bearer: Annotated[str | None, Depends(_bearer)],
    tokens: Annotated[Tokens, Depends(tokens)],
) -> Viewer:
    """Name the viewer. A bad bearer token is an error; with a stale cookie one is anyone, and still sees the public."""
    if bearer is not None:
        user_id = tokens.read(bearer)
        if not await alive.is_active(user_id):
            raise InvalidTokenError("The account of this access token is gone or disabled.")
        return Viewer(user_id)
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return ANYONE
    try:
        user_id = tokens.read(cookie)
    except InvalidTokenError:
        return ANYONE
    if not await alive.is_active(user_id):
        return ANYONE
    _refuse_cross_site(request)
    return Viewer(user_id)


CurrentViewer = Annotated[Viewer, Depends(current_viewer, scope="function")]


async def signed_in(viewer: CurrentViewer) -> int:
    """Insist on a signed-in user; give their id."""
    if viewer.user_id is None:
        raise NotSignedInError
    return viewer.user_id


SignedIn = Annotated[int, Depends(signed_in, scope="function")]


def _refuse_cross_site(request: Request) -> None:
    """Browsers send the cookie by themselves: a change that rides on it must come from a page of this very origin."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own_origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
    same = site in _SAME_SITE if site is not None else origin in {None, own_origin}
    if not same:
        raise CrossSiteRequestError("A page of another site may not act with your login.")

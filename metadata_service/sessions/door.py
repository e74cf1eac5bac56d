"""What the routes of signing in are given, and how they answer."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from metadata_service.accounts import cookies
from metadata_service.accounts.cross_site import is_our_page
from metadata_service.accounts.schemas import UserOut
from metadata_service.db.types import utc_now
from metadata_service.sessions.login import Door, device_of, new_device
from metadata_service.sessions.schemas import LoginAnswer
from metadata_service.sessions.service import SignedIn

_SECOND: Final = timedelta(seconds=1)


async def _door(request: Request) -> Door:
    state = request.app.state
    lifetime = timedelta(days=state.settings.refresh_token_days)
    return Door(state.database, state.rate_limiter, state.later, state.tokens, lifetime)


TheDoor = Annotated[Door, Depends(_door)]


def let_in(door: Door, signed_in: SignedIn, request: Request, response: Response) -> LoginAnswer:
    """Hand out the tokens: to a browser as cookies, to programs in the answer."""
    set_cookies(door, signed_in, request, response)
    response.headers["Cache-Control"] = "no-store"
    return LoginAnswer(
        access_token=signed_in.access_token,
        expires_in=door.tokens.lifetime // _SECOND,
        # A script that got into our page could send it elsewhere; the page itself never needs to see it.
        refresh_token=None if is_our_page(request) else signed_in.refresh_token,
        refresh_expires_in=max(0, (signed_in.expires_at - utc_now()) // _SECOND),
        user=UserOut.model_validate(signed_in.user),
    )


def set_cookies(door: Door, signed_in: SignedIn, request: Request, response: Response) -> None:
    """Let the browser keep who it is."""
    cookies.set_login(request, response, signed_in.access_token, door.tokens.lifetime)
    cookies.set_refresh(request, response, signed_in.refresh_token, door.lifetime)
    account = f"user {signed_in.user.id}"
    if device_of(door.tokens, request.cookies.get(cookies.DEVICE_COOKIE), account) is None:
        cookies.set_device(request, response, new_device(door.tokens, signed_in.user.id))

"""The cookies of a browser that is signed in: never to be read by a script, never sent by another site's page."""

from datetime import timedelta
from typing import Final

from fastapi import Request, Response

COOKIE: Final = "imalink_session"
"""The access token: short, sent with every request of the page, also for plain pictures."""
REFRESH_COOKIE: Final = "imalink_refresh"
"""The refresh token: long, sent to the routes of signing in and out alone."""
DEVICE_COOKIE: Final = "imalink_device"
"""Says that somebody has signed in from this browser before; it opens nothing."""

_AUTH: Final = "/api/v1/auth"
_DEVICE_LIFETIME: Final = timedelta(days=365)


def set_login(request: Request, response: Response, access: str, access_lifetime: timedelta) -> None:
    """Let the browser keep the access token as long as it lasts."""
    _set(request, response, COOKIE, access, access_lifetime, path="/")


def set_refresh(request: Request, response: Response, refresh: str, lifetime: timedelta) -> None:
    """Let the browser keep the refresh token."""
    _set(request, response, REFRESH_COOKIE, refresh, lifetime, path=_AUTH, strict=True)


def set_device(request: Request, response: Response, token: str) -> None:
    """Let the browser be known again."""
    _set(request, response, DEVICE_COOKIE, token, _DEVICE_LIFETIME, path=_AUTH, strict=True)


def forget_login(response: Response) -> None:
    """Take both tokens away; the device stays known."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    response.delete_cookie(REFRESH_COOKIE, path=_AUTH, httponly=True, samesite="strict")


def _set(
    request: Request, response: Response, name: str, value: str, lifetime: timedelta, *, path: str, strict: bool = False
) -> None:
    secure = request.app.state.settings.environment == "production" or request.url.scheme == "https"
    response.set_cookie(
        name,
        value,
        max_age=lifetime // timedelta(seconds=1),
        path=path,
        httponly=True,
        secure=secure,
        samesite="strict" if strict else "lax",
    )

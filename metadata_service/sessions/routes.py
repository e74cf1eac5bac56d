"""`/auth`: log in, stay in, log out, who am I."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from metadata_service.accounts import cookies
from metadata_service.accounts import service as accounts
from metadata_service.accounts.asked_from import AskedFrom
from metadata_service.accounts.client import Client
from metadata_service.accounts.cross_site import comes_from_us
from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    InvalidRefreshTokenError,
    InvalidTokenError,
    NotSignedInError,
    SignInBusyError,
    WrongCredentialsError,
)
from metadata_service.accounts.schemas import UserOut
from metadata_service.accounts.tokens import Claims
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.rate_limit import Limit, TooManyAttemptsError
from metadata_service.sessions import login as guarded
from metadata_service.sessions import service
from metadata_service.sessions.door import TheDoor, let_in
from metadata_service.sessions.login import Door
from metadata_service.sessions.schemas import LoggedOut, Login, LoginAnswer, Refresh, SessionsEnded
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/auth", tags=["accounts"])

REFRESHES_OF_NETWORK: Final = Limit("refresh-network", 300, 60)
_FORM: Final = "application/x-www-form-urlencoded"
_LOGIN_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": Login.model_json_schema()} for media in ("application/json", _FORM)},
    }
}


async def read_login(request: Request) -> Login:
    """Read the credentials from JSON or from the OAuth2 password form (RFC 6749, 4.3.2)."""
    is_form = request.headers.get("content-type", "").startswith(_FORM)
    try:
        if is_form:
            return Login.model_validate(dict(await request.form()))
        return Login.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error


async def from_a_page_of_ours(request: Request) -> None:
    """Refuse what another site's page makes a browser send: it would sign the browser in or out as it likes.

    The pages that the operator allows may call: their requests pass CORS, which checks the Origin.
    """
    listed = request.headers.get("origin") in request.app.state.settings.cors_origins
    if not listed and not comes_from_us(request):
        raise CrossSiteRequestError("A page of another site may not sign you in.")


@router.post(
    "/login",
    summary="Log in with username or e-mail address, as JSON or as the OAuth2 form",
    responses=answers(
        WrongCredentialsError,
        MalformedRequestError,
        CrossSiteRequestError,
        TooManyAttemptsError,
        SignInBusyError,
        DatabaseBusyError,
    ),
    openapi_extra=_LOGIN_BODY,
    dependencies=[Depends(from_a_page_of_ours)],
)
async def login(
    request: Request,
    response: Response,
    given: Annotated[Login, Depends(read_login)],
    client: AskedFrom,
    door: TheDoor,
) -> LoginAnswer:
    device = request.cookies.get(cookies.DEVICE_COOKIE)
    return let_in(door, await guarded.login(door, given, client, device), request, response)


@router.post(
    "/refresh",
    summary="Stay in: new tokens for the refresh token, from the body or from the browser's cookie",
    responses=answers(InvalidRefreshTokenError, CrossSiteRequestError, TooManyAttemptsError, DatabaseBusyError),
    dependencies=[Depends(from_a_page_of_ours)],
)
async def refresh(
    request: Request, response: Response, client: AskedFrom, door: TheDoor, given: Refresh | None = None
) -> LoginAnswer:
    await door.limiter.spend(REFRESHES_OF_NETWORK, client.network)
    shown = (given.refresh_token if given else None) or request.cookies.get(cookies.REFRESH_COOKIE)
    if shown is None:
        raise InvalidRefreshTokenError("There is no refresh token in the request. Sign in again.")
    signed_in = await service.refresh(door.database, shown, client, door.tokens, door.lifetime)
    return let_in(door, signed_in, request, response)


@router.post(
    "/logout",
    summary="Sign out here: the tokens of this sign-in are not honoured any more",
    responses=answers(CrossSiteRequestError, DatabaseBusyError),
    dependencies=[Depends(from_a_page_of_ours)],
)
async def logout(
    request: Request, response: Response, client: AskedFrom, door: TheDoor, given: Refresh | None = None
) -> LoggedOut:
    await _sign_out(request, client, door, given.refresh_token if given else None)
    cookies.forget_login(response)
    return LoggedOut()


async def _sign_out(request: Request, client: Client, door: Door, given: str | None) -> None:
    """End the sign-in that any of the request's tokens names. Without one, and without a sound one, all is well too."""
    claims = _claims(request, door)
    refresh_token = given or request.cookies.get(cookies.REFRESH_COOKIE)
    if claims is None and refresh_token is None:
        return
    async with door.database.writing() as session:
        if claims is not None:
            await service.sign_out(session, claims.user_id, claims.session_id, client)
        if refresh_token is not None:
            try:
                await service.sign_out_by_refresh_token(session, refresh_token, client)
            except InvalidRefreshTokenError:
                return


def _claims(request: Request, door: Door) -> Claims | None:
    """Whose access token the request bears; one that has expired since still names its sign-in."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" else request.cookies.get(cookies.COOKIE)
    try:
        return door.tokens.read(token, even_expired=True) if token else None
    except InvalidTokenError:
        return None


@router.post(
    "/logout/everywhere",
    summary="Sign out of every browser and program",
    responses=answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, DatabaseBusyError),
)
async def logout_everywhere(
    response: Response, client: AskedFrom, user_id: SignedIn, session: WriteSession
) -> SessionsEnded:
    ended = await service.sign_out_everywhere(session, user_id, client)
    cookies.forget_login(response)
    return SessionsEnded(ended=ended)


@router.get("/me", summary="Who am I?", responses=answers(NotSignedInError, InvalidTokenError))
async def me(user_id: SignedIn, session: ReadSession) -> UserOut:
    return UserOut.model_validate(await accounts.get(session, user_id))

"""`/auth`: register, log in, log out, who am I."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from metadata_service.accounts import profile, service
from metadata_service.accounts.errors import (
    EmailTakenError,
    InvalidTokenError,
    NotSignedInError,
    UsernameTakenError,
    WrongCredentialsError,
)
from metadata_service.accounts.schemas import LoggedOut, Login, LoginAnswer, Registration, UserOut
from metadata_service.accounts.tokens import Tokens
from metadata_service.accounts.viewer import COOKIE, SignedIn, tokens
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.db.types import utc_now
from metadata_service.tables import User
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/auth", tags=["accounts"])

_FORM: Final = "application/x-www-form-urlencoded"
_LOGIN_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"$ref": "#/components/schemas/Login"}} for media in ("application/json", _FORM)},
    }
}


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    summary="Create an account",
    responses=answers(UsernameTakenError, EmailTakenError, DatabaseBusyError),
)
async def register(wanted: Registration, session: WriteSession) -> UserOut:
    return UserOut.model_validate(await service.register(session, wanted))


async def read_login(request: Request) -> Login:
    """Read the credentials from JSON or from the OAuth2 password form (RFC 6749, 4.3.2)."""
    is_form = request.headers.get("content-type", "").startswith(_FORM)
    try:
        if is_form:
            return Login.model_validate(dict(await request.form()))
        return Login.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error


@router.post(
    "/login",
    summary="Log in with username or e-mail address, as JSON or as the OAuth2 form",
    responses=answers(WrongCredentialsError, MalformedRequestError, DatabaseBusyError),
    openapi_extra=_LOGIN_BODY,
)
async def login(
    request: Request,
    response: Response,
    given: Annotated[Login, Depends(read_login)],
    database: Annotated[Database, Depends(database)],
    tokens: Annotated[Tokens, Depends(tokens)],
) -> LoginAnswer:
    user = await service.login(database, given)
    return _sign_in(user, request, response, tokens)


def _sign_in(user: User, request: Request, response: Response, tokens: Tokens) -> LoginAnswer:
    token = tokens.issue(user.id, utc_now())
    seconds = tokens.lifetime // timedelta(seconds=1)
    secure = request.app.state.settings.environment == "production"
    response.set_cookie(COOKIE, token, max_age=seconds, httponly=True, samesite="lax", secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return LoginAnswer(access_token=token, expires_in=seconds, user=UserOut.model_validate(user))


@router.post("/logout", summary="Forget the browser's login")
async def logout(response: Response) -> LoggedOut:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return LoggedOut()


@router.get("/me", summary="Who am I?", responses=answers(NotSignedInError, InvalidTokenError))
async def me(user_id: SignedIn, session: ReadSession) -> UserOut:
    return UserOut.model_validate(await profile.get(session, user_id))

"""`/auth/oidc`: sign in with an OpenID provider."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Path, Query, Request, Response, status
from starlette.responses import RedirectResponse

from metadata_service.accounts.asked_from import AskedFrom, Asking
from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    EmailTakenError,
    InvalidTokenError,
    NotSignedInError,
)
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import WriteSession
from metadata_service.oidc import service
from metadata_service.oidc.errors import (
    IdentityNotFoundError,
    IdentityTakenError,
    LastWayInError,
    NoAccountError,
    NoProviderError,
    ProviderAwayError,
    ProviderRefusedError,
)
from metadata_service.oidc.schemas import Elsewhere, Unlinked
from metadata_service.oidc.ticket import LIFETIME, Ticket
from metadata_service.oidc_client import (
    Identity,
    OidcClient,
    ProviderDistrustedError,
    ProviderUnavailableError,
)
from metadata_service.rate_limit import Limit, TooManyAttemptsError
from metadata_service.sessions.door import TheDoor, set_cookies
from service_kit.problems import answers

router = APIRouter(prefix="/auth/oidc", tags=["accounts"])
log = structlog.get_logger(__name__)

OF_NETWORK: Final = Limit("oidc-network", 60, 60)
_COOKIE: Final = "imalink_oidc"
_PATH: Final = "/api/v1/auth/oidc"
_AWAY: Final = "The OpenID provider does not answer. Try again, or sign in with your password."


async def _provider(request: Request) -> OidcClient:
    found: OidcClient | None = request.app.state.oidc
    if found is None:
        raise NoProviderError
    return found


Provider = Annotated[OidcClient, Depends(_provider)]


async def _begin(request: Request, provider: OidcClient, ticket: Ticket, response: Response, door: TheDoor) -> str:
    try:
        address = await provider.address(ticket.secrets)
    except ProviderUnavailableError as error:
        log.warning("the OpenID provider is away", error=str(error))
        raise ProviderAwayError(_AWAY, headers={"Retry-After": "10"}) from error
    response.set_cookie(
        _COOKIE,
        ticket.signed(door.tokens),
        max_age=int(LIFETIME.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="lax",  # the provider's page leads back here
        secure=request.url.scheme == "https" or request.app.state.settings.environment == "production",
    )
    response.headers["Cache-Control"] = "no-store"
    return address


@router.get(
    "/login",
    status_code=status.HTTP_302_FOUND,
    summary="Go to the provider to sign in",
    responses=answers(NoProviderError, ProviderAwayError, TooManyAttemptsError),
)
async def login(
    request: Request,
    provider: Provider,
    client: AskedFrom,
    door: TheDoor,
    after: Annotated[str, Query(alias="next", max_length=500, description="A path of ours to go to then.")] = "/",
) -> Response:
    await door.limiter.spend(OF_NETWORK, client.network)
    answer = RedirectResponse("/", status.HTTP_302_FOUND)
    answer.headers["location"] = await _begin(request, provider, Ticket.new(after), answer, door)
    return answer


@router.post(
    "/link",
    summary="Link your account to who you are at the provider",
    responses=answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, NoProviderError, ProviderAwayError),
)
async def link(request: Request, response: Response, user_id: SignedIn, provider: Provider, door: TheDoor) -> Elsewhere:
    return Elsewhere(url=await _begin(request, provider, Ticket.new("/", user_id), response, door))


@router.delete(
    "/link/{identity_id}",
    summary="Unlink your account from who you are at a provider",
    responses=answers(
        NotSignedInError,
        InvalidTokenError,
        CrossSiteRequestError,
        IdentityNotFoundError,
        LastWayInError,
        DatabaseBusyError,
    ),
)
async def unlink(
    identity_id: Annotated[int, Path(ge=1, lt=2**63)], request: Request, asker: Asking, session: WriteSession
) -> Unlinked:
    await service.unlink(session, asker, identity_id, request.app.state.settings.oidc_issuer)
    return Unlinked()


@router.get(
    "/callback",
    status_code=status.HTTP_303_SEE_OTHER,
    summary="Come back from the provider",
    responses=answers(
        NoProviderError,
        ProviderRefusedError,
        NoAccountError,
        EmailTakenError,
        IdentityTakenError,
        ProviderAwayError,
        TooManyAttemptsError,
        DatabaseBusyError,
    ),
)
async def callback(
    request: Request,
    provider: Provider,
    client: AskedFrom,
    door: TheDoor,
    *,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str | None, Query(max_length=4000)] = None,
) -> Response:
    await door.limiter.spend(OF_NETWORK, client.network)
    ticket = Ticket.read(door.tokens, request.cookies.get(_COOKIE), state)
    answer = RedirectResponse(ticket.after, status.HTTP_303_SEE_OTHER)
    answer.delete_cookie(_COOKIE, path=_PATH, httponly=True, samesite="lax")
    answer.headers["Cache-Control"] = "no-store"
    if code is None:  # the person changed their mind there
        return answer
    identity = await _redeem(provider, code, ticket)
    async with door.database.writing() as session:
        if ticket.link_to is not None:
            await service.link(session, ticket.link_to, identity, client)
            return answer
        signed_in = await service.sign_in(session, identity, client, request.app.state.settings, door.tokens)
    set_cookies(door, signed_in, request, answer)
    return answer


async def _redeem(provider: OidcClient, code: str, ticket: Ticket) -> Identity:
    try:
        return await provider.redeem(code, ticket.secrets)
    except ProviderUnavailableError as error:
        log.warning("the OpenID provider is away", error=str(error))
        raise ProviderAwayError(_AWAY, headers={"Retry-After": "10"}) from error
    except ProviderDistrustedError as error:
        log.warning("the OpenID provider is not believed", error=str(error))
        raise ProviderRefusedError("The sign-in with the provider did not succeed. Try again.") from error

"""`/auth/register`: make an account."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, status

from metadata_service.accounts.asked_from import AskedFrom
from metadata_service.accounts.errors import EmailTakenError, SignInBusyError
from metadata_service.accounts.schemas import UserOut
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import database
from metadata_service.rate_limit import Limit, Throttle, TooManyAttemptsError
from metadata_service.settings import Settings
from metadata_service.sign_up import service
from metadata_service.sign_up.errors import InviteNeededError, RegistrationClosedError, UsernameTakenError
from metadata_service.sign_up.schemas import Registration, SignUpRules
from service_kit.problems import answers

router = APIRouter(prefix="/auth", tags=["accounts"])

REGISTRATIONS_OF_NETWORK: Final = Limit("register-network", 30, 3600)


async def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    summary="Create an account",
    responses=answers(
        RegistrationClosedError,
        InviteNeededError,
        UsernameTakenError,
        EmailTakenError,
        TooManyAttemptsError,
        SignInBusyError,
        DatabaseBusyError,
    ),
)
async def register(
    wanted: Registration,
    client: AskedFrom,
    limiter: Throttle,
    settings: Annotated[Settings, Depends(_settings)],
    database: Annotated[Database, Depends(database)],
) -> UserOut:
    await limiter.spend(REGISTRATIONS_OF_NETWORK, client.network)
    return UserOut.model_validate(await service.register(database, settings, wanted, client))


@router.get("/register", summary="How one comes in here: openly, by invitation, with a provider")
async def rules(settings: Annotated[Settings, Depends(_settings)]) -> SignUpRules:
    return SignUpRules(
        registration=settings.registration,
        password_min_length=settings.password_min_length,
        provider=settings.oidc_name if settings.oidc_issuer else None,
    )

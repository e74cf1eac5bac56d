"""What can go wrong with an account."""

from metadata_service.accounts.scopes import SCOPE_NAMES
from service_kit.errors import ServiceError

_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class NotSignedInError(ServiceError):
    """The route needs a signed-in user and nobody is."""

    slug = "not-signed-in"
    title = "Sign in first"
    status = 401

    def __init__(self, detail: str | None = None) -> None:
        """Add the challenge that RFC 6750 asks for."""
        super().__init__(detail, headers=_CHALLENGE)


class InvalidTokenError(ServiceError):
    """The access token is forged, expired, or its user is gone."""

    slug = "invalid-token"
    title = "The access token is not valid"
    status = 401

    def __init__(self, detail: str | None = None) -> None:
        """Add the challenge that RFC 6750 asks for."""
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class InvalidRefreshTokenError(ServiceError):
    """The refresh token is unknown, was used before, or its sign-in has ended."""

    slug = "invalid-refresh-token"
    title = "Your sign-in has ended"
    status = 401

    def __init__(self, detail: str | None = None) -> None:
        """Add the challenge that RFC 6750 asks for."""
        super().__init__(detail or "Your sign-in has ended. Sign in again.", headers=_CHALLENGE)


class InsufficientScopeError(ServiceError):
    """An API key was not given what the route asks for."""

    slug = "insufficient-scope"
    title = "The API key was not made for this"
    status = 403

    def __init__(self, wanted: str | None = None) -> None:
        """Name the missing scope, as RFC 6750 asks."""
        needs = f"It needs the scope {wanted}." if wanted in SCOPE_NAMES else "Only the person may do this, signed in."
        named = f', scope="{wanted}"' if wanted in SCOPE_NAMES else ""
        challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope"{named}'}
        super().__init__(f"The API key was not made for this. {needs}", headers=challenge)


class SignInBusyError(ServiceError):
    """More passwords wait to be checked than may wait."""

    slug = "sign-in-busy"
    title = "Too many people are signing in at once"
    status = 503


class WrongCredentialsError(ServiceError):
    """No such user, or another password: deliberately not told apart."""

    slug = "wrong-credentials"
    title = "The name or the password is wrong"
    status = 401

    def __init__(self, detail: str | None = None) -> None:
        """Add the challenge that RFC 6750 asks for."""
        super().__init__(detail, headers=_CHALLENGE)


class WrongPasswordError(ServiceError):
    """The current password, asked for once more, is another one."""

    slug = "wrong-password"
    title = "The current password is wrong"
    status = 403


class CrossSiteRequestError(ServiceError):
    """A page of another site used the browser's cookie to change something."""

    slug = "cross-site-request"
    title = "The request came from another site"
    status = 403


class EmailTakenError(ServiceError):
    """Somebody registered with that e-mail address."""

    slug = "email-taken"
    title = "That e-mail address is already registered"
    status = 409


class QuotaExceededError(ServiceError):
    """The account would hold more than it may."""

    slug = "quota-exceeded"
    title = "Your account is full"
    status = 403

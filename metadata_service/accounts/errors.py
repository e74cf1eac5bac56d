"""What can go wrong with an account."""

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


class UsernameTakenError(ServiceError):
    """Somebody has that username."""

    slug = "username-taken"
    title = "That username is taken"
    status = 409


class EmailTakenError(ServiceError):
    """Somebody registered with that e-mail address."""

    slug = "email-taken"
    title = "That e-mail address is already registered"
    status = 409

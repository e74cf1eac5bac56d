"""Why somebody may not register."""

from service_kit.errors import ServiceError


class UsernameTakenError(ServiceError):
    """Somebody has that username."""

    slug = "username-taken"
    title = "That username is taken"
    status = 409


class RegistrationClosedError(ServiceError):
    """Nobody may register here by themselves."""

    slug = "registration-closed"
    title = "Nobody can register here"
    status = 403


class InviteNeededError(ServiceError):
    """One registers by invitation only, and the code is missing, unknown, used or expired."""

    slug = "invite-needed"
    title = "You need an invitation to register here"
    status = 403

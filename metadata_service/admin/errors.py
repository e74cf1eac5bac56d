"""What administrators cannot do."""

from service_kit.errors import ServiceError


class AccountNotFoundError(ServiceError):
    """There is no such account."""

    slug = "account-not-found"
    title = "There is no such account"
    status = 404


class InviteNotFoundError(ServiceError):
    """There is no such invitation."""

    slug = "invite-code-not-found"
    title = "There is no such invitation"
    status = 404


class LastAdminError(ServiceError):
    """Without an administrator nobody could make another."""

    slug = "last-admin"
    title = "Somebody must remain administrator"
    status = 409

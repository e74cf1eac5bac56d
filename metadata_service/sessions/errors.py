"""What can go wrong with a sign-in."""

from service_kit.errors import ServiceError


class SessionNotFoundError(ServiceError):
    """There is no such sign-in of yours."""

    slug = "session-not-found"
    title = "There is no such sign-in"
    status = 404

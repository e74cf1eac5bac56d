"""What can go wrong with an import session."""

from service_kit.errors import NotFoundError, ServiceError


class ImportNotFoundError(NotFoundError):
    """There is no such import session, or it is another's: deliberately the same answer."""

    slug = "import-not-found"
    title = "There is no such import session"


class UnknownAuthorError(ServiceError):
    """The import names a default author that its owner does not have."""

    slug = "unknown-author"
    title = "You have no such author"
    status = 422


class ImportEndedError(ServiceError):
    """The session was completed or cancelled, and takes nothing more."""

    slug = "import-ended"
    title = "The import session has ended"
    status = 409

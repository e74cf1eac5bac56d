"""What can go wrong with a share link."""

from service_kit.errors import NotFoundError, ServiceError


class LinkNotFoundError(NotFoundError):
    """No such link, or it has expired, was revoked, or was opened as often as it may: deliberately not told apart."""

    slug = "link-not-found"
    title = "There is no such link"


class LinkNotOpenedError(ServiceError):
    """The link must be opened before it shows anything; what opening gave is missing, of another link, or too old."""

    slug = "link-not-opened"
    title = "Open the link first"
    status = 403


class WrongLinkPasswordError(ServiceError):
    """The link has a password, and it is another one."""

    slug = "wrong-link-password"
    title = "The password of this link is another one"
    status = 403

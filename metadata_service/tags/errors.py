"""What can go wrong with a tag."""

from service_kit.errors import NotFoundError, ServiceError


class TagNotFoundError(NotFoundError):
    """There is no such tag, or it is another's: deliberately the same answer."""

    slug = "tag-not-found"
    title = "There is no such tag"


class TagNameTakenError(ServiceError):
    """The owner has another tag of that name."""

    slug = "tag-name-taken"
    title = "You have another tag of that name"
    status = 409

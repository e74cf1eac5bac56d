"""What can go wrong with a collection."""

from service_kit.errors import NotFoundError, ServiceError


class CollectionNotFoundError(NotFoundError):
    """There is no such collection, or it is another's: deliberately the same answer."""

    slug = "collection-not-found"
    title = "There is no such collection"


class NoSuchItemError(ServiceError):
    """The collection is there, but not as the caller knows it: it has fewer items, or another kind of item there."""

    slug = "no-such-item"
    title = "The collection has no such item at this position"
    status = 409


class CollectionFullError(ServiceError):
    """The collection would have more items than are kept in order."""

    slug = "collection-full"
    title = "The collection is full"
    status = 409

"""What can go wrong with a collection."""

from service_kit.errors import NotFoundError, ServiceError


class CollectionNotFoundError(NotFoundError):
    """There is no such collection, or it is another's: deliberately the same answer."""

    slug = "collection-not-found"
    title = "There is no such collection"


class ItemNotFoundError(NotFoundError):
    """The collection has fewer items than that."""

    slug = "item-not-found"
    title = "The collection has no item at this position"


class CollectionFullError(ServiceError):
    """The collection would have more items than are kept in order."""

    slug = "collection-full"
    title = "The collection is full"
    status = 409

"""What can go wrong with a saved search."""

from service_kit.errors import NotFoundError


class SearchNotFoundError(NotFoundError):
    """There is no such search, or it is another's: deliberately the same answer."""

    slug = "search-not-found"
    title = "There is no such saved search"

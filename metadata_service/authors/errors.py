"""What can go wrong with an author."""

from service_kit.errors import NotFoundError


class AuthorNotFoundError(NotFoundError):
    """There is no such author, or it is another's: deliberately the same answer."""

    slug = "author-not-found"
    title = "There is no such author"

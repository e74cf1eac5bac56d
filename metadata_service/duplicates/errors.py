"""What can go wrong with duplicates."""

from service_kit.errors import NotFoundError, ServiceError


class MergeNotFoundError(NotFoundError):
    """There is no such merge, or it is another's: deliberately the same answer."""

    slug = "merge-not-found"
    title = "There is no such merge"


class MergeNotUndoableError(ServiceError):
    """The merge was undone already, or one of its photos was removed for good."""

    slug = "merge-not-undoable"
    title = "The merge cannot be undone"
    status = 409

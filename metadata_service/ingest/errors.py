"""Why something at the door may be refused."""

from service_kit.errors import NotFoundError, ServiceError


class HothashMismatchError(ServiceError):
    """The egg does not prove itself."""

    slug = "hothash-mismatch"
    title = "The hothash does not fit the hotpreview"
    status = 422


class UnknownReferenceError(ServiceError):
    """The photo refers to an import session, an author or a stack that its owner does not have."""

    slug = "unknown-reference"
    title = "The photo refers to something that you do not have"
    status = 422


class ImageRefusedError(ServiceError):
    """core_service could not lay an egg of the file."""

    slug = "image-refused"
    title = "The file cannot become a photo"
    status = 422


class CoreAwayError(ServiceError):
    """core_service does not answer, and without it no file becomes an egg."""

    slug = "core-away"
    title = "core_service does not answer"
    status = 503


class ImageNotFoundError(NotFoundError):
    """There is no such file, or it is another's."""

    slug = "image-not-found"
    title = "There is no such image file"


class BatchTooLargeError(ServiceError):
    """More items than one request may bring."""

    slug = "batch-too-large"
    title = "The batch has too many items"
    status = 422


class ItemRefusedError(ServiceError):
    """The database refused one item, for a reason that no check foresaw."""

    slug = "item-refused"
    title = "The database refused this item"
    status = 422


class IdempotencyKeyReusedError(ServiceError):
    """The key was used before, with another request."""

    slug = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"
    status = 422

"""What can go wrong with a correction."""

from service_kit.errors import NotFoundError, ServiceError


class CorrectionNotFoundError(NotFoundError):
    """There is no such correction, or it is another's: deliberately the same answer."""

    slug = "correction-not-found"
    title = "There is no such correction"


class CorrectionBatchNotFoundError(NotFoundError):
    """There is no such batch, or it is another's: deliberately the same answer."""

    slug = "correction-batch-not-found"
    title = "There is no such batch of corrections"


class TooManyPhotosError(ServiceError):
    """More photos are meant than one transaction changes."""

    slug = "too-many-photos"
    title = "These are too many photos for one correction"
    status = 422


class OutOfTimeError(ServiceError):
    """A photo would be taken before photography, or in a far future."""

    slug = "time-out-of-range"
    title = "The correction would leave the time that photos are taken in"
    status = 422


class NoPlaceError(ServiceError):
    """The photo whose place is asked for has none."""

    slug = "photo-has-no-place"
    title = "That photo has no place"
    status = 422

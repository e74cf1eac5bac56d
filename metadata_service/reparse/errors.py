"""What can go wrong with reading again."""

from service_kit.errors import NotFoundError, ServiceError


class ReparseRunNotFoundError(NotFoundError):
    """There is no such run, or it is another's: deliberately the same answer."""

    slug = "reparse-run-not-found"
    title = "There is no such run"


class NoRawExifError(ServiceError):
    """The client that brought the photo kept its EXIF to itself."""

    slug = "no-raw-exif"
    title = "No EXIF was kept of this photo"
    status = 422


class RawExifUnreadableError(ServiceError):
    """core_service cannot read what was kept."""

    slug = "raw-exif-unreadable"
    title = "The EXIF that was kept cannot be read"
    status = 422


class ReparseStateError(ServiceError):
    """The run is not in the state that this needs, or another one is at work."""

    slug = "reparse-not-now"
    title = "The run cannot do that now"
    status = 409

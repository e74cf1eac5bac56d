"""What can go wrong with the files of a photo."""

from service_kit.errors import NotFoundError, ServiceError


class LocationNotFoundError(NotFoundError):
    """The file is there, such a place of it is not known."""

    slug = "location-not-found"
    title = "The file has no such location"


class FileTakenError(ServiceError):
    """The photo has another file of that name and those bytes."""

    slug = "file-taken"
    title = "The photo has this file already"
    status = 409

"""What can go wrong with a place."""

from service_kit.errors import NotFoundError, ServiceError


class PlaceNotFoundError(NotFoundError):
    """There is no such place, or it is another's."""

    slug = "place-not-found"
    title = "There is no such place"


class PlaceRefusedError(ServiceError):
    """The shape is none, or the place cannot lie there."""

    slug = "place-refused"
    title = "This cannot be a place"
    status = 422


class PlaceHasPartsError(ServiceError):
    """Other places lie in it."""

    slug = "place-has-parts"
    title = "Other places lie in this one"
    status = 409

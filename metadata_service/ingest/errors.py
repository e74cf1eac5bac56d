"""Why an egg may be refused."""

from service_kit.errors import ServiceError


class HothashMismatchError(ServiceError):
    """The egg does not prove itself."""

    slug = "hothash-mismatch"
    title = "The hothash does not fit the hotpreview"
    status = 422

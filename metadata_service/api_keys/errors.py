"""What can go wrong with a key."""

from service_kit.errors import ServiceError


class ApiKeyNotFoundError(ServiceError):
    """There is no such key of yours."""

    slug = "api-key-not-found"
    title = "There is no such API key"
    status = 404


class TooManyApiKeysError(ServiceError):
    """Nobody needs that many."""

    slug = "too-many-api-keys"
    title = "You have as many API keys as one may have"
    status = 409

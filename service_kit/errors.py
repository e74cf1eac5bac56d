"""Errors named for what happened. Only problems.py knows how they look on the wire."""

import errno
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from shared_schemas.problem import FieldError


class ServiceError(Exception):
    """A request that cannot be served, for a cause with a name.

    A subclass is one cause: `slug` is its stable name on the wire, `title` the same in words, `status` the HTTP code.
    An instance is one occurrence: `detail` tells a person what happened this time.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the sentence for a person, the fields at fault, and headers such as Retry-After."""
        self.detail = detail or f"{self.title}."
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(self.detail)


class MalformedRequestError(ServiceError):
    """The request could not be read at all."""

    slug = "malformed-request"
    title = "The request could not be read"
    status = 400


class NotFoundError(ServiceError):
    """There is no such thing here, or not for you."""

    slug = "not-found"
    title = "There is nothing here by that name"
    status = 404


class MethodNotAllowedError(ServiceError):
    """The path exists, the method does not."""

    slug = "method-not-allowed"
    title = "This address does not answer that method"
    status = 405


class ForeignOriginError(ServiceError):
    """A page of somebody else made a visitor's browser call us."""

    slug = "foreign-origin"
    title = "This page may not call the service"
    status = 403


class MisdirectedRequestError(ServiceError):
    """The request names a host that is not us."""

    slug = "misdirected-request"
    title = "The service does not answer to this name"
    status = 421


class RequestTooLargeError(ServiceError):
    """The body has more bytes than the service reads."""

    slug = "request-too-large"
    title = "The request is too large"
    status = 413


class RequestTimeoutError(ServiceError):
    """The client stopped sending in the middle."""

    slug = "request-timeout"
    title = "The request did not come in time"
    status = 408


class HeadersTooLargeError(ServiceError):
    """The head of the request is larger than any that is meant well."""

    slug = "headers-too-large"
    title = "The head of the request is too large"
    status = 431


class InvalidRequestError(ServiceError):
    """The request was read, and some field of it does not fit."""

    slug = "invalid-request"
    title = "Some fields of the request are not valid"
    status = 422


class UnexpectedError(ServiceError):
    """A fault of ours."""

    slug = "unexpected-error"
    title = "Something went wrong on our side"
    status = 500


class StorageFullError(ServiceError):
    """There is no room left on the server."""

    slug = "storage-full"
    title = "The server's disk is full"
    status = 507


def full_or_none(error: BaseException | None) -> StorageFullError | None:
    """Recognise a full disk, an exceeded quota, a file beyond the allowed size."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StorageFullError("The server's disk is full; nothing of this request was kept.")
    return None


class NotReadyError(ServiceError):
    """Something that the service needs is not there yet."""

    slug = "not-ready"
    title = "The service is not ready"
    status = 503


def every_error(root: type[ServiceError] = ServiceError) -> Iterator[type[ServiceError]]:
    """Yield each cause that is defined in the modules loaded so far."""
    for error in root.__subclasses__():
        yield error
        yield from every_error(error)

"""What can go wrong with uploads."""

from service_kit.errors import NotFoundError, ServiceError


class UploadsOffError(ServiceError):
    """Nobody may leave originals here."""

    slug = "uploads-off"
    title = "This server keeps no originals"
    status = 403


class NoFilesError(ServiceError):
    """The form holds no file."""

    slug = "no-files"
    title = "The request brings no file"
    status = 422


class TooManyUploadsError(ServiceError):
    """The form holds more files than one request may bring."""

    slug = "too-many-uploads"
    title = "The request brings too many files"
    status = 422


class NothingAcceptedError(ServiceError):
    """Every file was refused."""

    slug = "nothing-accepted"
    title = "None of the files was accepted"
    status = 422


class UploadNotFoundError(NotFoundError):
    """There is no such upload, or it is another's."""

    slug = "upload-not-found"
    title = "There is no such upload"


class OriginalMissingError(ServiceError):
    """The store has the original no more."""

    slug = "original-missing"
    title = "The original is gone"
    status = 409


class AnalysisNotFoundError(NotFoundError):
    """Nothing was looked for in this upload."""

    slug = "analysis-not-found"
    title = "This upload was not analysed"


class AddressRefusedError(ServiceError):
    """The signature does not fit the address, or its time is over."""

    slug = "address-refused"
    title = "This address is not valid, or not any more"
    status = 403


class ObjectNotFoundError(NotFoundError):
    """The address is good, and there is nothing at it."""

    slug = "object-not-found"
    title = "There is nothing kept under this name"


class TusVersionError(ServiceError):
    """The client speaks another version of the protocol."""

    slug = "tus-version"
    title = "Only version 1.0.0 of tus is spoken here"
    status = 412


class UploadOffsetError(ServiceError):
    """The bytes are not those that come next."""

    slug = "upload-offset"
    title = "These are not the bytes that come next"
    status = 409


class TusContentTypeError(ServiceError):
    """Pieces of an upload have a type of their own."""

    slug = "tus-content-type"
    title = "Pieces come as application/offset+octet-stream"
    status = 415

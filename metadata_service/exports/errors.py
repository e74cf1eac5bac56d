"""What can go wrong with an export."""

from service_kit.errors import ServiceError


class NotAnExportError(Exception):
    """The folder holds no export, or something in it is not as its manifest says; the sentence says what and where."""


class ExportsBusyError(ServiceError):
    """Another export is on its way."""

    slug = "exports-busy"
    title = "Somebody is taking an export now"
    status = 503

"""Why core_service refuses an image: one class a cause, by the slug that clients see (docs/problems.md)."""

from typing import ClassVar

from service_kit.errors import ServiceError


class EmptyUploadError(ServiceError):
    """No bytes came."""

    slug = "empty-upload"
    title = "The upload is empty"
    status = 400


class ImageTooSmallError(ServiceError):
    """Below 4×4 there is nothing to make a preview of."""

    slug = "image-too-small"
    title = "The image is too small"
    status = 400


class ColdpreviewSizeError(ServiceError):
    """A coldpreview is 150 to 8192 pixels."""

    slug = "coldpreview-size-out-of-range"
    title = "coldpreview_size is out of range"
    status = 400


class UploadStalledError(ServiceError):
    """The client stopped sending and did not close."""

    slug = "upload-stalled"
    title = "The upload stalled"
    status = 400


class FileTooLargeError(ServiceError):
    """One file has more bytes than are decoded."""

    slug = "file-too-large"
    title = "The file is too large"
    status = 413


class TooManyFilesError(ServiceError):
    """A batch has more files than are taken at once."""

    slug = "too-many-files"
    title = "The batch has too many files"
    status = 413


class NotAnImageError(ServiceError):
    """The content is no image that we know; subclasses name what was found."""

    slug = "unknown-format"
    title = "The file is not an image of a known format"
    status = 415


class FoundTextError(NotAnImageError):
    """Plain text, HTML, JSON and the like."""

    slug = "found-text"
    title = "The file is text, not an image"


class FoundVectorDrawingError(NotAnImageError):
    """SVG, PDF, PostScript: drawings without pixels."""

    slug = "found-vector-drawing"
    title = "The file is a drawing or document, not a photo"


class FoundVideoError(NotAnImageError):
    """A film."""

    slug = "found-video"
    title = "The file is a video, not an image"


class FoundArchiveError(NotAnImageError):
    """A packed folder."""

    slug = "found-archive"
    title = "The file is an archive, not an image"


class FoundLayeredDocumentError(NotAnImageError):
    """A photo editor's own document."""

    slug = "found-layered-document"
    title = "The file is a photo editor's document, not an image"


class DecoderMissingError(NotAnImageError):
    """An image format that this installation has no decoder for."""

    slug = "decoder-missing"
    title = "The decoder for this format is not installed"


class RefusedImageError(ServiceError):
    """An image of a known format that will not become an egg; subclasses say why."""

    slug: ClassVar[str] = "undecodable-image"
    title = "The image cannot be decoded"
    status = 422


class TooManyPixelsError(RefusedImageError):
    """The header promises more pixels than are decoded."""

    slug = "too-many-pixels"
    title = "The image has too many pixels"


class TooManyScansError(RefusedImageError):
    """A progressive JPEG made to burn time."""

    slug = "too-many-scans"
    title = "The JPEG has too many scans"


class TookTooLongError(RefusedImageError):
    """The time limit of one image passed."""

    slug = "decoding-took-too-long"
    title = "Decoding took too long"


class OutOfMemoryError(RefusedImageError):
    """The memory limit of one image was reached."""

    slug = "decoding-needs-too-much-memory"
    title = "Decoding needs too much memory"


class DecoderCrashedError(RefusedImageError):
    """The decoder's process died over this image."""

    slug = "decoder-crashed"
    title = "The decoder crashed over this image"


class UnprocessableImageError(RefusedImageError):
    """We met something that we had not foreseen: a fault of ours, but one that this image brings out."""

    slug = "unprocessable-image"
    title = "The image cannot be processed"


class QueueFullError(ServiceError):
    """As many images as may wait are waiting."""

    slug = "queue-full"
    title = "The service is busy"
    status = 503

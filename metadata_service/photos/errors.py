"""What can go wrong with a photo."""

from service_kit.errors import NotFoundError, ServiceError


class PhotoNotFoundError(NotFoundError):
    """There is no such photo, or the viewer may not see it: deliberately the same answer."""

    slug = "photo-not-found"
    title = "There is no such photo"


class PhotoChangedError(ServiceError):
    """The photo is not what the caller has seen of it any more."""

    slug = "photo-changed"
    title = "Somebody changed the photo meanwhile"
    status = 412


class PreviewRefusedError(ServiceError):
    """A preview is no plain JPEG within limits, or carries metadata."""

    slug = "preview-refused"
    title = "The preview cannot be kept"
    status = 422


class NotYourPhotoError(ServiceError):
    """The viewer sees the photo, but only its owner may change it."""

    slug = "not-your-photo"
    title = "Only the owner may change a photo"
    status = 403

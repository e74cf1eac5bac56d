"""What can go wrong with jobs, for who asks about them."""

from service_kit.errors import NotFoundError, ServiceError


class JobNotFoundError(NotFoundError):
    """There is no such job, or it is another's."""

    slug = "job-not-found"
    title = "There is no such job"


class UploadSessionNotFoundError(NotFoundError):
    """There is no such upload session, or it is another's."""

    slug = "upload-session-not-found"
    title = "There is no such upload session"


class JobEndedError(ServiceError):
    """The job has ended, so it cannot be cancelled."""

    slug = "job-ended"
    title = "The job has ended"
    status = 409


class PhotoInTrashError(ServiceError):
    """The photo lies in its owner's trash, and to make it again would take it out."""

    slug = "photo-in-trash"
    title = "The photo lies in the trash"
    status = 409


class JobUnderWayError(ServiceError):
    """The upload is being worked on already."""

    slug = "job-under-way"
    title = "This upload is being worked on already"
    status = 409

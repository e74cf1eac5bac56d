"""What can go wrong with an event."""

from service_kit.errors import NotFoundError, ServiceError


class EventNotFoundError(NotFoundError):
    """There is no such event, or it is another's: deliberately the same answer."""

    slug = "event-not-found"
    title = "There is no such event"


class EventCycleError(ServiceError):
    """The event would lie inside itself."""

    slug = "event-cycle"
    title = "An event cannot lie inside itself"
    status = 409


class EventsTooDeepError(ServiceError):
    """The tree would have more levels than clients can show."""

    slug = "events-too-deep"
    title = "Events are nested too deep"
    status = 409

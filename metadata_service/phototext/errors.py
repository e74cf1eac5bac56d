"""What can go wrong with a story."""

from service_kit.errors import NotFoundError, ServiceError


class StoryNotFoundError(NotFoundError):
    """There is no such story, or the viewer may not read it: deliberately the same answer."""

    slug = "story-not-found"
    title = "There is no such story"


class NotYourStoryError(ServiceError):
    """The viewer reads the story, but only its owner may change it."""

    slug = "not-your-story"
    title = "Only the owner may change this story"
    status = 403

"""What can go wrong with a stack."""

from service_kit.errors import NotFoundError, ServiceError


class StackNotFoundError(NotFoundError):
    """There is no such stack, or it is another's: deliberately the same answer."""

    slug = "stack-not-found"
    title = "There is no such stack"


class NotInStackError(ServiceError):
    """The photo, as cover or to be taken out, is not in the stack."""

    slug = "not-in-stack"
    title = "The photo is not in this stack"
    status = 422


class SuggestionGoneError(ServiceError):
    """The evidence does not speak for this stack any more: photos were changed, stacked or thrown away."""

    slug = "suggestion-gone"
    title = "The suggestion does not hold any more"
    status = 409

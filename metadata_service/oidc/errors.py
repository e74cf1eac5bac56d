"""What can go wrong with an OpenID provider."""

from service_kit.errors import ServiceError


class NoProviderError(ServiceError):
    """This server knows no OpenID provider."""

    slug = "no-provider"
    title = "One cannot sign in with a provider here"
    status = 404


class ProviderAwayError(ServiceError):
    """The OpenID provider does not answer."""

    slug = "provider-away"
    title = "The OpenID provider does not answer"
    status = 503


class ProviderRefusedError(ServiceError):
    """What came back from the provider is not to be believed, or it is not of this browser's sign-in."""

    slug = "provider-refused"
    title = "The sign-in with the provider did not succeed"
    status = 403


class NoAccountError(ServiceError):
    """The provider knows the person, and this server has no account for them."""

    slug = "no-account-for-identity"
    title = "There is no account here for you"
    status = 403


class IdentityTakenError(ServiceError):
    """Another account here belongs to that person at the provider."""

    slug = "identity-taken"
    title = "Another account belongs to that sign-in"
    status = 409


class IdentityNotFoundError(ServiceError):
    """The account is not linked so, or the link is another's; deliberately the same."""

    slug = "identity-not-found"
    title = "There is no such link to a provider"
    status = 404


class LastWayInError(ServiceError):
    """Nobody could sign in to the account any more."""

    slug = "last-way-in"
    title = "You could not sign in any more"
    status = 409

"""What can go wrong with a space."""

from service_kit.errors import NotFoundError, ServiceError


class SpaceNotFoundError(NotFoundError):
    """No such space, or the caller does not belong to it: deliberately not told apart."""

    slug = "space-not-found"
    title = "There is no such space"


class MemberNotFoundError(NotFoundError):
    """Nobody of that number belongs to the space."""

    slug = "member-not-found"
    title = "There is no such member"


class InviteNotFoundError(NotFoundError):
    """No such invitation, or it is somebody else's, or it has expired or was used."""

    slug = "invite-not-found"
    title = "There is no such invitation"


class NotAllowedInSpaceError(ServiceError):
    """The caller belongs to the space, in a role that may not do this."""

    slug = "not-allowed-in-space"
    title = "Your role in this space does not allow that"
    status = 403


class SpaceOwnerStaysError(ServiceError):
    """A space without an owner would be nobody's to close."""

    slug = "space-owner-stays"
    title = "The owner of a space cannot leave it"
    status = 409


class SpaceFullError(ServiceError):
    """There are as many members, invitations or spaces as there may be."""

    slug = "space-full"
    title = "There is no more room"
    status = 409

"""`/spaces`: groups of people who show each other photos; `/space-invites`: how one comes to belong to them."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.db.types import utc_now
from metadata_service.spaces import photos, repository, service
from metadata_service.spaces.errors import (
    InviteNotFoundError,
    MemberNotFoundError,
    NotAllowedInSpaceError,
    SpaceFullError,
    SpaceNotFoundError,
    SpaceOwnerStaysError,
)
from metadata_service.spaces.schemas import (
    ChosenPhotos,
    Done,
    InviteForMe,
    InviteList,
    InviteOut,
    InvitesForMe,
    InviteToken,
    MemberChange,
    MemberList,
    MemberOut,
    NewInvite,
    NewSpace,
    PhotosPut,
    PhotosTaken,
    SpaceChange,
    SpaceList,
    SpaceOut,
)
from metadata_service.tables import Role
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/spaces", tags=["spaces"])
invites_router = APIRouter(prefix="/space-invites", tags=["spaces"])

_Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_SIGNED_IN = (NotSignedInError, InvalidTokenError)
_WRITE = (*_SIGNED_IN, CrossSiteRequestError, MalformedRequestError, DatabaseBusyError)
_OF_SPACE = (*_WRITE, SpaceNotFoundError, NotAllowedInSpaceError)


@router.get("", summary="The spaces you belong to", responses=answers(*_SIGNED_IN))
async def list_spaces(user_id: SignedIn, session: ReadSession) -> SpaceList:
    return SpaceList(data=[service.present(row) for row in await repository.told(session, user_id)])


@router.post(
    "", status_code=status.HTTP_201_CREATED, summary="Make a space", responses=answers(*_WRITE, SpaceFullError)
)
async def create(new: NewSpace, user_id: SignedIn, session: WriteSession) -> SpaceOut:
    return await service.create(session, user_id, new)


@router.get("/{space_id}", summary="A space you belong to", responses=answers(*_SIGNED_IN, SpaceNotFoundError))
async def get_space(space_id: _Id, user_id: SignedIn, session: ReadSession) -> SpaceOut:
    return await service.tell(session, user_id, space_id)


@router.patch("/{space_id}", summary="Change a space of yours", responses=answers(*_OF_SPACE))
async def change(space_id: _Id, wanted: SpaceChange, user_id: SignedIn, session: WriteSession) -> SpaceOut:
    return await service.change(session, user_id, space_id, wanted)


@router.delete("/{space_id}", summary="Close a space of yours; the photos stay", responses=answers(*_OF_SPACE))
async def delete(space_id: _Id, user_id: SignedIn, session: WriteSession) -> Done:
    await service.delete(session, user_id, space_id)
    return Done(message="The space was closed.")


@router.get("/{space_id}/members", summary="Who belongs to a space", responses=answers(*_SIGNED_IN, SpaceNotFoundError))
async def list_members(space_id: _Id, user_id: SignedIn, session: ReadSession) -> MemberList:
    await service.get(session, user_id, space_id)
    rows = await repository.members(session, space_id)
    return MemberList(
        data=[
            MemberOut(user_id=row[0], username=row[1], display_name=row[2], role=Role(row[3]).word, joined_at=row[4])
            for row in rows
        ]
    )


@router.patch(
    "/{space_id}/members/{user_id}",
    summary="Give a member another role; `owner` hands the space over",
    responses=answers(*_OF_SPACE, MemberNotFoundError, SpaceOwnerStaysError),
)
async def set_role(space_id: _Id, user_id: _Id, wanted: MemberChange, caller: SignedIn, session: WriteSession) -> Done:
    await service.set_role(session, caller, space_id, user_id, wanted)
    return Done(message=f"The member is {wanted.role} now.")


@router.delete(
    "/{space_id}/members/{user_id}",
    summary="Remove a member, or leave; what they put into the space leaves with them",
    responses=answers(*_OF_SPACE, MemberNotFoundError, SpaceOwnerStaysError),
)
async def remove(space_id: _Id, user_id: _Id, caller: SignedIn, session: WriteSession) -> Done:
    await service.remove(session, caller, space_id, user_id)
    return Done(message="The member is gone from the space.")


@router.post("/{space_id}/leave", summary="Leave a space", responses=answers(*_OF_SPACE, SpaceOwnerStaysError))
async def leave(space_id: _Id, user_id: SignedIn, session: WriteSession) -> Done:
    await service.remove(session, user_id, space_id, user_id)
    return Done(message="You left the space.")


@router.post(
    "/{space_id}/photos",
    summary="Put photos of yours into a space: private ones get the level `space`",
    responses=answers(*_OF_SPACE),
)
async def put_photos(space_id: _Id, chosen: ChosenPhotos, user_id: SignedIn, session: WriteSession) -> PhotosPut:
    return await photos.put(session, user_id, space_id, chosen)


@router.delete(
    "/{space_id}/photos",
    summary="Take photos out of a space: yours; as its owner, anybody's",
    responses=answers(*_OF_SPACE),
)
async def take_photos(space_id: _Id, chosen: ChosenPhotos, user_id: SignedIn, session: WriteSession) -> PhotosTaken:
    return await photos.take(session, user_id, space_id, chosen)


@router.get("/{space_id}/invites", summary="Open invitations to a space of yours", responses=answers(*_OF_SPACE))
async def list_invites(space_id: _Id, user_id: SignedIn, session: ReadSession) -> InviteList:
    await service.get(session, user_id, space_id, least=Role.OWNER)
    found = await repository.invites(session, space_id, utc_now())
    return InviteList(data=[service.present_invite(invite) for invite in found])


@router.post(
    "/{space_id}/invites",
    status_code=status.HTTP_201_CREATED,
    summary="Invite a person, or make a link to come by",
    responses=answers(*_OF_SPACE, SpaceFullError),
)
async def invite(space_id: _Id, new: NewInvite, user_id: SignedIn, session: WriteSession) -> InviteOut:
    return await service.invite(session, user_id, space_id, new)


@router.delete(
    "/{space_id}/invites/{number}",
    summary="Withdraw an invitation",
    responses=answers(*_OF_SPACE, InviteNotFoundError),
)
async def withdraw(space_id: _Id, number: _Id, user_id: SignedIn, session: WriteSession) -> Done:
    await service.withdraw(session, user_id, space_id, number)
    return Done(message="The invitation was withdrawn.")


@invites_router.get("", summary="Invitations to you", responses=answers(*_SIGNED_IN))
async def list_mine(user_id: SignedIn, session: ReadSession) -> InvitesForMe:
    rows = await repository.invites_for(session, user_id, utc_now())
    return InvitesForMe(
        data=[
            InviteForMe(id=row[0], space_name=row[1], invited_by=row[2], role=Role(row[3]).word, expires_at=row[4])
            for row in rows
        ]
    )


@invites_router.post(
    "/accept",
    summary="Come to belong to a space by a link",
    responses=answers(*_WRITE, InviteNotFoundError, SpaceFullError),
)
async def accept_link(wanted: InviteToken, user_id: SignedIn, session: WriteSession) -> SpaceOut:
    return await service.accept_link(session, user_id, wanted.token)


@invites_router.post(
    "/{invitation_id}/accept",
    summary="Accept an invitation",
    responses=answers(*_WRITE, InviteNotFoundError, SpaceFullError),
)
async def accept(invitation_id: _Id, user_id: SignedIn, session: WriteSession) -> SpaceOut:
    return await service.accept(session, user_id, invitation_id)


@invites_router.post(
    "/{invitation_id}/decline", summary="Decline an invitation", responses=answers(*_WRITE, InviteNotFoundError)
)
async def decline(invitation_id: _Id, user_id: SignedIn, session: WriteSession) -> Done:
    await service.decline(session, user_id, invitation_id)
    return Done(message="The invitation was declined.")

"""Keeps spaces: who belongs to them, in which role, and who is invited."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.repository import by_name
from metadata_service.db.types import utc_now
from metadata_service.spaces import photos, repository
from metadata_service.spaces.errors import (
    InviteNotFoundError,
    MemberNotFoundError,
    NotAllowedInSpaceError,
    SpaceFullError,
    SpaceNotFoundError,
    SpaceOwnerStaysError,
)
from metadata_service.spaces.schemas import InviteOut, MemberChange, NewInvite, NewSpace, SpaceChange, SpaceOut
from metadata_service.tables import Role, Space, SpaceInvite

_MOST_SPACES: Final = 200
_MOST_MEMBERS: Final = 1_000
_MOST_INVITES: Final = 200


async def get(
    session: AsyncSession, user_id: int, space_id: int, *, least: Role = Role.VIEWER, to_change: bool = False
) -> Space:
    """Find a space that the caller belongs to in at least that role.

    One they do not belong to is `SpaceNotFoundError`, too low a role `NotAllowedInSpaceError`.
    """
    found = await repository.find(session, user_id, space_id, to_change=to_change)
    if found is None:
        raise SpaceNotFoundError
    space, role = found
    if role < least:
        raise NotAllowedInSpaceError(f"Only the {least.word} of a space may do that.")
    return space


async def tell(session: AsyncSession, user_id: int, space_id: int) -> SpaceOut:
    """Show a space as the caller sees it."""
    row = await repository.told_one(session, user_id, space_id)
    if row is None:
        raise SpaceNotFoundError
    return present(row)


def present(row: Any) -> SpaceOut:
    """Show (space, role, members, photos)."""
    space, role, members, held = row
    return SpaceOut(
        id=space.id,
        name=space.name,
        description=space.description,
        role=Role(role).word,
        member_count=members,
        photo_count=held,
        created_at=space.created_at,
        updated_at=space.updated_at,
    )


async def create(session: AsyncSession, user_id: int, new: NewSpace) -> SpaceOut:
    """Make a space; who makes it owns it."""
    if await repository.count_spaces(session, user_id) >= _MOST_SPACES:
        raise SpaceFullError(f"One person owns {_MOST_SPACES} spaces at most.")
    space = Space(owner_id=user_id, **new.model_dump())
    session.add(space)
    await session.flush()
    await repository.add_member(session, space.id, user_id, Role.OWNER)
    return await tell(session, user_id, space.id)


async def change(session: AsyncSession, user_id: int, space_id: int, wanted: SpaceChange) -> SpaceOut:
    """Set the fields that were given."""
    space = await get(session, user_id, space_id, least=Role.OWNER, to_change=True)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(space, name, value)
    await session.flush()
    return await tell(session, user_id, space_id)


async def delete(session: AsyncSession, user_id: int, space_id: int) -> None:
    """Close a space. Its photos stay with their owners, and keep their level."""
    await get(session, user_id, space_id, least=Role.OWNER)
    await photos.take_all(session, space_id)
    await session.delete(await get(session, user_id, space_id, least=Role.OWNER, to_change=True))
    await session.flush()


async def set_role(session: AsyncSession, user_id: int, space_id: int, member_id: int, wanted: MemberChange) -> None:
    """Give a member another role; to make one the owner hands the space over."""
    space = await get(session, user_id, space_id, least=Role.OWNER, to_change=True)
    if member_id == user_id:
        if wanted.wanted is not Role.OWNER:
            raise SpaceOwnerStaysError("Hand the space over to somebody first.")
        return
    if not await repository.set_role(session, space_id, member_id, wanted.wanted):
        raise MemberNotFoundError
    if wanted.wanted is Role.OWNER:
        await repository.set_role(session, space_id, user_id, Role.EDITOR)
        space.owner_id = member_id
        await session.flush()


async def remove(session: AsyncSession, user_id: int, space_id: int, member_id: int) -> None:
    """Remove a member, or leave: what they put into the space leaves with them."""
    mine = member_id == user_id
    space = await get(session, user_id, space_id, least=Role.VIEWER if mine else Role.OWNER)
    if member_id == space.owner_id:
        raise SpaceOwnerStaysError("Hand the space over to somebody, or close it.")
    await photos.take_all_of(session, space_id, member_id)
    if not await repository.remove_member(session, space_id, member_id):
        raise MemberNotFoundError


async def invite(session: AsyncSession, user_id: int, space_id: int, new: NewInvite) -> InviteOut:
    """Invite a person, or make a link. A name that nobody has is answered like any other."""
    await get(session, user_id, space_id, least=Role.OWNER, to_change=True)
    now = utc_now()
    if len(await repository.invites(session, space_id, now)) >= _MOST_INVITES:
        raise SpaceFullError(f"A space has {_MOST_INVITES} open invitations at most.")
    person = await by_name(session, new.to.lower()) if new.to else None
    token = None if new.to else secrets.token_urlsafe(24)
    made = SpaceInvite(
        space_id=space_id,
        sent_to=new.to,
        user_id=person.id if person else None,
        token_hash=hash_of(token) if token else None,
        uses_left=1 if new.to else new.uses,
        role=new.wanted.value,
        expires_at=now + timedelta(days=new.days),
    )
    session.add(made)
    await session.flush()
    return present_invite(made, token)


def hash_of(token: str) -> str:
    """What is kept of a token: it is random and long, so that a plain digest does."""
    return hashlib.sha256(token.encode()).hexdigest()


def present_invite(made: SpaceInvite, token: str | None = None) -> InviteOut:
    """Show an invitation to the space's owner."""
    return InviteOut(
        id=made.id,
        to=made.sent_to,
        role=Role(made.role).word,
        uses_left=made.uses_left,
        expires_at=made.expires_at,
        created_at=made.created_at,
        token=token,
    )


async def accept(session: AsyncSession, user_id: int, invite_id: int) -> SpaceOut:
    """Accept an invitation to the caller."""
    return await _join(session, user_id, (SpaceInvite.id == invite_id) & (SpaceInvite.user_id == user_id))


async def accept_link(session: AsyncSession, user_id: int, token: str) -> SpaceOut:
    """Come by a link."""
    return await _join(session, user_id, SpaceInvite.token_hash == hash_of(token))


async def _join(session: AsyncSession, user_id: int, named: Any) -> SpaceOut:
    taken = await repository.take_invite(session, named, utc_now())
    if taken is None:
        raise InviteNotFoundError
    space_id, role = taken
    if await repository.count_members(session, space_id) >= _MOST_MEMBERS:
        raise SpaceFullError(f"A space has {_MOST_MEMBERS} members at most.")
    await repository.add_member(session, space_id, user_id, role)
    return await tell(session, user_id, space_id)


async def decline(session: AsyncSession, user_id: int, invite_id: int) -> None:
    """Decline an invitation to the caller."""
    if not await repository.remove_invites(session, SpaceInvite.id == invite_id, SpaceInvite.user_id == user_id):
        raise InviteNotFoundError


async def withdraw(session: AsyncSession, user_id: int, space_id: int, invite_id: int) -> None:
    """Withdraw an invitation to the caller's space."""
    await get(session, user_id, space_id, least=Role.OWNER)
    if not await repository.remove_invites(session, SpaceInvite.id == invite_id, SpaceInvite.space_id == space_id):
        raise InviteNotFoundError

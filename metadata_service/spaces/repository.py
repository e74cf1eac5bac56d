"""Statements about spaces, who belongs to them, and who is invited."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.upsert import insert_new
from metadata_service.tables import Photo, PhotoSpace, Role, Space, SpaceInvite, SpaceMember, User
from metadata_service.visibility import LEVEL, Visibility

_UNTRACKED: dict[str, Any] = {"synchronize_session": False}


def _told(user_id: int) -> Select[*tuple[Any, ...]]:
    """Spaces of a member: (space, role, members, photos)."""
    members = select(func.count()).select_from(SpaceMember).where(SpaceMember.space_id == Space.id)
    held = and_(Photo.id == PhotoSpace.photo_id, Photo.deleted_at.is_(None), Visibility.PRIVATE.value < LEVEL)
    photos = select(func.count()).select_from(PhotoSpace).join(Photo, held).where(PhotoSpace.space_id == Space.id)
    numbers = (query.correlate(Space).scalar_subquery() for query in (members, photos))
    mine = SpaceMember.__table__.alias("mine")
    query = select(Space, mine.c.role, *numbers).join(mine, mine.c.space_id == Space.id)
    return query.where(mine.c.user_id == user_id)


async def told(session: AsyncSession, user_id: int) -> Sequence[Row[Any]]:
    """All spaces that somebody belongs to, by name."""
    return (await session.execute(_told(user_id).order_by(func.lower(Space.name), Space.id))).all()


async def told_one(session: AsyncSession, user_id: int, space_id: int) -> Row[Any] | None:
    """One of them."""
    return (await session.execute(_told(user_id).where(Space.id == space_id))).one_or_none()


async def find(
    session: AsyncSession, user_id: int, space_id: int, *, to_change: bool = False
) -> tuple[Space, Role] | None:
    """Find a space that somebody belongs to, and their role; `to_change` makes others who change it wait."""
    query = select(Space, SpaceMember.role).join(SpaceMember, SpaceMember.space_id == Space.id)
    query = query.where(Space.id == space_id, SpaceMember.user_id == user_id)
    if to_change:
        query = query.with_for_update(key_share=True, of=Space)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], Role(row[1]))


async def count_spaces(session: AsyncSession, owner_id: int) -> int:
    """How many spaces somebody owns."""
    return await session.scalar(select(func.count()).select_from(Space).where(Space.owner_id == owner_id)) or 0


async def members(session: AsyncSession, space_id: int) -> list[Any]:
    """All members: (user_id, username, display_name, role, joined_at), the owner first."""
    columns = (SpaceMember.user_id, User.username, User.display_name, SpaceMember.role, SpaceMember.joined_at)
    query = select(*columns).join(User, User.id == SpaceMember.user_id).where(SpaceMember.space_id == space_id)
    return list(await session.execute(query.order_by(SpaceMember.role.desc(), User.username_key)))


async def count_members(session: AsyncSession, space_id: int) -> int:
    """How many belong to a space."""
    query = select(func.count()).select_from(SpaceMember).where(SpaceMember.space_id == space_id)
    return await session.scalar(query) or 0


async def add_member(session: AsyncSession, space_id: int, user_id: int, role: Role) -> None:
    """Let somebody belong to a space; who does already keeps their role."""
    row = {"space_id": space_id, "user_id": user_id, "role": role.value}
    await session.execute(insert_new(session, SpaceMember).values(row))


async def set_role(session: AsyncSession, space_id: int, user_id: int, role: Role) -> bool:
    """Give a member a role; tell whether there is such a member."""
    one = update(SpaceMember).where(SpaceMember.space_id == space_id, SpaceMember.user_id == user_id)
    changed = await session.scalars(one.values(role=role.value).returning(SpaceMember.user_id), None)
    return changed.first() is not None


async def remove_member(session: AsyncSession, space_id: int, user_id: int) -> bool:
    """Let somebody belong to a space no longer; tell whether they did."""
    one = delete(SpaceMember).where(SpaceMember.space_id == space_id, SpaceMember.user_id == user_id)
    return (await session.scalars(one.returning(SpaceMember.user_id))).first() is not None


def _open(now: datetime) -> Any:
    return and_(SpaceInvite.expires_at > now, SpaceInvite.uses_left > 0)


async def invites(session: AsyncSession, space_id: int, now: datetime) -> list[SpaceInvite]:
    """The open invitations to a space, the newest first."""
    query = select(SpaceInvite).where(SpaceInvite.space_id == space_id, _open(now)).order_by(SpaceInvite.id.desc())
    return list(await session.scalars(query))


async def invites_for(session: AsyncSession, user_id: int, now: datetime) -> list[Any]:
    """The open invitations to a person: (id, space's name, owner's name, role, expires_at)."""
    columns = (SpaceInvite.id, Space.name, User.username, SpaceInvite.role, SpaceInvite.expires_at)
    query = select(*columns).join(Space, Space.id == SpaceInvite.space_id).join(User, User.id == Space.owner_id)
    return list(await session.execute(query.where(SpaceInvite.user_id == user_id, _open(now))))


async def take_invite(session: AsyncSession, named: Any, now: datetime) -> tuple[int, Role] | None:
    """Use an open invitation once: (space, role), or None where there is none."""
    used = update(SpaceInvite).where(named, _open(now)).values(uses_left=SpaceInvite.uses_left - 1)
    used = used.returning(SpaceInvite.space_id, SpaceInvite.role).execution_options(**_UNTRACKED)
    row = (await session.execute(used)).one_or_none()
    return None if row is None else (row[0], Role(row[1]))


async def remove_invites(session: AsyncSession, *named: Any) -> bool:
    """Withdraw or decline invitations; tell whether there were any."""
    gone = delete(SpaceInvite).where(*named).returning(SpaceInvite.id).execution_options(**_UNTRACKED)
    return (await session.scalars(gone)).first() is not None

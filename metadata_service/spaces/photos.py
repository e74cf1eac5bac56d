"""Puts photos into spaces and takes them out. Whoever does takes the turn of the photos' owner first."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, literal, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.db.upsert import insert_new
from metadata_service.derived import search
from metadata_service.derived.days import DAY
from metadata_service.spaces import repository
from metadata_service.spaces.errors import NotAllowedInSpaceError, SpaceNotFoundError
from metadata_service.spaces.schemas import ChosenPhotos, PhotosPut, PhotosTaken
from metadata_service.tables import Photo, PhotoSpace, Role
from metadata_service.visibility import IS_PRIVATE, IS_SHOWN_BY_SPACES, Viewer, Visibility, own

_AT_ONCE: Final = 500
_UNTRACKED: Final[dict[str, Any]] = {"synchronize_session": False}
_COLUMNS: Final = ("space_id", "photo_id", "owner_id", "sort_ts", "day", "rating", "is_shown", "is_only", "added_at")


async def put(session: AsyncSession, user_id: int, space_id: int, chosen: ChosenPhotos) -> PhotosPut:
    """Put the caller's photos into a space. A private one gets the level `space`, and is in no other space then.

    It may lie in others from earlier days; to be shown there again is not what its owner asks for now.
    """
    await take_turn(session, user_id)
    await _role(session, user_id, space_id, least=Role.EDITOR)
    ids = await _own(session, user_id, chosen)
    widened = 0
    for some in _pieces(ids):
        private = list(await session.scalars(select(Photo.id).where(Photo.id.in_(some), IS_PRIVATE)))
        if private:
            await session.execute(delete(PhotoSpace).where(PhotoSpace.photo_id.in_(private)), None, **_options())
            widen = update(Photo).where(Photo.id.in_(private)).values(visibility=Visibility.SPACE.value)
            await session.execute(widen, None, **_options())
        row = (literal(space_id), Photo.id, Photo.owner_id, Photo.sort_ts, DAY, Photo.rating, IS_SHOWN_BY_SPACES)
        rows = select(*row, true(), literal(utc_now())).where(Photo.id.in_(some))
        await session.execute(insert_new(session, PhotoSpace).from_select(_COLUMNS, rows))
        widened += len(private)
    await search.index(session, ids)
    return PhotosPut(put=len(ids), widened=widened, skipped=chosen.asked - len(ids))


async def take(session: AsyncSession, user_id: int, space_id: int, chosen: ChosenPhotos) -> PhotosTaken:
    """Take photos out of a space: the caller's own, and anybody's for its owner."""
    role = await _role(session, user_id, space_id, least=Role.VIEWER)
    named = and_(PhotoSpace.space_id == space_id, _named(chosen))
    mine = true() if role is Role.OWNER else PhotoSpace.owner_id == user_id
    taken = await _take(session, and_(named, mine))
    return PhotosTaken(taken=taken, skipped=chosen.asked - taken)


async def take_all_of(session: AsyncSession, space_id: int, owner_id: int) -> None:
    """Take out all that somebody put into a space."""
    await take_turn(session, owner_id)
    await _take(session, and_(PhotoSpace.space_id == space_id, PhotoSpace.owner_id == owner_id))


async def take_all(session: AsyncSession, space_id: int) -> None:
    """Take out everything."""
    await _take(session, PhotoSpace.space_id == space_id)


async def _take(session: AsyncSession, rows: ColumnElement[bool]) -> int:
    """Take out what these rows say, having taken the turns of all whose photos they are, in one order."""
    for owner_id in sorted(await session.scalars(select(PhotoSpace.owner_id).where(rows).distinct())):
        await take_turn(session, owner_id)
    gone = delete(PhotoSpace).where(rows).returning(PhotoSpace.photo_id)
    ids = list(await session.scalars(gone, None, **_options()))
    await search.index(session, ids)
    return len(ids)


def _options() -> dict[str, Any]:
    return {"execution_options": _UNTRACKED}


async def _role(session: AsyncSession, user_id: int, space_id: int, *, least: Role) -> Role:
    found = await repository.find(session, user_id, space_id)
    if found is None:
        raise SpaceNotFoundError
    if found[1] < least:
        raise NotAllowedInSpaceError("Viewers look: ask the space's owner to make you an editor.")
    return found[1]


def _named(chosen: ChosenPhotos) -> ColumnElement[bool]:
    by_hash = select(Photo.id).where(Photo.hothash.in_(chosen.hothashes))
    return or_(PhotoSpace.photo_id.in_(chosen.ids), PhotoSpace.photo_id.in_(by_hash))


async def _own(session: AsyncSession, user_id: int, chosen: ChosenPhotos) -> list[int]:
    """The chosen photos that are the caller's, locked in one order."""
    mine = or_(*own(Viewer(user_id)))
    found: set[int] = set()
    for ids in _pieces(sorted(set(chosen.ids))):
        found |= set(await session.scalars(select(Photo.id).where(Photo.id.in_(ids), mine)))
    for names in _pieces(sorted(set(chosen.hothashes))):
        found |= set(await session.scalars(select(Photo.id).where(Photo.hothash.in_(names), mine)))
    locked: list[int] = []
    for some in _pieces(sorted(found)):
        query = select(Photo.id).where(Photo.id.in_(some)).order_by(Photo.id)
        locked += await session.scalars(query.with_for_update(key_share=True))
    return locked


def _pieces(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))

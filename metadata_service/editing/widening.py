"""Says who would see photos that do not see them now, before they are shared."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.editing.schemas import Audience, Widening, WideningTold
from metadata_service.tables import Photo, PhotoSpace, Space, SpaceMember
from metadata_service.visibility import LEVEL, Viewer, Visibility, own

_AT_ONCE: Final = 500


async def tell(session: AsyncSession, owner_id: int, wanted: Widening) -> WideningTold:
    """Count what each audience would newly see; nothing is changed."""
    photos = await _levels(session, owner_id, wanted)
    target = Visibility.SPACE if wanted.space_id is not None else Visibility[(wanted.visibility or "space").upper()]
    audiences: list[Audience] = []
    if wanted.space_id is not None:
        audiences += await _put(session, owner_id, wanted.space_id, photos)
    elif target is Visibility.SPACE:
        audiences += await _in_spaces(session, [photo_id for photo_id, level in photos if level < target])
    else:
        for who, least in (("signed_in", Visibility.AUTHENTICATED), ("anyone", Visibility.PUBLIC)):
            newly = sum(level < least for _, level in photos) if target >= least else 0
            audiences.append(Audience(who=who, photos=newly))
    narrowed = 0 if wanted.space_id is not None else sum(level > target for _, level in photos)
    return WideningTold(
        photos=len(photos),
        skipped=wanted.asked - len(photos),
        narrowed=narrowed,
        newly_seen_by=[audience for audience in audiences if audience.photos],
    )


async def _levels(session: AsyncSession, owner_id: int, wanted: Widening) -> list[tuple[int, int]]:
    """The chosen photos that are the owner's, with their levels."""
    mine = or_(*own(Viewer(owner_id)))
    found: dict[int, int] = {}
    for column, names in ((Photo.id, sorted(set(wanted.ids))), (Photo.hothash, sorted(set(wanted.hothashes)))):
        for some in _pieces(names):
            named: ColumnElement[bool] = column.in_(some)
            found.update((row[0], row[1]) for row in await session.execute(select(Photo.id, LEVEL).where(named, mine)))
    return list(found.items())


async def _put(
    session: AsyncSession, owner_id: int, space_id: int, photos: Sequence[tuple[int, int]]
) -> list[Audience]:
    """The members of a space see what is put into it, if they do not already."""
    inside: set[int] = set()
    for some in _pieces([photo_id for photo_id, _ in photos]):
        held = select(PhotoSpace.photo_id).where(PhotoSpace.space_id == space_id, PhotoSpace.photo_id.in_(some))
        inside |= set(await session.scalars(held))
    newly = sum(
        level == Visibility.PRIVATE or (level == Visibility.SPACE and photo_id not in inside)
        for photo_id, level in photos
    )
    mine = select(SpaceMember.space_id).where(SpaceMember.user_id == owner_id)
    spaces = await session.execute(_people().where(Space.id == space_id, Space.id.in_(mine)))
    return [_audience(space, newly) for space in spaces]


async def _in_spaces(session: AsyncSession, photo_ids: Sequence[int]) -> list[Audience]:
    """Private photos may lie in spaces already, which would show them."""
    counts: dict[int, int] = {}
    for some in _pieces(photo_ids):
        held = select(PhotoSpace.space_id, func.count()).where(PhotoSpace.photo_id.in_(some))
        for space_id, number in await session.execute(held.group_by(PhotoSpace.space_id)):
            counts[space_id] = counts.get(space_id, 0) + number
    spaces = await session.execute(_people().where(Space.id.in_(counts)))
    return [_audience(space, counts[space.id]) for space in spaces]


def _people() -> Any:
    """Spaces with how many belong to them besides the caller."""
    number = select(func.count() - 1).select_from(SpaceMember).where(SpaceMember.space_id == Space.id)
    return select(Space.id, Space.name, number.correlate(Space).scalar_subquery().label("people")).order_by(Space.id)


def _audience(space: Row[Any], photos: int) -> Audience:
    return Audience(who="space", photos=photos, space_id=space.id, space_name=space.name, people=space.people)


def _pieces(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]

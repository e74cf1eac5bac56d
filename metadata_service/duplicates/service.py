"""Finds photos that are alike: to one photo, and all over a library."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.derived.likeness import near
from metadata_service.duplicates import repository
from metadata_service.duplicates.evidence import best, compared, shown
from metadata_service.duplicates.schemas import (
    Dismissed,
    DismissIn,
    Group,
    GroupMember,
    Groups,
    GroupsMeta,
    Similar,
    SimilarMeta,
    SimilarPhotos,
)
from metadata_service.paging import Cursor
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.service import look_at_own
from metadata_service.tables import PhotoPair

_ORDER: Final = 64  # of the cursors of groups: no other list has it
_ROUNDS: Final = 4
_MOST_MEMBERS: Final = 50


async def similar(session: AsyncSession, owner_id: int, ref: PhotoRef, most: int, limit: int) -> SimilarPhotos:
    """Give the owner's photos that look like one of theirs, the nearest first."""
    photo = await look_at_own(session, owner_id, ref)
    if photo.perceptual_hash is None:
        return SimilarPhotos(data=[], meta=SimilarMeta(distance=most, has_hash=False, is_cut=False))
    found = await near(session, owner_id, [photo.perceptual_hash], most)
    ids = [alike.photo_id for alike in sorted(found, key=lambda alike: (alike.distance, alike.photo_id))]
    rows = await repository.photos(session, owner_id, ids)
    live = [rows[photo_id] for photo_id in ids if photo_id in rows and photo_id != photo.id]
    digests = await repository.digests(session, [photo.id, *(row.id for row in live[:limit])])
    return SimilarPhotos(
        data=[Similar(photo=shown(row), evidence=compared(photo, row, digests)) for row in live[:limit]],
        meta=SimilarMeta(distance=most, has_hash=True, is_cut=len(live) > limit),
    )


async def groups(session: AsyncSession, owner_id: int, most: int, limit: int, cursor: str | None) -> Groups:
    """Give one page of the groups that the pairs found so far make, in order of their oldest arrivals."""
    after = Cursor.parse(cursor, order=_ORDER, keys=1).keys[0] if cursor else 0
    found = await repository.leaders(session, owner_id, most, after=after, limit=limit + 1)
    begun = found[:limit]
    chains = await _chains(session, owner_id, most, begun) if begun else []
    ids = {photo_id for chain in chains for photo_id in chain[:_MOST_MEMBERS]}
    rows = await repository.photos(session, owner_id, ids) if ids else {}
    digests = await repository.digests(session, ids) if ids else {}
    meta = GroupsMeta(
        limit=limit,
        distance=most,
        next_cursor=str(Cursor(_ORDER, (begun[-1],))) if len(found) > limit else None,
        photos_to_compare=await repository.waiting(session, owner_id),
    )
    shown_groups = (_group(chain, rows, digests) for chain in chains)
    return Groups(data=[group for group in shown_groups if group is not None], meta=meta)


async def _chains(session: AsyncSession, owner_id: int, most: int, begun: Sequence[int]) -> list[list[int]]:
    """Follow pairs from the photos that begin a group; a group that begins earlier was on an earlier page."""
    group_of = {photo_id: photo_id for photo_id in begun}
    frontier = list(begun)
    for _ in range(_ROUNDS):
        edges = await repository.edges(session, owner_id, most, frontier) if frontier else []
        frontier = [photo_id for photo_id in {end for edge in edges for end in edge} if photo_id not in group_of]
        group_of |= {photo_id: photo_id for photo_id in frontier}
        for one, other in edges:
            _join(group_of, one, other)
    chains: dict[int, list[int]] = {}
    for photo_id in sorted(group_of):
        chains.setdefault(_root(group_of, photo_id), []).append(photo_id)
    return [chain for first, chain in sorted(chains.items()) if first in begun]


def _root(group_of: dict[int, int], photo_id: int) -> int:
    while group_of[photo_id] != photo_id:
        photo_id = group_of[photo_id]
    return photo_id


def _join(group_of: dict[int, int], one: int, other: int) -> None:
    """The smallest id stands for its group."""
    first, second = sorted((_root(group_of, one), _root(group_of, other)))
    group_of[second] = first


def _group(chain: list[int], rows: dict[int, Any], digests: dict[int, set[str]]) -> Group | None:
    members = [rows[photo_id] for photo_id in chain[:_MOST_MEMBERS] if photo_id in rows]
    if len(members) < 2:  # one went away this very moment
        return None
    return Group(
        photos=[GroupMember(photo=shown(row), evidence=compared(members[0], row, digests)) for row in members],
        suggested_keep_id=best(members).id,
        is_cut=len(chain) > _MOST_MEMBERS,
    )


async def dismiss(session: AsyncSession, owner_id: int, wanted: DismissIn) -> Dismissed:
    """Say of all pairs among these photos that they are two; or take that back."""
    ids = sorted(set(wanted.photos))
    among = (PhotoPair.owner_id == owner_id, PhotoPair.photo_id.in_(ids), PhotoPair.other_id.in_(ids))
    said = update(PhotoPair).where(*among).values(is_dismissed=wanted.is_dismissed).returning(PhotoPair.photo_id)
    return Dismissed(pairs=len(list(await session.scalars(said))))

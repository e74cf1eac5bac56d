"""Gives photos tags, takes them away, renames and unites them; the index of words follows in the same transaction."""

import unicodedata
from collections.abc import Collection, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.derived import search
from metadata_service.tables import Photo, Tag
from metadata_service.tags import repository
from metadata_service.tags.errors import TagNameTakenError, TagNotFoundError


def tag_key(name: str) -> str:
    """The name as it is compared: case folded, composed, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())


async def add_by_name(session: AsyncSession, owner_id: int, wanted: Sequence[tuple[Photo, Sequence[str]]]) -> int:
    """Give each photo its tags by name; give how many it did not have.

    A tag that the owner does not have yet is made, as first spelled. The index of words is the caller's to renew.
    """
    spelled = {tag_key(name): " ".join(name.split()) for _, names in reversed(wanted) for name in reversed(names)}
    spelled.pop("", None)
    if not spelled:
        return 0
    ids = await repository.made_by_key(session, owner_id, spelled)
    return await repository.link(
        session, {(ids[tag_key(name)], photo) for photo, names in wanted for name in names if tag_key(name)}
    )


async def tag_photos(
    session: AsyncSession, owner_id: int, photos: Sequence[Photo], *, add: Sequence[str], remove: Sequence[str]
) -> tuple[int, int]:
    """Put tags on photos and take others from them; give how many of each."""
    ids = [photo.id for photo in photos]
    unwanted = await repository.ids_by_key(session, owner_id, {tag_key(name) for name in remove})
    removed = await repository.unlink(session, unwanted.values(), ids) if unwanted else 0
    added = await add_by_name(session, owner_id, [(photo, add) for photo in photos])
    await search.index(session, ids)
    return added, removed


async def tag_many(
    session: AsyncSession, owner_id: int, photo_ids: Collection[int], *, add: Sequence[str], remove: Sequence[str]
) -> tuple[int, int, int]:
    """The same by id, for those of the photos that are the owner's; also give their number."""
    await take_turn(session, owner_id)
    photos = await repository.own_photos(session, owner_id, set(photo_ids))
    return (len(photos), *await tag_photos(session, owner_id, photos, add=add, remove=remove))


async def carrying(
    session: AsyncSession, owner_id: int, photo_ids: Collection[int], names: Sequence[str]
) -> dict[str, list[int]]:
    """Which of the photos have each of the tags, until they are tagged in the same transaction."""
    await take_turn(session, owner_id)
    ids = await repository.ids_by_key(session, owner_id, {tag_key(name) for name in names})
    found = await repository.carrying(session, ids.values(), photo_ids) if ids else {}
    return {name: found.get(ids.get(tag_key(name), 0), []) for name in names}


async def get(session: AsyncSession, owner_id: int, tag_id: int) -> Tag:
    """Find a tag of the owner to change it, or raise `TagNotFoundError`."""
    await take_turn(session, owner_id)
    tag = await repository.find(session, owner_id, tag_id)
    if tag is None:
        raise TagNotFoundError
    return tag


async def rename(session: AsyncSession, owner_id: int, tag_id: int, new_name: str) -> tuple[Tag, str]:
    """Rename a tag; also give its old name. A name that another tag bears is `TagNameTakenError`: merge them."""
    tag = await get(session, owner_id, tag_id)
    old_name, tag.name, tag.name_key = tag.name, new_name, tag_key(new_name)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise TagNameTakenError(f"You have another tag named {new_name}. Merge the two instead.") from error
    await search.index(session, await repository.photo_ids(session, tag_id))
    return tag, old_name


async def merge(session: AsyncSession, owner_id: int, tag_id: int, into_id: int) -> tuple[Tag, int]:
    """Let one tag take over the photos of another, which is gone then; also give how many those were."""
    tag, into = await get(session, owner_id, tag_id), await get(session, owner_id, into_id)
    affected = await repository.photo_ids(session, tag_id)
    if tag.id != into.id:
        await repository.move_links(session, tag.id, into.id)
        await session.delete(tag)
        await session.flush()
        await search.index(session, affected)
    return into, len(affected)


async def delete(session: AsyncSession, owner_id: int, tag_id: int) -> tuple[str, int]:
    """Remove a tag from all photos; give its name and their number."""
    tag = await get(session, owner_id, tag_id)
    affected = await repository.photo_ids(session, tag_id)
    await session.delete(tag)
    await session.flush()
    await search.index(session, affected)
    return tag.name, len(affected)

"""Gives photos tags, making those that are new."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import Photo
from metadata_service.tags import repository


def tag_key(name: str) -> str:
    """The name as it is compared: case folded, composed, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())


async def add_by_name(session: AsyncSession, owner_id: int, wanted: Sequence[tuple[Photo, Sequence[str]]]) -> None:
    """Give each photo its tags by name; a tag that the owner does not have yet is made, as first spelled."""
    spelled = {tag_key(name): " ".join(name.split()) for _, names in reversed(wanted) for name in reversed(names)}
    spelled.pop("", None)
    if not spelled:
        return
    ids = await repository.ids_by_key(session, owner_id, spelled)
    links = {(ids[tag_key(name)], photo) for photo, names in wanted for name in names if tag_key(name)}
    await repository.link(session, links)

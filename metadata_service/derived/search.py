"""The index of words: which photos bear which, and who may find them by it.

`index` is to be called in the transaction that changes a photo's words, its visibility, its spaces or its place in the
trash; removing a photo removes its words by itself. The owner finds a photo by all its words; others find a shared
photo by the words that are shown to them, never by its tags or file names. What is found is still asked for through
metadata_service.visibility: a stale index can hide a photo, never show one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, false, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.derived.dialects import Dialect, Entry, Fts5, TextSearch
from metadata_service.derived.words import asked, indexed
from metadata_service.tables import ImageFile, Photo, PhotoSpace, PhotoTag, SpaceMember, Tag
from metadata_service.visibility import IS_PUBLIC, IS_SHARED, IS_SHOWN_BY_SPACES, Viewer, belongs

MOST_FOUND: Final = 2_000
"""Of a word that more photos bear, those that came last are found: an order by date must look at each of them."""

_AT_ONCE: Final = 500
_SHOWN: Final = (Photo.title, Photo.description, Photo.camera_make, Photo.camera_model, Photo.lens_model)
_HIDDEN: Final = (Photo.primary_filename, Photo.city, Photo.region, Photo.country)
_DIALECTS: Final[dict[str, Dialect]] = {"sqlite": Fts5(), "postgresql": TextSearch()}


def dialect_of(session: AsyncSession) -> Dialect:
    """The dialect of the session's database."""
    return _DIALECTS[session.get_bind().dialect.name]


async def index(session: AsyncSession, photo_ids: Iterable[int]) -> None:
    """Write down the words of these photos as they are now."""
    ids = sorted(set(photo_ids))  # in one order, so that writers cannot wait for each other in a circle
    for some in _pieces(ids):
        await _write(session, some)


async def check(session: AsyncSession) -> list[str]:
    """Compare what is written down with the photos; say where they differ."""
    dialect = dialect_of(session)
    kept = set(await session.scalars(text(f"SELECT {dialect.key} FROM photo_search")))  # noqa: S608  # a name of ours
    ids = list(await session.scalars(select(Photo.id).order_by(Photo.id)))
    found = [f"photo_search has words of photo {photo_id}, which is gone" for photo_id in sorted(kept - set(ids))]
    for some in _pieces(ids):
        rows = (await session.execute(text(dialect.read), {"first": some[0], "last": some[-1]})).mappings()
        written = {row["photo_id"]: dialect.words(dict(row)) for row in rows}
        found += [
            f"photo_search has other words of photo {entry.photo_id} than the photo"
            for entry in await _entries(session, some)
            if written.get(entry.photo_id) != dialect.words(dialect.row(entry))
        ]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Write down the words of every photo anew."""
    await session.execute(text("DELETE FROM photo_search"))
    await index(session, await session.scalars(select(Photo.id)))


async def _write(session: AsyncSession, ids: Sequence[int]) -> None:
    dialect = dialect_of(session)
    if entries := await _entries(session, ids):
        await session.execute(text(dialect.write), [dialect.row(entry) for entry in entries])


async def _entries(session: AsyncSession, ids: Sequence[int]) -> list[Entry]:
    hidden: dict[int, list[str]] = defaultdict(list)
    for photo_id, said in await session.execute(_hidden_texts(ids)):
        hidden[photo_id].append(said)
    spaces: dict[int, list[int]] = defaultdict(list)
    held = select(PhotoSpace.photo_id, PhotoSpace.space_id).where(PhotoSpace.photo_id.in_(ids))
    for photo_id, space_id in await session.execute(held):
        spaces[photo_id].append(space_id)
    photos = select(Photo.id, Photo.owner_id, IS_PUBLIC, IS_SHARED, IS_SHOWN_BY_SPACES, *_HIDDEN, *_SHOWN)
    return [
        Entry(
            photo_id=row.id,
            who=[
                f"u{row.owner_id}",
                *(["shared"] if row.is_shared else []),
                *(["public"] if row.is_public else []),
                *(f"s{space_id}" for space_id in sorted(spaces[row.id]) if row.is_shown),
            ],
            shown=indexed(getattr(row, column.key) for column in _SHOWN),
            hidden=indexed([*(getattr(row, column.key) for column in _HIDDEN), *sorted(hidden[row.id])]),
        )
        for row in await session.execute(photos.where(Photo.id.in_(ids)).order_by(Photo.id))
    ]


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _hidden_texts(ids: Sequence[int]) -> Any:
    tags = select(PhotoTag.photo_id, Tag.name).join(Tag, Tag.id == PhotoTag.tag_id).where(PhotoTag.photo_id.in_(ids))
    files = select(ImageFile.photo_id, ImageFile.filename).where(ImageFile.photo_id.in_(ids))
    return union_all(tags, files)


async def bears(
    session: AsyncSession, viewer: Viewer, question: str, *, own_only: bool = False
) -> ColumnElement[bool] | None:
    """The condition that `viewer` finds a photo by all words of `question`; None when it has none."""
    dialect, wanted = dialect_of(session), asked(question)
    if not wanted:
        return None
    finds = []
    if viewer.user_id is not None:
        finds.append(dialect.found([f"u{viewer.user_id}"], wanted, by_hidden=True))
    if not own_only:
        finds += [dialect.found(some, wanted, by_hidden=False) for some in await _audiences(session, viewer)]
    if not finds:  # who has nothing asks about their own
        return false()
    capped = [find.limit(bindparam(None, MOST_FOUND)).subquery() for find in finds]
    return Photo.id.in_(union_all(*(select(some) for some in capped)))


async def _audiences(session: AsyncSession, viewer: Viewer) -> list[list[str]]:
    """Where others' photos are found: among the shared ones, and in the viewer's spaces."""
    if viewer.eyes is not None:
        return [[f"u{viewer.eyes.owner_id}"]]
    if viewer.user_id is None:
        return [["public"]]
    spaces = list(await session.scalars(select(SpaceMember.space_id).where(belongs(viewer))))
    return [["shared"], *([[f"s{space_id}" for space_id in spaces]] if spaces else [])]

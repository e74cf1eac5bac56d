"""What stands beside photos that are told: author, files and tags, one statement for a whole page of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    FromClause,
    Select,
    String,
    Text,
    cast,
    inspect,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import ranges, ranges_given
from metadata_service.db.types import UtcDateTime
from metadata_service.photos.presenter import told_row
from metadata_service.redaction.policy import policies
from metadata_service.tables import Author, ImageFile, PhotoTag, Tag
from metadata_service.visibility import Viewer

_FILES: Final = inspect(ImageFile).local_table
_TAGS: Final = inspect(Tag).local_table
_LINKS: Final = inspect(PhotoTag).local_table
_AUTHORS: Final = inspect(Author).local_table
_NOTHING: Final[dict[str, Any]] = {"author": None, "first_imported": None, "last_imported": None}


async def told_rows(session: AsyncSession, rows: Iterable[Any], viewer: Viewer) -> list[dict[str, Any]]:
    """Tell of photos, whose rows begin with the presenter's columns, with all that stands beside them."""
    told = list(rows)
    policy = await policies(session, viewer, ((row.id, row.owner_id, row.visibility) for row in told))
    shown = [told_row(row, viewer, policy.get(row.id)) for row in told]
    await accompany(session, shown)
    return shown


async def accompany(session: AsyncSession, shown: Sequence[dict[str, Any]]) -> None:
    """Add author, files and tags to photos as the presenter tells them: to the viewer's own, for nobody else is told.

    `first_imported` and `last_imported` are when the first and the last file of the photo came.
    """
    for photo in shown:
        photo.update(_NOTHING, files=[], tags=[])
    mine = {photo["id"]: photo for photo in shown if photo["is_mine"]}
    if not mine:
        return
    found = await _beside(session, mine)
    for photo_id, photo in mine.items():
        photo["tags"] = [{"id": tag.id, "name": tag.name} for tag in sorted(found["tag", photo_id], key=_by_detail)]
        files = sorted(found["file", photo_id], key=_by_id)
        photo["files"] = [_file(file) for file in files]
        arrivals = [file.came_at for file in files] or [photo["created_at"]]
        photo["first_imported"], photo["last_imported"] = min(arrivals), max(arrivals)
        for author in found["author", photo_id]:
            photo["author"] = {"id": author.id, "name": author.name}


def _by_id(row: Any) -> int:
    number: int = row.id
    return number


def _by_detail(row: Any) -> str:
    key: str = row.detail
    return key


def _file(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "filename": row.name,
        "file_format": row.detail,
        "file_size": row.size,
        "sha256": row.sha256,
    }


async def _beside(session: AsyncSession, photos: dict[int, dict[str, Any]]) -> defaultdict[tuple[str, int], list[Any]]:
    """Rows by what they are and whose."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    page = ranges_given(
        ((photo_id, photo["author_id"] or 0) for photo_id, photo in photos.items()), is_sqlite=is_sqlite
    )
    found: defaultdict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in await session.execute(_statement(is_sqlite), page):
        found[row.kind, row.photo_id].append(row)
    return found


@cache
def _statement(is_sqlite: bool) -> CompoundSelect[Any]:  # a key of the cache
    """Made once: making it anew would take longer than the database does."""
    given = ranges(is_sqlite=is_sqlite)
    page = select(given.c.first.label("photo_id"), given.c.end.label("author_id")).cte("page")
    return union_all(_files_of(page), _tags_of(page), _authors_of(page))


def _files_of(page: FromClause) -> Select[Any]:
    columns = (
        literal("file", String).label("kind"),
        _FILES.c.photo_id,
        _FILES.c.id,
        _FILES.c.filename.label("name"),
        _FILES.c.file_format.label("detail"),
        _FILES.c.sha256,
        _FILES.c.file_size.label("size"),
        _FILES.c.created_at.label("came_at"),
    )
    return select(*columns).join(page, _FILES.c.photo_id == page.c.photo_id)


def _tags_of(page: FromClause) -> Select[Any]:
    columns = (literal("tag", String), _LINKS.c.photo_id, _TAGS.c.id, _TAGS.c.name, _TAGS.c.name_key)
    joined = page.join(_LINKS, _LINKS.c.photo_id == page.c.photo_id).join(_TAGS, _TAGS.c.id == _LINKS.c.tag_id)
    return select(*columns, *_no_file()).select_from(joined)


def _authors_of(page: FromClause) -> Select[Any]:
    columns = (literal("author", String), page.c.photo_id, _AUTHORS.c.id, _AUTHORS.c.name, cast(null(), Text))
    return select(*columns, *_no_file()).select_from(page.join(_AUTHORS, _AUTHORS.c.id == page.c.author_id))


def _no_file() -> tuple[Any, ...]:
    """SHA-256, size and arrival, which only files have."""
    return cast(null(), Text), cast(null(), BigInteger), cast(null(), UtcDateTime)

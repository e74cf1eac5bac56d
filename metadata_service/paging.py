"""Pages of a list: a keyset cursor is the main way, offset and page stay for older clients."""

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, Field

from service_kit.errors import ServiceError

MAX_LIMIT: Final = 500
MAX_OFFSET: Final = 2**53
_FORM: Final = struct.Struct(">qq")

Item = TypeVar("Item")


class InvalidCursorError(ServiceError):
    """The cursor is not one that this server gave."""

    slug = "invalid-cursor"
    title = "The cursor is not one of ours"
    status = 422


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the sort key and id of its last photo. The next page begins after them."""

    sort_ts: int
    id: int

    def __str__(self) -> str:
        """Spell it for the wire."""
        return base64.urlsafe_b64encode(_FORM.pack(self.sort_ts, self.id)).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what `str` gave; raise `InvalidCursorError` for anything else."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            return cls(*_FORM.unpack(raw))
        except (binascii.Error, struct.error, ValueError) as error:
            raise InvalidCursorError("Start again without a cursor: this one is not from this server.") from error


class PageMeta(BaseModel):
    """Where the page lies. `total`, `page` and `pages` come with offset paging, or when asked for."""

    limit: int
    offset: int | None = None
    page: int | None = None
    pages: int | None = None
    total: int | None = None
    next_cursor: str | None = Field(default=None, description="Pass as `cursor` for the next page; null at the end.")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    data: list[Item]
    meta: PageMeta


def offset_meta(*, total: int, offset: int, limit: int, next_cursor: str | None) -> PageMeta:
    """Count pages for clients that show page numbers."""
    return PageMeta(
        limit=limit,
        offset=offset,
        page=offset // limit + 1,
        pages=-(-total // limit),
        total=total,
        next_cursor=next_cursor,
    )

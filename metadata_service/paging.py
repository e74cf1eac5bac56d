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

Item = TypeVar("Item")


class InvalidCursorError(ServiceError):
    """The cursor is not one that this server gave."""

    slug = "invalid-cursor"
    title = "The cursor is not one of ours"
    status = 422


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the keys of its last item, in the order that it was in. The next page begins after them."""

    order: int
    keys: tuple[int, ...]

    def __str__(self) -> str:
        """Spell it for the wire."""
        raw = struct.pack(f">B{len(self.keys)}q", self.order, *self.keys)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str, *, order: int, keys: int) -> "Cursor":
        """Read what `str` gave for a list in this order; raise `InvalidCursorError` for anything else."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            named, *values = struct.unpack(f">B{keys}q", raw)
        except (binascii.Error, struct.error, ValueError) as error:
            raise InvalidCursorError("Start again without a cursor: this one is not from this list.") from error
        if named != order:
            raise InvalidCursorError("Start again without a cursor: this one is from a list in another order.")
        return cls(order, tuple(values))


class PageMeta(BaseModel):
    """Where the page lies. `total`, `page` and `pages` come with offset paging, or when asked for."""

    limit: int
    offset: int | None = None
    page: int | None = None
    pages: int | None = None
    total: int | None = None
    total_is_capped: bool | None = Field(default=None, description="True: there are at least `total`, maybe more.")
    next_cursor: str | None = Field(default=None, description="Pass as `cursor` for the next page; null at the end.")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    data: list[Item]
    meta: PageMeta


def offset_meta(
    *, total: int, offset: int, limit: int, next_cursor: str | None, total_is_capped: bool | None = None
) -> PageMeta:
    """Count pages for clients that show page numbers."""
    return PageMeta(
        limit=limit,
        offset=offset,
        page=offset // limit + 1,
        pages=-(-total // limit),
        total=total,
        total_is_capped=total_is_capped,
        next_cursor=next_cursor,
    )

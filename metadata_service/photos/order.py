"""The orders that lists come in, and the cursors that walk them."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, ColumnElement, bindparam, tuple_

from metadata_service.paging import Cursor

SortBy = Literal["taken", "created", "rating", "taken_at", "created_at"]
SortOrder = Literal["desc", "asc"]

_KEYS: Final = {"taken": ("sort_ts", "id"), "created": ("id",), "rating": ("rating", "sort_ts", "id")}
_NAMES: Final = tuple(_KEYS)


@dataclass(frozen=True, slots=True)
class Order:
    """By what, and which end first. Ids are given in order of arrival, so that `created` needs no other key."""

    name: str = "taken"
    descending: bool = True

    @classmethod
    def of(cls, sort_by: SortBy, sort_order: SortOrder) -> "Order":
        """Read the words of the wire; older clients name columns."""
        return cls(sort_by.removesuffix("_at"), sort_order == "desc")

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the keys; the last is unique."""
        return _KEYS[self.name]

    def sorted(self, *keys: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """The ORDER BY over columns that hold the keys."""
        return [key.desc() if self.descending else key.asc() for key in keys]

    def after(self, *keys: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition to come after a cursor's `parameters`, as a row comparison that an index understands."""
        left = tuple_(*keys)
        right = tuple_(*(bindparam(f"after_{key}", type_=BigInteger()) for key in self.keys))
        return left < right if self.descending else left > right

    def parameters(self, cursor: Cursor | None) -> dict[str, int]:
        """The values of a cursor's keys, by the names that `after` compares with."""
        return {f"after_{key}": value for key, value in zip(self.keys, cursor.keys, strict=True)} if cursor else {}

    def cursor(self, item: Any) -> Cursor:
        """Where a page ends that ends with `item`."""
        return Cursor(self._code, tuple(getattr(item, key) for key in self.keys))

    def read(self, text: str | None) -> Cursor | None:
        """Read a cursor of a list in this order; raise `InvalidCursorError` for any other."""
        return Cursor.parse(text, order=self._code, keys=len(self.keys)) if text else None

    @property
    def _code(self) -> int:
        return _NAMES.index(self.name) * 2 + self.descending

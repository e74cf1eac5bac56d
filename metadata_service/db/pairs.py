"""A list of pairs of numbers as a table inside a statement, of any length under one text."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import BigInteger, FromClause, Select, Text, bindparam, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

_RANGE = ("first", "end")


def pairs(session: AsyncSession, numbers: Iterable[tuple[int, int]], names: tuple[str, str]) -> FromClause:
    """Give a table of two columns. A list of parameters would be another statement for each length."""
    rows = list(numbers)
    if session.get_bind().dialect.name == "sqlite":
        return _from_json(literal(orjson.dumps(rows).decode()), names)
    return _from_arrays([literal([row[place] for row in rows], ARRAY(BigInteger)) for place in range(2)], names)


def among(session: AsyncSession, numbers: Iterable[int]) -> Select[int]:
    """Give numbers as a subselect, for `IN`: what is joined, SQLite may look at last."""
    return select(pairs(session, ((number, 0) for number in numbers), ("number", "nothing_else")).c.number)


def ranges(*, is_sqlite: bool) -> FromClause:
    """A table of the columns `first` and `end`, whose rows are given as `ranges_given` when the statement runs."""
    if is_sqlite:
        return _from_json(bindparam("ranges", type_=Text()), _RANGE)
    return _from_arrays([bindparam(f"ranges_{name}", type_=ARRAY(BigInteger)) for name in _RANGE], _RANGE)


def ranges_given(rows: Iterable[tuple[int, int]], *, is_sqlite: bool) -> dict[str, Any]:
    """The parameters that stand for these rows."""
    given = list(rows)
    if is_sqlite:
        return {"ranges": orjson.dumps(given).decode()}
    return {f"ranges_{name}": [row[place] for row in given] for place, name in enumerate(_RANGE)}


def _from_json(text: Any, names: tuple[str, str]) -> FromClause:
    each = func.json_each(text).table_valued("value")
    parts = (func.json_extract(each.c.value, f"$[{place}]") for place in range(2))
    return select(*(part.cast(BigInteger).label(name) for part, name in zip(parts, names, strict=True))).subquery()


def _from_arrays(arrays: list[Any], names: tuple[str, str]) -> FromClause:
    return func.unnest(*arrays).table_valued(*(column(name, BigInteger) for name in names)).render_derived()

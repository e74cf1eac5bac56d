"""A list of pairs of numbers as a table inside a statement, of any length under one text."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import BigInteger, FromClause, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession


def pairs(session: AsyncSession, numbers: Iterable[tuple[int, int]], names: tuple[str, str]) -> FromClause:
    """Give a table of two columns. A list of parameters would be another statement for each length."""
    rows = list(numbers)
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(orjson.dumps(rows).decode()).table_valued("value")
        parts: list[Any] = [func.json_extract(each.c.value, f"$[{place}]") for place in range(2)]
        return select(*(part.cast(BigInteger).label(name) for part, name in zip(parts, names, strict=True))).subquery()
    arrays = [literal([row[place] for row in rows], ARRAY(BigInteger)) for place in range(2)]
    return func.unnest(*arrays).table_valued(*(column(name, BigInteger) for name in names)).render_derived()

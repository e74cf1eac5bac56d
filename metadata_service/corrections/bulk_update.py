"""Writes other values to each of many photos in one statement, so that triggers run once and not for every row."""

from collections.abc import Sequence
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Row = dict[str, Any]

# The columns that a correction may move, with the type that PostgreSQL reads them as.
_TYPES: Final = {
    "taken_at": "timestamp",
    "taken_at_offset": "text",
    "taken_at_source": "text",
    "sort_ts": "bigint",
    "gps_latitude": "float8",
    "gps_longitude": "float8",
    "gps_altitude": "float8",
    "city": "text",
    "region": "text",
    "country": "text",
    "country_code": "text",
    "timeloc_correction": "jsonb",
    "view_correction": "jsonb",
    "updated_at": "timestamptz",
}
COLUMNS: Final = tuple(_TYPES)
_SET: Final = ", ".join(f"{name} = new.{name}" for name in _TYPES)
_TEXT_OF_SQLITE: Final = {"taken_at", "updated_at"}  # as SQLAlchemy writes times there: with a space
_JSON: Final = {"timeloc_correction", "view_correction"}


def _sqlite_column(name: str) -> str:
    path = f"json_extract(value, '$.{name}')"
    if name in _TEXT_OF_SQLITE:
        path = f"replace({path}, 'T', ' ')"
    return f"{path} AS {name}"


_SQLITE: Final = text(
    f"UPDATE photos SET {_SET} FROM (SELECT {', '.join(map(_sqlite_column, ('id', *_TYPES)))}"  # noqa: S608  # our own names
    " FROM json_each(:rows)) AS new WHERE photos.id = new.id"
)
_POSTGRES: Final = text(
    f"UPDATE photos SET {_SET} FROM jsonb_to_recordset(CAST(:rows AS jsonb))"  # noqa: S608  # our own names
    f" AS new(id bigint, {', '.join(f'{name} {kind}' for name, kind in _TYPES.items())}) WHERE photos.id = new.id"
)


async def update_photos(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Set `COLUMNS` of each photo; every row names its `id` and all of them."""
    if not rows:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    spelled = orjson.dumps([_spelled(row) for row in rows] if is_sqlite else rows)
    await session.execute(_SQLITE if is_sqlite else _POSTGRES, {"rows": spelled.decode()})


def _spelled(row: Row) -> Row:
    """As SQLite keeps them: JSON as its text, times with six decimals and without a zone."""
    spelled = dict(row)
    for name in _JSON:
        spelled[name] = None if row[name] is None else orjson.dumps(row[name]).decode()
    for name in _TEXT_OF_SQLITE:
        moment = row[name]
        spelled[name] = None if moment is None else moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    return spelled

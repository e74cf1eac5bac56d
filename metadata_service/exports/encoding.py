"""Values of columns as JSON and back: what comes back is checked, for people may have edited it."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, SmallInteger, String

from metadata_service.db.types import UtcDateTime
from metadata_service.visibility import Visibility
from shared_schemas.json_safe import safe_json, safe_text

_LINE: Final = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def line(record: Mapping[str, Any]) -> bytes:
    """One line of NDJSON, its keys in order: the same record is the same bytes."""
    return orjson.dumps(record, option=_LINE)


def told(column: Column[Any], value: Any) -> Any:
    """A value as JSON: instants in UTC with a Z, wall clocks without a zone, levels of visibility by their names."""
    if isinstance(value, datetime):
        text = value.replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{text}Z" if isinstance(column.type, UtcDateTime) else text
    if column.name == "visibility" and value is not None:
        return Visibility(value).word
    return _with_floats(value) if isinstance(value, dict | list) else value


def _with_floats(value: Any) -> Any:
    """PostgreSQL spells a large float with all its digits: what exceeds 64 bit was one, for no other is kept."""
    if isinstance(value, dict):
        return {key: _with_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if type(value) is int and not -(2**63) <= value < 2**63 else value


def read(column: Column[Any], value: Any) -> Any:
    """The value of a column; raise `ValueError` for what it cannot hold."""
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column.name} is missing")
        return None
    if column.name == "visibility":
        return _level(value)
    for kind, reader in _READERS.items():
        if isinstance(column.type, kind):
            try:
                return reader(column, value)
            except (TypeError, ValueError, AttributeError) as error:
                raise ValueError(f"{column.name}: {error}") from error
    raise ValueError(f"{column.name} cannot be read")


def _level(word: Any) -> int:
    for level in Visibility:
        if level.word == word:
            return level.value
    raise ValueError(f"visibility: {word!r} is no level")


def _instant(_column: Column[Any], value: Any) -> datetime:
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return read


def _wall_clock(_column: Column[Any], value: Any) -> datetime:
    read = datetime.fromisoformat(value)
    if read.tzinfo is not None:
        raise ValueError("a wall clock has no zone")
    return read


def _text(column: Column[Any], value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("is no text")
    longest = getattr(column.type, "length", None)
    if longest is not None and len(value) > longest:
        raise ValueError(f"has more than {longest} characters")
    return safe_text(value)


def _whole(column: Column[Any], value: Any) -> int:
    if type(value) is not int:
        raise TypeError("is no whole number")
    most = 2 ** (15 if isinstance(column.type, SmallInteger) else 63)
    if not -most <= value < most:
        raise ValueError("is too large a number")
    return value


def _number(_column: Column[Any], value: Any) -> float:
    if type(value) not in {int, float} or not math.isfinite(value):
        raise TypeError("is no number")
    return float(value)


def _truth(_column: Column[Any], value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError("is neither true nor false")
    return value


def _json(_column: Column[Any], value: Any) -> Any:
    if not isinstance(value, dict | list):
        raise TypeError("is neither an object nor a list")
    return safe_json(value)


# Instants first: their type is a kind of DateTime to nobody but us.
_READERS: Final[dict[type[Any], Callable[[Column[Any], Any], Any]]] = {
    UtcDateTime: _instant,
    DateTime: _wall_clock,
    JSON: _json,
    Boolean: _truth,
    Float: _number,
    String: _text,
    Integer: _whole,
}

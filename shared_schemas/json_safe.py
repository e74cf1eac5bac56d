"""What free-form JSON may hold so that every database and every parser keeps it as it is."""

import math
from typing import Annotated, Any, Final

from pydantic import AfterValidator, StringConstraints

MAX_DEPTH: Final = 32
_INT64: Final = 2**63


def safe_text(text: str) -> str:
    """Return `text`; raise `ValueError` for NUL (PostgreSQL stores none) and lone surrogates (no UTF-8 for them)."""
    if "\0" in text:
        raise ValueError("must not contain NUL characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must not contain lone surrogates") from error
    return text


def safe_json(value: Any, depth: int = 0) -> Any:
    """Return `value`; raise `ValueError` when some part of it would not survive storage and transport."""
    if depth > MAX_DEPTH:
        raise ValueError(f"must not be nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        for key, item in value.items():
            safe_text(key)
            safe_json(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            safe_json(item, depth + 1)
    else:
        _safe_scalar(value)
    return value


def _safe_scalar(value: Any) -> None:
    if isinstance(value, str):
        safe_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must not contain NaN or Infinity")
    elif isinstance(value, int | float) and _was_an_integer(value) and not -_INT64 <= value < _INT64:
        raise ValueError("must not contain integers beyond 64 bit")


def _was_an_integer(value: float) -> bool:
    """Fast parsers turn an integer beyond 64 bit into a float; from 1e21 on, JSON writers use exponents for floats."""
    return isinstance(value, int) or _INT64 <= abs(value) < 1e21


JsonObject = Annotated[dict[str, Any], AfterValidator(safe_json)]
"""A JSON object of finite numbers, 64-bit integers and clean text, at most 32 levels deep."""

ShortText = Annotated[str, StringConstraints(max_length=255), AfterValidator(safe_text)]
LongText = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(safe_text)]

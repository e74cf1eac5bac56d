"""What a client may wish for beside the image, in the address or in the form, read from text."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query

from core_service.errors import ColdpreviewSizeError
from core_service.previews import DEFAULT_COLD_SIDE, MAX_COLD_SIDE, MIN_COLD_SIDE
from core_service.uploads import invalid

COLD_FIELDS: Final = ("coldpreview_size", "generate_coldpreview")
_YES: Final = frozenset({"true", "1", "yes", "on"})
_NO: Final = frozenset({"false", "0", "no", "off", ""})

ColdSizeQuery = Annotated[
    str,
    Query(
        description=f"Longest side of the coldpreview, {MIN_COLD_SIDE} to {MAX_COLD_SIDE}; here or in the form.",
        examples=["1920"],
    ),
]
GenerateColdQuery = Annotated[
    str, Query(description=f"Earlier name: `true` is a coldpreview of {DEFAULT_COLD_SIDE}.", examples=["true"])
]


def cold_side(wishes: Mapping[str, str]) -> int | None:
    """Read how large a coldpreview is asked for; None when none is."""
    size, old_wish = wishes.get("coldpreview_size", ""), wishes.get("generate_coldpreview", "").lower()
    if old_wish not in _YES | _NO:
        raise invalid("generate_coldpreview", "Must be true or false.")
    if not size:
        return DEFAULT_COLD_SIDE if old_wish in _YES else None
    side = _whole_number("coldpreview_size", size)
    if not MIN_COLD_SIDE <= side <= MAX_COLD_SIDE:
        raise ColdpreviewSizeError(f"coldpreview_size is {side}; it must be {MIN_COLD_SIDE} to {MAX_COLD_SIDE}.")
    return side


def _whole_number(field: str, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 9):
        raise invalid(field, "Must be a whole number of pixels.")
    return int(text)

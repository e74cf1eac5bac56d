"""Which passwords are refused: short ones, and those that everybody tries first.

Length counts, kinds of characters do not (NIST SP 800-63B, 3.1.1.2): who must put in a digit puts it at the end.
"""

from functools import cache
from pathlib import Path
from typing import Final

from metadata_service.accounts.names import key_of
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

_LIST: Final = Path(__file__).with_name("common_passwords.txt")
_DISGUISES: Final = str.maketrans("013457@$!", "oleastasi")


def check_password(password: str, least: int, *names: str, field: str = "password") -> None:
    """Raise `InvalidRequestError` for a password that is guessed too soon; `names` are its owner's."""
    if len(password) < least:
        reason = f"must have at least {least} characters."
    elif len(set(password)) < 4:
        reason = "must not be the same few characters over and over."
    elif any(name and key_of(password) == key_of(name) for name in names):
        reason = "must not be your name or e-mail address."
    elif not _common().isdisjoint(_readings(password)):
        reason = "is one of those that everybody tries first. Several words in a row are better."
    else:
        return
    raise InvalidRequestError(f"{field}: {reason}", errors=[FieldError(loc=["body", field], msg=reason)])


def _readings(password: str) -> set[str]:
    """The password as it is, and the word in it: without what was hung on it, its letters read as letters."""
    plain = key_of(password)
    word = plain.rstrip("0123456789!?.*#$-_ ")
    return {plain, plain.translate(_DISGUISES), word, word.translate(_DISGUISES)}


@cache
def _common() -> frozenset[str]:
    return frozenset(_LIST.read_text(encoding="utf-8").split())

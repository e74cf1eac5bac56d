"""Refresh tokens: two secrets in one text.

The family's secret stays for as long as somebody is signed in; the turn's is replaced at each use. The next turn is
derived from the one that was shown, with the server's key: two tabs that refresh at once, and a client that lost the
answer, get the same next token. Whoever knows an old one cannot make the next.
"""

from dataclasses import dataclass
from typing import Final

from metadata_service.accounts.digests import derived, digest, new_secret
from metadata_service.accounts.errors import InvalidRefreshTokenError

_PREFIX: Final = "imr_"
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """Family and turn."""

    family: str
    turn: str

    @classmethod
    def new(cls) -> "RefreshToken":
        """Begin a family."""
        return cls(new_secret(), new_secret())

    @classmethod
    def parse(cls, text: str) -> "RefreshToken":
        """Read what a client sent, or raise `InvalidRefreshTokenError`."""
        family, dot, turn = text.removeprefix(_PREFIX).partition(".")
        if len(text) > _MOST or not text.startswith(_PREFIX) or not (family and dot and turn) or not text.isascii():
            raise InvalidRefreshTokenError
        return cls(family, turn)

    def next(self, key: str) -> "RefreshToken":
        """The token that follows this one."""
        return RefreshToken(self.family, derived(key, "refresh", self.family, self.turn))

    @property
    def family_hash(self) -> str:
        """Under which the sign-in is found."""
        return digest(self.family)

    @property
    def turn_hash(self) -> str:
        """What tells the newest token from older ones."""
        return digest(self.turn)

    def __str__(self) -> str:
        """The token as clients keep it."""
        return f"{_PREFIX}{self.family}.{self.turn}"

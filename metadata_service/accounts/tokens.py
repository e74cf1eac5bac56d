"""Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256, and the secret that signs them."""

import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import jwt

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.settings import Settings

_ALGORITHM: Final = "HS256"
_AUDIENCE: Final = "imalink"
_BEYOND_IDS: Final = 2**63
_CLAIMS: Final = ["sub", "sid", "iat", "exp", "aud"]
_LEEWAY: Final = timedelta(seconds=5)  # clocks of several servers are never quite the same


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose token it is, and of which sign-in."""

    user_id: int
    session_id: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Issues and reads access tokens."""

    secret: str = field(repr=False)
    lifetime: timedelta

    def issue(self, user_id: int, session_id: int, now: datetime) -> str:
        """Make a token that says who its bearer is until `now + lifetime`, or until the session ends."""
        claims = {"sub": str(user_id), "sid": str(session_id)}
        return self.sign(claims, _AUDIENCE, now, self.lifetime)

    def read(self, token: str, *, even_expired: bool = False) -> Claims:
        """Tell whose token it is; raise `InvalidTokenError` for what this server did not sign or no longer honours."""
        claims = self.verify(token, _AUDIENCE, _CLAIMS, even_expired=even_expired)
        try:
            return Claims(_number(claims["sub"]), _number(claims["sid"]))
        except ValueError as error:
            raise InvalidTokenError(_FOREIGN) from error

    def sign(self, claims: dict[str, Any], audience: str, now: datetime, lifetime: timedelta) -> str:
        """Sign claims for one purpose: the audience keeps a token of one kind from passing for another."""
        return jwt.encode(
            {**claims, "iat": now, "exp": now + lifetime, "aud": audience}, self.secret, algorithm=_ALGORITHM
        )

    def verify(self, token: str, audience: str, required: list[str], *, even_expired: bool = False) -> dict[str, Any]:
        """Give the claims that were signed for `audience`, or raise `InvalidTokenError`."""
        try:
            # One algorithm, named here: a token that claims `none` or another one is refused.
            claims: dict[str, Any] = jwt.decode(
                token,
                self.secret,
                algorithms=[_ALGORITHM],
                audience=audience,
                leeway=_LEEWAY,
                options={"require": required, "verify_exp": not even_expired},
            )
        except jwt.ExpiredSignatureError as error:
            raise InvalidTokenError("Your login has expired. Sign in again.") from error
        except (jwt.InvalidTokenError, ValueError) as error:
            raise InvalidTokenError(_FOREIGN) from error
        return claims


_FOREIGN: Final = "The access token was not issued by this server."


def _number(subject: str) -> int:
    number = int(subject)
    if not 0 < number < _BEYOND_IDS:
        raise ValueError("nothing has that number")
    return number


def load_tokens(settings: Settings) -> Tokens:
    """Use the configured secret, else one that is made once and kept in the data folder."""
    secret = settings.secret_key.get_secret_value() if settings.secret_key else _kept_secret(settings.data_dir)
    return Tokens(secret, timedelta(minutes=settings.access_token_minutes))


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secret := secrets.token_hex(32))
    return secret

"""Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256, and the secret that signs them."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import jwt

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.settings import Settings

_ALGORITHM: Final = "HS256"
_AUDIENCE: Final = "imalink"
_BEYOND_IDS: Final = 2**63
_CLAIMS: Final = ["sub", "iat", "exp", "aud"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Issues and reads access tokens."""

    secret: str
    lifetime: timedelta

    def issue(self, user_id: int, now: datetime) -> str:
        """Make a token that says who its bearer is until `now + lifetime`."""
        claims = {"sub": str(user_id), "iat": now, "exp": now + self.lifetime, "aud": _AUDIENCE}
        return jwt.encode(claims, self.secret, algorithm=_ALGORITHM)

    def read(self, token: str) -> int:
        """Give the user's id; raise `InvalidTokenError` for whatever this server did not sign or no longer honours."""
        try:
            # One algorithm, named here: a token that claims `none` or another one is refused.
            claims = jwt.decode(
                token, self.secret, algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": _CLAIMS}
            )
            return _number(claims["sub"])
        except jwt.ExpiredSignatureError as error:
            raise InvalidTokenError("Your login has expired. Sign in again.") from error
        except (jwt.InvalidTokenError, ValueError) as error:
            raise InvalidTokenError("The access token was not issued by this server.") from error


def _number(subject: str) -> int:
    user_id = int(subject)
    if not 0 < user_id < _BEYOND_IDS:
        raise ValueError("no user has that number")
    return user_id


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

"""What the browser keeps while it is at the provider: signed by us, for ten minutes, for one sign-in."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.accounts.tokens import Tokens
from metadata_service.db.types import utc_now
from metadata_service.oidc.errors import ProviderRefusedError
from metadata_service.oidc_client import Secrets

LIFETIME: Final = timedelta(minutes=10)
_AUDIENCE: Final = "imalink-oidc"
_CLAIMS: Final = ["state", "nonce", "verifier", "next", "exp"]
# A path of ours: `//evil.example` and `/\evil.example` are other sites to a browser.
_OUR_PATH: Final = re.compile(r"/(?![/\\])[!-~]{0,500}")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One sign-in under way: its secrets, where to go afterwards, and whose account is to be linked, if any."""

    secrets: Secrets
    after: str
    link_to: int | None

    @classmethod
    def new(cls, after: str, link_to: int | None = None) -> "Ticket":
        """Begin; a place to go that is not ours is the front page."""
        made = Secrets(*(secrets.token_urlsafe(32) for _ in range(3)))
        return cls(made, after if _OUR_PATH.fullmatch(after) else "/", link_to)

    def signed(self, tokens: Tokens) -> str:
        """Spell it for a cookie."""
        kept = self.secrets
        claims = {"state": kept.state, "nonce": kept.nonce, "verifier": kept.verifier, "next": self.after}
        link = {} if self.link_to is None else {"link": self.link_to}
        return tokens.sign(claims | link, _AUDIENCE, utc_now(), LIFETIME)

    @classmethod
    def read(cls, tokens: Tokens, cookie: str | None, state: str) -> "Ticket":
        """Read what `signed` wrote, if it is of the sign-in that comes back; else raise `ProviderRefusedError`."""
        try:
            claims = tokens.verify(cookie or "", _AUDIENCE, _CLAIMS)
        except InvalidTokenError as error:
            raise ProviderRefusedError("This sign-in took too long, or it began in another browser.") from error
        if not secrets.compare_digest(claims["state"].encode(), state.encode()):
            raise ProviderRefusedError("This is not the sign-in that this browser began.")
        kept = Secrets(claims["state"], claims["nonce"], claims["verifier"])
        return cls(kept, claims["next"], claims.get("link"))

"""The one door to an OpenID provider: where to send somebody, and who came back (OpenID Connect Core 1.0, code flow).

With PKCE (RFC 7636) a stolen code is of no use, with or without a client secret. What the provider says of a person
is believed only when it is signed by a key that the provider publishes, for us, for this very sign-in.
"""

import base64
import hashlib
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import jwt

from shared_schemas.json_safe import safe_text

_TIMEOUT_SECONDS: Final = 10.0
_FRESH_SECONDS: Final = 3600.0
_KEYS_AGAIN_SECONDS: Final = 30.0
_LEEWAY_SECONDS: Final = 30
# Asymmetric ones alone: with the others our own secret would be a key that others know too.
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
_MOST_NAME: Final = 255
_REQUIRED: Final = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class ProviderUnavailableError(Exception):
    """The provider does not answer, or not as a provider does."""


class ProviderDistrustedError(Exception):
    """What came back is not to be believed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider."""

    issuer: str
    subject: str
    email: str | None
    email_is_verified: bool
    username: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What ties one sign-in together: only the browser that began it can end it."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """The verifier's digest, as the provider is told it beforehand."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class OidcClient:
    """Talks to one provider."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str | None,
        redirect_uri: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Remember who we are there; nothing is asked before the first sign-in."""
        self.issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=transport, follow_redirects=False)
        self._about: dict[str, Any] = {}
        self._about_until = 0.0
        self._keys: jwt.PyJWKSet | None = None
        self._keys_at = 0.0

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def address(self, secrets: Secrets) -> str:
        """Where to send the browser."""
        about = await self._discover()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid email profile",
            "state": secrets.state,
            "nonce": secrets.nonce,
            "code_challenge": secrets.challenge,
            "code_challenge_method": "S256",
        }
        endpoint = str(about["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def redeem(self, code: str, secrets: Secrets) -> Identity:
        """Turn the code that came back into who it is."""
        about = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._client_id,
            "code_verifier": secrets.verifier,
        }
        if self._client_secret:
            form["client_secret"] = self._client_secret
        answer = await self._ask("POST", str(about["token_endpoint"]), data=form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderDistrustedError("the provider gave no ID token for the code")
        return _identity(await self._verified(token, secrets.nonce))

    async def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                await self._key(str(jwt.get_unverified_header(token).get("kid", ""))),
                algorithms=_ALGORITHMS,
                audience=self._client_id,
                issuer=str(self._about["issuer"]),
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise ProviderDistrustedError(f"the ID token is not good: {error}") from error
        if claims["nonce"] != nonce:
            raise ProviderDistrustedError("the ID token is of another sign-in")
        if claims.get("azp", self._client_id) != self._client_id:
            raise ProviderDistrustedError("the ID token was made for somebody else")
        return claims

    async def _key(self, name: str) -> jwt.PyJWK:
        """The provider's key of that name; keys are read anew when there is none, because providers change them."""
        for _ in range(2):
            if self._keys is not None:
                for key in self._keys.keys:
                    if name in {key.key_id or "", ""} and key.public_key_use in {None, "sig"}:
                        return key
            if self._keys is not None and time.monotonic() - self._keys_at < _KEYS_AGAIN_SECONDS:
                break
            await self._read_keys()
        raise ProviderDistrustedError("the ID token is signed with a key that the provider does not publish")

    async def _read_keys(self) -> None:
        found = await self._ask("GET", str(self._about["jwks_uri"]))
        try:
            self._keys = jwt.PyJWKSet.from_dict(found)
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            raise ProviderUnavailableError(f"the provider's keys cannot be read: {error}") from error
        self._keys_at = time.monotonic()

    async def _discover(self) -> dict[str, Any]:
        """Read the provider's addresses (OpenID Connect Discovery 1.0); they are believed for an hour."""
        if time.monotonic() < self._about_until:
            return self._about
        about = await self._ask("GET", f"{self.issuer}/.well-known/openid-configuration")
        if str(about.get("issuer", "")).rstrip("/") != self.issuer:
            raise ProviderUnavailableError("the provider calls itself by another name than METADATA_OIDC_ISSUER")
        missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - about.keys()
        if missing:
            raise ProviderUnavailableError(f"the provider does not tell its {', '.join(sorted(missing))}")
        self._about, self._about_until = about, time.monotonic() + _FRESH_SECONDS
        return about

    async def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, address, headers={"Accept": "application/json"}, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderUnavailableError(f"the provider does not answer: {error!r}") from error
        if answer.is_client_error and method == "POST":
            raise ProviderDistrustedError("the provider does not accept the code")
        try:
            found = answer.json() if answer.is_success else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ProviderUnavailableError(f"the provider answers {answer.status_code} and no JSON object")
        return found


def _identity(claims: dict[str, Any]) -> Identity:
    def text(name: str) -> str | None:
        value = claims.get(name)
        try:
            return safe_text(value) if isinstance(value, str) and value else None
        except ValueError:
            return None

    subject, issuer = text("sub"), text("iss")
    if subject is None or issuer is None or len(subject) > _MOST_NAME or len(issuer) > _MOST_NAME:
        raise ProviderDistrustedError("the ID token names nobody")
    return Identity(
        issuer=issuer,
        subject=subject,
        email=text("email"),
        email_is_verified=claims.get("email_verified") is True,
        username=text("preferred_username"),
        name=text("name"),
    )

"""A small OpenID provider, as a process of its own: discovery, keys, the code flow with PKCE, and faults on request.

Run: python -m tests.support.oidc_provider PORT. Who is signed in there is whoever was put with `PUT /person`.
"""

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse

from tests.support.ports import free_port
from tests.support.processes import ROOT, clean_environment

CLIENT_ID, CLIENT_SECRET = "imalink", "the secret that both know"


class Keys:
    """Signing keys: the one that is published, and one that is not."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(4)
        self.own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def published(self) -> dict[str, Any]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.own.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self.name, "use": "sig", "alg": "RS256"}]}


def create_provider(issuer: str) -> FastAPI:  # noqa: C901, PLR0915  # its routes, one after the other
    """Make the application."""
    app = FastAPI()
    state: dict[str, Any] = {"person": {}, "fault": "", "codes": {}, "keys": Keys()}

    @app.put("/person")
    async def put_person(request: Request) -> None:
        given = await request.json()
        state.update(person=given["claims"], fault=given["fault"])
        if state["fault"] == "new keys":
            state["keys"] = Keys()

    @app.get("/.well-known/openid-configuration")
    async def about() -> dict[str, Any]:
        return {
            "issuer": "https://elsewhere.example" if state["fault"] == "other name" else issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
        }

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        found: dict[str, Any] = state["keys"].published()
        return found

    @app.get("/authorize")
    async def authorize(request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        answer = {"state": asked["state"]}
        if state["fault"] == "refused":
            answer |= {"error": "access_denied"}
        else:
            answer |= {"code": secrets.token_urlsafe()}
            state["codes"][answer["code"]] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)

    @app.post("/token")
    async def token(
        code: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        client_id: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        client_secret: Annotated[str, Form()],
    ) -> dict[str, Any]:
        asked = state["codes"].pop(code, None)
        challenge = _base64(hashlib.sha256(code_verifier.encode()).digest())
        sound = asked and (asked["code_challenge"], asked["client_id"], asked["redirect_uri"], client_secret) == (
            *(challenge, client_id, redirect_uri, CLIENT_SECRET),
        )
        if not sound:
            raise HTTPException(400, "invalid_grant")
        if state["fault"] == "no token":
            return {"access_token": "x", "token_type": "Bearer"}
        id_token = _signed(state, issuer, asked)
        return {"access_token": "x", "token_type": "Bearer", "id_token": id_token}

    return app


def _signed(state: dict[str, Any], issuer: str, asked: dict[str, str]) -> str:
    now, fault, keys = int(time.time()), state["fault"], state["keys"]
    claims = {"iss": issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **state["person"]}
    claims |= {
        "other audience": {"aud": "somebody-else"},
        "other issuer": {"iss": "https://elsewhere.example"},
        "other nonce": {"nonce": "of another sign-in"},
        "expired": {"iat": now - 900, "exp": now - 600},
        "other party": {"aud": [CLIENT_ID, "b"], "azp": "b"},
    }.get(fault, {})
    if fault == "no nonce":
        del claims["nonce"]
    headers = {"kid": "unknown" if fault == "unknown key" else keys.name}
    if fault == "none":
        return jwt.encode(claims, None, "none", headers)
    if fault == "shared secret":
        return jwt.encode(claims, CLIENT_SECRET * 2, "HS256", headers)
    if fault == "public key as secret":
        return _with_public_key(keys, claims, headers)
    return jwt.encode(claims, keys.foreign if fault == "other key" else keys.own, "RS256", headers)


def _with_public_key(keys: Keys, claims: dict[str, Any], headers: dict[str, str]) -> str:
    """The old trick: who verifies with `the key`, whatever the algorithm, takes this for good."""
    public = keys.own.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "HS256", **headers}, claims)]
    signed = ".".join(map(_base64, parts))
    return f"{signed}.{_base64(hmac.digest(public, signed.encode(), 'sha256'))}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class ProviderProcess:
    """The running provider."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def knows(self, fault: str = "", **claims: Any) -> None:
        """Let somebody be signed in there; `fault` names what goes wrong."""
        body = json.dumps({"claims": claims, "fault": fault})  # httpx itself would not spell what is no Unicode
        httpx.put(f"{self.issuer}/person", content=body).raise_for_status()


@contextmanager
def running_provider() -> Iterator[ProviderProcess]:
    """Start a provider; end it afterwards."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.support.oidc_provider", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=clean_environment()) as process:
        try:
            deadline = time.monotonic() + 60
            while not _answers(issuer):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield ProviderProcess(issuer)
        finally:
            process.terminate()


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/keys", timeout=2).is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    uvicorn.run(create_provider(f"http://127.0.0.1:{sys.argv[1]}"), port=int(sys.argv[1]), log_level="warning")

"""metadata_service in the test's own process: the real application over ASGI, a client for each person."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from metadata_service.accounts.client import Client
from metadata_service.app import create_app
from metadata_service.db.engine import Database
from metadata_service.sessions import service as sessions
from metadata_service.settings import Settings
from metadata_service.tables import User
from tests.support.eggs import egg

PASSWORD = "correct horse battery"
LIFETIME = timedelta(days=1)


class Person(httpx.AsyncClient):
    """A client that sends one person's token."""

    user: dict[str, Any]

    async def keep(self, seed: int = 1, **changes: Any) -> dict[str, Any]:
        """Keep an egg, give the answer."""
        answer = await self.post("photos/photoegg", json=egg(seed, **changes))
        assert answer.status_code in {200, 201}, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def ids(self, **params: Any) -> list[int]:
        """The ids of the photos in this person's list."""
        answer = await self.get("photos", params=params)
        assert answer.status_code == 200, answer.text
        return [photo["id"] for photo in answer.json()["data"]]


class MetadataService:
    """The running application."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app = app
        self._stack = stack

    @property
    def database(self) -> Database:
        """Its database, to look behind the API."""
        found: Database = self.app.state.database
        return found

    def anyone(self) -> Person:
        """A client that says nothing of itself."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        client = Person(transport=transport, base_url="http://testserver/api/v1/", timeout=30)
        self._stack.push_async_callback(client.aclose)
        return client

    async def user(self, name: str) -> Person:
        """Register somebody; give a client with a token of theirs."""
        client = self.anyone()
        body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        answer = await client.post("auth/register", json=body)
        assert answer.status_code == 201, answer.text
        client.user = answer.json()
        client.headers["Authorization"] = f"Bearer {await self.token(client.user['id'])}"
        return client

    async def token(self, user_id: int) -> str:
        """Sign somebody in without a password, which takes a while to hash; give the access token."""
        async with self.database.writing() as session:
            user = await session.get_one(User, user_id)
            signed_in = await sessions.begin(session, user, Client("unknown", None), self.app.state.tokens, LIFETIME)
        return signed_in.access_token


@asynccontextmanager
async def running_metadata(settings: Settings) -> AsyncIterator[MetadataService]:
    """Start the application as its server would, stop it at the end."""
    app = create_app(settings)
    async with AsyncExitStack() as stack, app.router.lifespan_context(app):
        app.state.alive.seconds = 600.0  # on a busy machine too, a request is not asked again who sends it
        yield MetadataService(app, stack)
        await stack.aclose()

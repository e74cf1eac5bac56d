"""What the routes of this domain are given besides sessions and blobs."""

from typing import Annotated

from fastapi import Depends, Request

from metadata_service.core_client import CoreClient
from metadata_service.settings import Settings


async def _core(request: Request) -> CoreClient:
    found: CoreClient = request.app.state.core
    return found


async def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


Core = Annotated[CoreClient, Depends(_core)]
AppSettings = Annotated[Settings, Depends(_settings)]

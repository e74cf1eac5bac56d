"""Puts metadata_service together; importing this module does nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI

from metadata_service import migrations
from metadata_service.accounts.alive import Alive
from metadata_service.accounts.profile_routes import router as profile_router
from metadata_service.accounts.routes import router as accounts_router
from metadata_service.accounts.tokens import load_tokens
from metadata_service.authors.routes import router as authors_router
from metadata_service.collections.item_routes import router as collection_items_router
from metadata_service.collections.routes import router as collections_router
from metadata_service.core_client import CoreClient
from metadata_service.db.engine import Database
from metadata_service.editing.routes import router as editing_router
from metadata_service.events.routes import photo_router as photo_event_router
from metadata_service.events.routes import router as events_router
from metadata_service.gallery.routes import router as gallery_router
from metadata_service.import_sessions.channel_routes import router as channels_router
from metadata_service.import_sessions.routes import router as import_sessions_router
from metadata_service.ingest.batch_routes import router as batch_router
from metadata_service.ingest.image_routes import router as images_router
from metadata_service.ingest.raw_exif import read_pending_forever
from metadata_service.ingest.register_routes import router as register_router
from metadata_service.ingest.routes import router as ingest_router
from metadata_service.page import install_page
from metadata_service.photo_searches.routes import router as photo_searches_router
from metadata_service.photos.file_routes import router as photo_files_router
from metadata_service.photos.routes import router as photos_router
from metadata_service.photos.tag_routes import router as photo_tags_router
from metadata_service.phototext.routes import router as phototext_router
from metadata_service.previews.routes import many_router as hotpreviews_router
from metadata_service.previews.routes import router as previews_router
from metadata_service.settings import Settings
from metadata_service.stacks.routes import router as stacks_router
from metadata_service.storage.local import LocalFolder
from metadata_service.tags.routes import router as tags_router
from metadata_service.timeline.routes import router as timeline_router
from metadata_service.trash.routes import router as trash_router
from service_kit.assemble import assemble, new_service

# Fixed paths before `/photos/{ref}`, which would take them for photos.
_ROUTERS: Final = (
    accounts_router,
    profile_router,
    ingest_router,
    batch_router,
    register_router,
    images_router,
    import_sessions_router,
    channels_router,
    stacks_router,
    photo_files_router,
    gallery_router,
    timeline_router,
    trash_router,
    hotpreviews_router,
    editing_router,
    authors_router,
    tags_router,
    photo_tags_router,
    events_router,
    collections_router,
    collection_items_router,
    phototext_router,
    photo_searches_router,
    photo_event_router,
    photos_router,
    previews_router,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application. It opens its database when it starts and closes it when it stops."""
    settings = settings or Settings()
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    core = CoreClient(settings.core_url, timeout_seconds=settings.core_timeout_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if database.is_sqlite:  # an embedded library migrates itself; a server's is migrated once, by its operator
            await migrations.upgrade(settings.database)
        pending = asyncio.create_task(read_pending_forever(database, core, settings.pending_pause_seconds))
        yield
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        await core.close()
        await database.close()

    app = new_service("ImaLink metadata_service", "Keeps photo eggs per user and decides who sees what", lifespan)
    app.state.settings = settings
    app.state.database = database
    app.state.alive = Alive(database)
    app.state.core = core
    app.state.blobs = LocalFolder(settings.data_dir / "blobs")
    app.state.tokens = load_tokens(settings)
    api = APIRouter(prefix="/api/v1")
    for router in _ROUTERS:
        api.include_router(router)
    app.include_router(api)
    assemble(
        app,
        settings,
        max_body_bytes=settings.max_body_mb * 1024 * 1024,
        ready_checks={"database": lambda: migrations.check_current(database)},
        allow_credentials=True,
    )
    install_page(app, settings)
    return app

"""Puts metadata_service together; importing this module does nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Final

from fastapi import APIRouter, FastAPI

from metadata_service import migrations
from metadata_service.accounts.alive import Alive
from metadata_service.accounts.later import Later
from metadata_service.accounts.tokens import load_tokens
from metadata_service.admin.routes import router as admin_router
from metadata_service.analysis.port import Models
from metadata_service.api_keys.routes import router as api_keys_router
from metadata_service.authors.routes import router as authors_router
from metadata_service.collections.item_routes import router as collection_items_router
from metadata_service.collections.routes import router as collections_router
from metadata_service.core_client import CoreClient
from metadata_service.corrections.batch_routes import router as correction_batches_router
from metadata_service.corrections.clock_routes import router as clock_router
from metadata_service.corrections.routes import router as corrections_router
from metadata_service.db.engine import Database
from metadata_service.duplicates.pairing import pair_forever
from metadata_service.duplicates.routes import router as duplicates_router
from metadata_service.editing.routes import router as editing_router
from metadata_service.events.routes import photo_router as photo_event_router
from metadata_service.events.routes import router as events_router
from metadata_service.exports.routes import router as exports_router
from metadata_service.gallery.routes import router as gallery_router
from metadata_service.housekeeping import tidy_forever
from metadata_service.image_files.routes import router as image_files_router
from metadata_service.import_sessions.channel_routes import router as channels_router
from metadata_service.import_sessions.routes import router as import_sessions_router
from metadata_service.ingest.batch_routes import router as batch_router
from metadata_service.ingest.image_routes import router as images_router
from metadata_service.ingest.raw_exif import read_pending_forever
from metadata_service.ingest.register_routes import router as register_router
from metadata_service.ingest.routes import router as ingest_router
from metadata_service.map.routes import router as map_router
from metadata_service.oidc.routes import router as oidc_router
from metadata_service.oidc.wiring import provider_of
from metadata_service.page import install_page
from metadata_service.photo_searches.routes import router as photo_searches_router
from metadata_service.photos.disclosure_routes import router as photo_disclosure_router
from metadata_service.photos.file_routes import router as photo_files_router
from metadata_service.photos.routes import router as photos_router
from metadata_service.photos.tag_routes import router as photo_tags_router
from metadata_service.phototext.routes import router as phototext_router
from metadata_service.places.routes import router as places_router
from metadata_service.previews.routes import many_router as hotpreviews_router
from metadata_service.previews.routes import router as previews_router
from metadata_service.profile.routes import router as profile_router
from metadata_service.provenance.routes import router as provenance_router
from metadata_service.rate_limit import RateLimiter
from metadata_service.redaction.routes import router as disclosure_router
from metadata_service.reparse.routes import router as reparse_router
from metadata_service.reparse.running import run_forever
from metadata_service.sessions.list_routes import router as session_list_router
from metadata_service.sessions.routes import router as sessions_router
from metadata_service.settings import Settings
from metadata_service.sharing.routes import router as share_links_router
from metadata_service.sharing.visitor_routes import router as shared_router
from metadata_service.sign_up.routes import router as sign_up_router
from metadata_service.spaces.routes import invites_router as space_invites_router
from metadata_service.spaces.routes import router as spaces_router
from metadata_service.stacks.routes import router as stacks_router
from metadata_service.stacks.suggestion_routes import router as stack_suggestions_router
from metadata_service.statistics.routes import router as statistics_router
from metadata_service.storage.choice import open_store
from metadata_service.tags.routes import router as tags_router
from metadata_service.timeline.routes import router as timeline_router
from metadata_service.trash.routes import router as trash_router
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.embedded import at_work, new_runner
from metadata_service.upload_jobs.estimates import StageTimes
from metadata_service.upload_jobs.routes import router as upload_jobs_router
from metadata_service.uploads.addresses import Addresses
from metadata_service.uploads.gallery_routes import router as upload_gallery_router
from metadata_service.uploads.object_routes import router as objects_router
from metadata_service.uploads.resumable_routes import router as resumable_router
from metadata_service.uploads.routes import router as uploads_router
from service_kit.assemble import assemble, new_service
from service_kit.errors import InvalidRequestError, MalformedRequestError
from service_kit.problems import answers

# Fixed paths before `/photos/{ref}`, which would take them for photos.
_ROUTERS: Final = (
    sign_up_router,
    sessions_router,
    session_list_router,
    oidc_router,
    api_keys_router,
    admin_router,
    exports_router,
    profile_router,
    ingest_router,
    batch_router,
    register_router,
    images_router,
    import_sessions_router,
    channels_router,
    stack_suggestions_router,
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
    disclosure_router,
    photo_disclosure_router,
    spaces_router,
    share_links_router,
    shared_router,
    space_invites_router,
    events_router,
    collections_router,
    collection_items_router,
    phototext_router,
    photo_searches_router,
    photo_event_router,
    clock_router,
    correction_batches_router,
    corrections_router,
    map_router,
    duplicates_router,
    image_files_router,
    uploads_router,
    resumable_router,
    upload_gallery_router,
    upload_jobs_router,
    places_router,
    objects_router,
    provenance_router,
    reparse_router,
    statistics_router,
    photos_router,
    previews_router,
)


@cache
def _api() -> APIRouter:
    """Put the routers together, once for all applications of a process: two hundred routes take a while."""
    api = APIRouter(prefix="/api/v1")
    for router in _ROUTERS:
        api.include_router(router)
    # What any route may answer: an application adds that only to routes that are included, and these are handed over.
    whole = APIRouter(responses=answers(MalformedRequestError, InvalidRequestError))
    whole.include_router(api)
    return whole


# Here files come, which are larger than other requests.
_FILE_ADDRESSES: Final = ("/api/v1/photos/upload", "/api/v1/photos/resumable")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application. It opens its database when it starts and closes it when it stops."""
    settings = settings or Settings()
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    later = Later(database)
    core = CoreClient(settings.core_url, timeout_seconds=settings.core_timeout_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if database.is_sqlite:  # an embedded library migrates itself; a server's is migrated once, by its operator
            await migrations.upgrade(settings.database)
        background = [
            asyncio.create_task(read_pending_forever(database, core, settings.pending_pause_seconds)),
            asyncio.create_task(pair_forever(database, settings.pending_pause_seconds)),
            asyncio.create_task(run_forever(database, core, settings.pending_pause_seconds)),
            asyncio.create_task(later.write_forever()),
            asyncio.create_task(tidy_forever(database, app.state.blobs, settings.security_event_days)),
        ]
        async with at_work(bench, app.state.upload_runner, settings):
            yield
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await later.write()
        await _close_doors(app)

    app = new_service("ImaLink metadata_service", "Keeps photo eggs per user and decides who sees what", lifespan)
    _remember(
        app,
        settings=settings,
        database=database,
        alive=Alive(database),
        later=later,
        oidc=provider_of(settings),
        rate_limiter=RateLimiter(settings.redis_url, is_on=settings.rate_limits),
        core=core,
        tokens=load_tokens(settings),
    )
    bench = _prepare_uploads(app, settings, database, core)
    app.router.routes.extend(_api().routes)
    assemble(
        app,
        settings,
        max_body_bytes=settings.max_body_mb * 1024 * 1024,
        larger_bodies=dict.fromkeys(_FILE_ADDRESSES, settings.upload_max_request_mb * 1024 * 1024),
        ready_checks={"database": lambda: migrations.check_current(database)},
        body_stall_seconds=settings.body_stall_seconds,
        allow_credentials=True,
    )
    install_page(app, settings, app.state.blobs.presigned_url("thumbnails/any.jpg", 1))
    return app


async def _close_doors(app: FastAPI) -> None:
    for door in (app.state.rate_limiter, app.state.oidc, app.state.core, app.state.database):
        if door is not None:
            await door.close()


def _remember(app: FastAPI, **things: object) -> None:
    """Put what routes ask for where their dependencies find it."""
    for name, thing in things.items():
        setattr(app.state, name, thing)


def _prepare_uploads(app: FastAPI, settings: Settings, database: Database, core: CoreClient) -> Bench:
    """Give routes the store and what uploads need, and whoever works on them here the same."""
    app.state.blobs = open_store(settings)
    bench = Bench(database, app.state.blobs, core, settings.upload_core_seconds, Models(settings.analysis_dir))
    app.state.bench = bench
    app.state.stage_times = StageTimes()
    app.state.addresses = Addresses(app.state.blobs, app.state.tokens.secret)
    app.state.upload_runner = new_runner(bench, settings)
    return bench

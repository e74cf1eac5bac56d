"""HTTP of core_service: takes images off the wire, hands out what the decoder processes make of them."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect

from core_service.errors import ColdpreviewSizeError
from core_service.formats import FORMATS, Format
from core_service.openapi import IMAGE_BODY, IMAGE_REFUSALS, UPLOAD_REFUSALS
from core_service.recipe import RecipeDescription, describe_recipe
from core_service.settings import Settings
from core_service.slots import SlotPool
from core_service.uploads import cold_side, receive_upload
from core_service.workers import WorkerPool
from service_kit.problems import answers
from shared_schemas.photoegg import PhotoEgg
from shared_schemas.versions import PRODUCT_VERSION

router = APIRouter(tags=["core"])

_COLD_SIZE_HELP: Final = "Longest side of the coldpreview, 150 to 8192; here or in the form."


@dataclass(frozen=True, slots=True)
class Core:
    """What the routes work with; made when the service starts."""

    settings: Settings
    slots: SlotPool
    workers: WorkerPool


def _core_of(request: Request) -> Core:
    core: Core = request.app.state.core
    return core


RunningCore = Annotated[Core, Depends(_core_of)]


class ServiceDescription(BaseModel):
    """Who answers here."""

    service: str = "core_service"
    version: str = PRODUCT_VERSION


class FormatDescription(BaseModel):
    """One image format."""

    name: str = Field(examples=["JPEG"])
    media_type: str = Field(examples=["image/jpeg"])
    extensions: list[str] = Field(examples=[["jpg", "jpeg"]], description="A hint only: the content decides.")
    note: str = Field(description="What of the file is read, where that is not all.")
    available: bool = Field(description="Whether the decoder is installed here.")
    install: str | None = Field(description="What to install where it is not.", examples=["pip install pillow-heif"])


class FormatList(BaseModel):
    """Every image format that is known, in the order tried."""

    formats: list[FormatDescription]


@router.get("/", summary="Who answers here")
async def root() -> ServiceDescription:
    """Tell the service's name and version."""
    return ServiceDescription()


@router.get("/v1/formats", summary="Which images can be read")
async def formats() -> FormatList:
    """List the formats as the registry has them."""
    return FormatList(formats=[_described(known) for known in FORMATS])


def _described(known: Format) -> FormatDescription:
    return FormatDescription(
        name=known.name,
        media_type=known.media_type,
        extensions=list(known.extensions),
        note=known.note,
        available=known.available,
        install=None if known.available else f"pip install {known.distribution}",
    )


@router.get("/v1/recipe", summary="How the hothash is made, and with what")
async def recipe() -> RecipeDescription:
    """Describe recipe and libraries."""
    return describe_recipe(reproduces=None)


@router.post(
    "/api/v1/process",
    summary="The same, where existing clients look for it",
    openapi_extra=IMAGE_BODY,
    response_model=PhotoEgg,
    responses=answers(*UPLOAD_REFUSALS, *IMAGE_REFUSALS, ColdpreviewSizeError),
)
@router.post(
    "/v1/process",
    summary="Turn one image into one PhotoEgg",
    openapi_extra=IMAGE_BODY,
    response_model=PhotoEgg,
    responses=answers(*UPLOAD_REFUSALS, *IMAGE_REFUSALS, ColdpreviewSizeError),
)
async def process(
    request: Request,
    core: RunningCore,
    coldpreview_size: Annotated[str, Query(description=_COLD_SIZE_HELP, examples=["1920"])] = "",
    generate_coldpreview: Annotated[str, Query(description="Earlier name: true is the default size.")] = "",
) -> Response:
    """Answer previews, identity and metadata of the image; keep nothing of it."""
    wishes = {"coldpreview_size": coldpreview_size, "generate_coldpreview": generate_coldpreview}
    cold_side(wishes)  # a bad wish in the address is refused before the image is read
    async with core.slots.slot() as slot:
        upload = await receive_upload(request, slot, core.settings.upload_stall_seconds)
        options = {"filename": upload.filename, "coldpreview_size": cold_side({**wishes, **upload.fields})}
        egg = await _unless_gone(request, core.workers.run("egg", slot, options))
    return Response(egg, media_type="application/json")


async def _unless_gone(request: Request, work: Coroutine[None, None, bytes]) -> bytes:
    """Do `work` as long as the client is there to receive it. Its body must have been read to the end."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

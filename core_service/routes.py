"""HTTP of core_service: takes images off the wire, hands out what the decoder processes make of them."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from core_service.batch import FILE_NAMES, BatchAnswer
from core_service.core import RunningCore
from core_service.errors import ColdpreviewSizeError, TooManyFilesError
from core_service.jobs import ExifAnswer
from core_service.openapi import (
    BATCH_ANSWER,
    BATCH_BODY,
    EGG_ANSWER,
    EXIF_BODY,
    IMAGE_BODY,
    IMAGE_REFUSALS,
    PICTURE_ANSWER,
    PLAIN_IMAGE_BODY,
    UPLOAD_REFUSALS,
)
from core_service.presence import unless_gone
from core_service.previews import MAX_COLD_SIDE
from core_service.uploads import FormShape, events_of, invalid, next_file, receive_upload
from core_service.wishes import COLD_FIELDS, ColdSizeQuery, GenerateColdQuery, cold_side
from service_kit.problems import answers
from shared_schemas.eggwire import EGG_MEDIA_TYPE

router = APIRouter(tags=["images"])

_REFUSALS: Final = answers(*UPLOAD_REFUSALS, *IMAGE_REFUSALS, ColdpreviewSizeError)
_SideQuery = Annotated[int, Query(ge=1, le=MAX_COLD_SIDE)]


@router.post(
    "/api/v1/process",
    summary="The same as /v1/process, where existing clients look for it",
    responses={**EGG_ANSWER, **_REFUSALS},
    openapi_extra=IMAGE_BODY,
)
@router.post(
    "/v1/process",
    summary="Turn one image into one PhotoEgg",
    responses={**EGG_ANSWER, **_REFUSALS},
    openapi_extra=IMAGE_BODY,
)
async def process(
    request: Request,
    core: RunningCore,
    coldpreview_size: ColdSizeQuery = "",
    generate_coldpreview: GenerateColdQuery = "",
    accept: Annotated[str, Header(description=f"`{EGG_MEDIA_TYPE}` for the binary form.")] = "application/json",
) -> Response:
    """Answer previews, identity and metadata of the image; keep nothing of it."""
    wishes = {"coldpreview_size": coldpreview_size, "generate_coldpreview": generate_coldpreview}
    cold_side(wishes)  # a bad wish in the address is refused before the image is read
    packed = EGG_MEDIA_TYPE in accept
    async with core.slots.slot() as slot:
        filename, fields = await receive_upload(request, slot, core.settings.patience, COLD_FIELDS)
        options = {"filename": filename, "coldpreview_size": cold_side({**wishes, **fields}), "packed": packed}
        egg = await unless_gone(request, core.workers.run("egg", slot, options))
    return Response(egg, media_type=EGG_MEDIA_TYPE if packed else "application/json")


@router.post(
    "/v1/process/batch",
    summary="Turn many images into PhotoEggs, one line each, as they are done",
    responses={**BATCH_ANSWER, **answers(*UPLOAD_REFUSALS, ColdpreviewSizeError, TooManyFilesError)},
    openapi_extra=BATCH_BODY,
)
async def process_batch(
    request: Request,
    core: RunningCore,
    coldpreview_size: ColdSizeQuery = "",
    generate_coldpreview: GenerateColdQuery = "",
) -> Response:
    """Answer `{index, filename, egg}` or `{index, filename, problem}` for each file; a bad one harms only itself."""
    core.slots.give_back(core.slots.take())  # a full service refuses the batch at once
    fields = {"coldpreview_size": coldpreview_size, "generate_coldpreview": generate_coldpreview}
    in_form: dict[str, str] = {}
    events = events_of(request, core.settings.patience)
    first = await next_file(events, FormShape(FILE_NAMES, COLD_FIELDS), in_form)
    if first is None:
        raise invalid("files", "The form needs files in the field `files`.")
    options = {"coldpreview_size": cold_side({**fields, **in_form}), "packed": False}
    return BatchAnswer(request, core, first, events, options)


@router.post(
    "/v1/exif",
    summary="Read the metadata of an image, or of a bare EXIF blob",
    response_model=ExifAnswer,
    responses=answers(*UPLOAD_REFUSALS, *IMAGE_REFUSALS),
    openapi_extra=EXIF_BODY,
)
async def read_metadata(request: Request, core: RunningCore) -> Response:
    """Answer the same `metadata` and `exif_dict` as an egg, without looking at pixels."""
    async with core.slots.slot() as slot:
        await receive_upload(request, slot, core.settings.patience)
        answer = await unless_gone(request, core.workers.run("exif", slot, {}))
    return Response(answer, media_type="application/json")


@router.post(
    "/v1/resize",
    summary="Make a picture that fits into a width and a height: a JPEG, or a BMP for who wants plain pixels",
    response_class=Response,
    responses={**PICTURE_ANSWER, **answers(*UPLOAD_REFUSALS, *IMAGE_REFUSALS)},
    openapi_extra=PLAIN_IMAGE_BODY,
)
async def resize(
    request: Request,
    core: RunningCore,
    width: _SideQuery = MAX_COLD_SIDE,
    height: _SideQuery = MAX_COLD_SIDE,
    form: Annotated[Literal["jpeg", "bmp"], Query(alias="as", description="The form of the answer.")] = "jpeg",
) -> Response:
    """Answer the image upright, in sRGB, without metadata, never enlarged."""
    options = {"width": width, "height": height, "form": form}
    async with core.slots.slot() as slot:
        await receive_upload(request, slot, core.settings.patience)
        picture = await unless_gone(request, core.workers.run("resize", slot, options))
    return Response(picture, media_type=f"image/{form}")

"""The ways in of existing clients: `POST /photos/create` with a flat egg, `POST /photos/register-image` with a file."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request, Response, UploadFile, status
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from metadata_service.accounts.viewer import SignedIn
from metadata_service.core_client import CoreRefusedError, CoreUnavailableError
from metadata_service.db.session import WriteSession
from metadata_service.ingest.arrival import from_egg
from metadata_service.ingest.errors import CoreAwayError, ImageRefusedError
from metadata_service.ingest.routes import KEEP_REFUSALS, keep_one, say_where
from metadata_service.ingest.schemas import Created, Id, NewPhoto
from metadata_service.ingest.wiring import Core
from metadata_service.photos.schemas import Rating
from metadata_service.storage.access import Blobs
from metadata_service.visibility import VisibilityName
from service_kit.fast_json import FastJsonRoute
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["ingest"], route_class=FastJsonRoute)

_DUPLICATE: dict[int | str, dict[str, Any]] = {
    200: {"model": Created, "description": "The photo was known; what the file brings was added to it."}
}


class FlatPhoto(NewPhoto):
    """The egg in flat spellings; what we do not know is left out."""

    model_config = ConfigDict(extra="ignore")


class CreatePhoto(BaseModel):
    """The envelope of existing clients; tags may stand beside the egg."""

    model_config = ConfigDict(extra="ignore")

    photo_create_schema: FlatPhoto = Field(description="The egg in flat spellings.")

    @model_validator(mode="before")
    @classmethod
    def _take_tags_in(cls, body: Any) -> Any:
        if isinstance(body, dict) and isinstance(egg := body.get("photo_create_schema"), dict) and body.get("tags"):
            return {"photo_create_schema": {**egg, "tags": body["tags"]}}
        return body


class ImageWishes(BaseModel):
    """What the owner wishes for the photo; in the address or among the form's fields."""

    rating: Rating = 0
    visibility: VisibilityName = "private"
    author_id: Id | None = None
    input_channel_id: Id | None = None
    import_session_id: Id | None = Field(default=None, description="The same, by its earlier name.")
    coldpreview_size: int | None = Field(default=None, ge=150, le=8192)


async def _read_form(request: Request) -> ImageWishes:
    form = await request.form()
    fields = {name: form[name] for name in ImageWishes.model_fields if name in form}
    try:
        return ImageWishes.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error


@router.post(
    "/create",
    status_code=status.HTTP_201_CREATED,
    summary="Keep a flat egg (earlier name of photoegg)",
    deprecated=True,
    responses={**_DUPLICATE, **answers(*KEEP_REFUSALS)},
)
async def create(
    new: CreatePhoto,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    *,
    response: Response,
    after_commit: BackgroundTasks,
) -> Created:
    kept = await keep_one(session, blobs, owner_id, from_egg(new.photo_create_schema), after_commit)
    say_where(response, kept)
    return Created.of(kept.photo, is_duplicate=not kept.is_new)


@router.post(
    "/register-image",
    status_code=status.HTTP_201_CREATED,
    summary="Have core_service lay the egg of a file, and keep the egg; the file itself is not kept",
    responses={**_DUPLICATE, **answers(*KEEP_REFUSALS, ImageRefusedError, CoreAwayError)},
)
async def register_image(
    file: UploadFile,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    *,
    asked: Annotated[ImageWishes, Query()],
    filled_in: Annotated[ImageWishes, Depends(_read_form)],
    core: Core,
    response: Response,
    after_commit: BackgroundTasks,
) -> Created:
    wishes = asked.model_dump(exclude_unset=True) | filled_in.model_dump(exclude_unset=True)
    size = wishes.pop("coldpreview_size", None)
    try:
        egg = await core.lay_egg(await file.read(), file.filename or "", size)
    except CoreRefusedError as error:
        raise ImageRefusedError(str(error)) from error
    except CoreUnavailableError as error:
        raise CoreAwayError(headers={"Retry-After": "15"}) from error
    kept = await keep_one(session, blobs, owner_id, from_egg(NewPhoto.model_validate(egg | wishes)), after_commit)
    say_where(response, kept)
    return Created.of(kept.photo, is_duplicate=not kept.is_new)

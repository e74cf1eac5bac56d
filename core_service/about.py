"""HTTP of core_service, what it tells of itself: service, formats, recipe."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from core_service.core import RunningCore
from core_service.formats import FORMATS, Format
from core_service.recipe import RecipeDescription, describe_recipe
from shared_schemas.versions import PRODUCT_VERSION

router = APIRouter(tags=["about"])


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


@router.get("/v1/recipe", summary="How the hothash is made, and whether it comes out right here")
async def recipe(core: RunningCore) -> RecipeDescription:
    """Describe recipe and libraries, and tell whether the golden vectors come out as they should."""
    return describe_recipe(core.golden_failures)


def _described(known: Format) -> FormatDescription:
    return FormatDescription(
        name=known.name,
        media_type=known.media_type,
        extensions=list(known.extensions),
        note=known.note,
        available=known.available,
        install=None if known.available else f"pip install {known.distribution}",
    )

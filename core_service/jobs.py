"""What can be asked of a decoder process, by name: each job gets an image and answers with bytes for the client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field

from core_service.errors import EmptyUploadError
from core_service.exif import read_exif
from core_service.golden import failures
from core_service.picture import Data, DecodeLimits
from core_service.pipeline import Order, identify, lay_egg, open_picture, refusing
from core_service.previews import cold_pixels, cold_plane, displayed, encode_bmp, encode_jpeg, fitted_into
from core_service.stages import Stages
from shared_schemas.eggwire import pack_egg
from shared_schemas.photoegg import EggWarning, PhotoMetadata

_EXIF_BEGINNINGS: Final = (b"Exif\0", b"\xff\xe1", b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class JobResult:
    """The body of the answer, ready for the wire, and what the image turned out to be."""

    body: bytes
    image_format: str


class ExifAnswer(BaseModel):
    """The metadata of a file, or of a raw EXIF blob; no pixel was looked at."""

    metadata: PhotoMetadata
    exif_dict: dict[str, Any] = Field(description="Every tag that was read, JSON-safe (docs/photoegg.md).")
    warnings: list[EggWarning]


class GoldenAnswer(BaseModel):
    """The golden vectors that came out otherwise than they should."""

    failures: list[str]


Job = Callable[[Data, Mapping[str, Any], DecodeLimits, Stages], JobResult]


def egg(data: Data, options: Mapping[str, Any], limits: DecodeLimits, stages: Stages) -> JobResult:
    """Lay an egg, in JSON or in the binary form."""
    order = Order(filename=options["filename"], coldpreview_size=options["coldpreview_size"])
    laid = lay_egg(data, order, limits, stages)
    with stages.timed("serialise"):
        body = pack_egg(laid) if options["packed"] else laid.model_dump_json().encode()
    return JobResult(body, laid.image_format or "")


def exif(data: Data, _options: Mapping[str, Any], _limits: DecodeLimits, stages: Stages) -> JobResult:
    """Read metadata, of an image file or of a bare EXIF blob."""
    if not len(data):
        raise EmptyUploadError("No bytes came.")
    name = "EXIF" if data[:5].startswith(_EXIF_BEGINNINGS) else identify(data).name
    with stages.timed("metadata"):
        reading = read_exif(memoryview(data), name)
    answer = ExifAnswer(metadata=reading.metadata, exif_dict=reading.exif_dict, warnings=reading.warnings)
    return JobResult(answer.model_dump_json().encode(), name)


def resized(data: Data, options: Mapping[str, Any], limits: DecodeLimits, stages: Stages) -> JobResult:
    """Make an image smaller, upright and in sRGB, without metadata: a JPEG, or a BMP of plain pixels."""
    image_format = identify(data)
    turn = read_exif(memoryview(data), image_format.name).orientation
    with stages.timed("decode"), refusing(image_format):
        picture = open_picture(image_format, data, limits)
        turn = picture.orientation or turn
        target = fitted_into(displayed(picture.size, turn), options["width"], options["height"])
        plane = picture.plane(cold_plane(picture.planes, max(target)))
        pixels = cold_pixels(plane, displayed(target, turn), turn)
    with stages.timed("encode"):
        body = encode_bmp(pixels) if options["form"] == "bmp" else encode_jpeg(pixels)
        return JobResult(body, image_format.name)


def golden(_data: Data, _options: Mapping[str, Any], _limits: DecodeLimits, stages: Stages) -> JobResult:
    """Cook every golden vector."""
    with stages.timed("golden"):
        return JobResult(GoldenAnswer(failures=failures()).model_dump_json().encode(), "")


JOBS: Final[Mapping[str, Job]] = {"egg": egg, "exif": exif, "resize": resized, "golden": golden}

"""The whole service: one image in, one PhotoEgg out. Runs in a child process and touches nothing but its input."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image

from core_service.errors import (
    EmptyUploadError,
    ImageTooSmallError,
    OutOfMemoryError,
    RefusedImageError,
    TooManyPixelsError,
)
from core_service.exif import ExifReading, read_exif
from core_service.formats import Format, recognise
from core_service.perceptual import perceptual_hash
from core_service.picture import Data, DecodeLimits, Picture, refuse_oversize
from core_service.placeholder import placeholder
from core_service.previews import cold_pixels, cold_plane, displayed, encode_jpeg, fitted, hot_pixels, hot_plane
from core_service.stages import Stages
from service_kit.errors import ServiceError
from shared_schemas.hothash import hothash_of
from shared_schemas.photoegg import Capture, ImageFileEntry, PhotoEgg
from shared_schemas.versions import RECIPE

MIN_SIDE = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What the client asked for, beside the image itself."""

    filename: str | None = None
    coldpreview_size: int | None = None


@dataclass(frozen=True, slots=True)
class Previews:
    """The pixels of an egg."""

    hot: Image.Image
    cold: Image.Image | None


def lay_egg(data: Data, order: Order, limits: DecodeLimits, stages: Stages) -> PhotoEgg:
    """Read the image and tell everything about it, or raise the error that says why not."""
    image_format = identify(data)
    with stages.timed("metadata"):
        reading = read_exif(memoryview(data), image_format.name)
    with stages.timed("decode"), refusing(image_format):
        picture = open_picture(image_format, data, limits)
        orientation = picture.orientation or reading.orientation
        previews = draw(picture, orientation, order.coldpreview_size)
    with stages.timed("encode"):
        hotpreview = encode_jpeg(previews.hot)
        coldpreview = encode_jpeg(previews.cold) if previews.cold else None
    with stages.timed("digest"):
        looks = {"perceptual_hash": perceptual_hash(previews.hot), "placeholder": placeholder(previews.hot)}
        source = _source(data, order, image_format)
    width, height = displayed(picture.size, orientation)
    return PhotoEgg(
        hothash=hothash_of(hotpreview),
        recipe=RECIPE,
        width=width,
        height=height,
        **_preview("hotpreview", hotpreview, previews.hot),
        **_preview("coldpreview", coldpreview, previews.cold),
        **source,
        **looks,
        **_told(reading),
    )


def identify(data: Data) -> Format:
    """Recognise the format by its content."""
    if not len(data):
        raise EmptyUploadError("The uploaded file has no bytes.")
    return recognise(data)


@contextmanager
def refusing(image_format: Format) -> Iterator[None]:
    """Turn whatever a decoder raises into a refusal of the image: its input is arbitrary, and so are its errors."""
    try:
        yield
    except ServiceError:
        raise
    except MemoryError as error:
        raise OutOfMemoryError(f"The {image_format.name} needs more memory than one image may take.") from error
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError(f"The {image_format.name} has more pixels than are decoded.") from error
    except Exception as error:
        raise RefusedImageError(f"The {image_format.name} cannot be decoded: {_in_words(error)}.") from error


def _in_words(error: Exception) -> str:
    """Say for a person what a decoder says for programmers."""
    said = str(error).lower()
    if any(sign in said for sign in ("truncated", "premature", "requires a buffer", "end of file", "cut off")):
        return "it is cut off"
    if "support" in said:
        return "it uses a feature that is not supported"
    return "it is damaged"


def open_picture(image_format: Format, data: Data, limits: DecodeLimits) -> Picture:
    """Read the header, and refuse what is too small or too large before any pixel is decoded."""
    picture = image_format.open(data, limits)
    width, height = picture.size
    if min(width, height) < MIN_SIDE:
        raise ImageTooSmallError(f"The image is {width}×{height} pixels; at least {MIN_SIDE}×{MIN_SIDE} are needed.")
    refuse_oversize(picture.size, limits)
    return picture


def draw(picture: Picture, orientation: int, cold_side: int | None) -> Previews:
    """Decode once if one plane serves both previews, twice otherwise."""
    scale = hot_plane(picture.planes)
    plane = picture.plane(scale)
    hot = hot_pixels(plane, picture.size, orientation)
    if cold_side is None:
        return Previews(hot, None)
    own_scale = cold_plane(picture.planes, cold_side)
    if own_scale != scale:
        plane = picture.plane(own_scale)
    return Previews(hot, cold_pixels(plane, fitted(picture.size, cold_side), orientation))


def _preview(name: str, jpeg: bytes | None, pixels: Image.Image | None) -> dict[str, Any]:
    if jpeg is None or pixels is None:
        return {}
    return {
        f"{name}_base64": base64.b64encode(jpeg).decode(),
        f"{name}_width": pixels.width,
        f"{name}_height": pixels.height,
    }


def _source(data: Data, order: Order, image_format: Format) -> dict[str, Any]:
    """What the file is; its name and size also in the list that existing clients read."""
    about = {
        "image_format": image_format.name,
        "file_size_bytes": len(data),
        "file_sha256": hashlib.sha256(data).hexdigest(),
    }
    if not order.filename:
        return about
    listed = [ImageFileEntry(filename=order.filename, file_size=len(data))]
    return {**about, "primary_filename": order.filename, "image_file_list": listed}


def _told(reading: ExifReading) -> dict[str, Any]:
    """The metadata, as it is and in the flat spellings that existing clients read."""
    flat = reading.metadata.model_dump(include=set(Capture.model_fields), exclude_none=True)
    return {**flat, "metadata": reading.metadata, "exif_dict": reading.exif_dict, "warnings": reading.warnings}

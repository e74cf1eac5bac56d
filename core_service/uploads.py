"""Takes one image off the wire, straight into a slot: from a multipart form, or as the body itself."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from fastapi import Request

from core_service.errors import ColdpreviewSizeError, FileTooLargeError, UploadStalledError
from core_service.forms import FormEvent, Part, PartEnd, form_events
from core_service.previews import DEFAULT_COLD_SIDE, MAX_COLD_SIDE, MIN_COLD_SIDE
from core_service.slots import Slot
from service_kit.errors import InvalidRequestError, MalformedRequestError
from shared_schemas.problem import FieldError

_FORM_OVERHEAD: Final = 64 * 1024
_MAX_TEXT_BYTES: Final = 256
_FIELDS: Final = ("coldpreview_size", "generate_coldpreview")
_YES: Final = frozenset({"true", "1", "yes", "on"})
_NO: Final = frozenset({"false", "0", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Upload:
    """What came beside the image's bytes, which are in the slot."""

    filename: str | None
    fields: Mapping[str, str]


def is_form(request: Request) -> bool:
    """Tell a form from a bare image."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def receive_upload(request: Request, slot: Slot, stall_seconds: float) -> Upload:
    """Read the request into `slot`."""
    if int(request.headers.get("content-length", "0")) > slot.max_bytes + _FORM_OVERHEAD:
        raise FileTooLargeError(f"The file has more than {slot.max_bytes} bytes, which is the limit.")
    chunks = body_chunks(request, stall_seconds)
    if is_form(request):
        return await _receive_form(form_events(request.headers["content-type"], chunks), slot)
    async for chunk in chunks:
        slot.write(chunk)
    return Upload(clean_filename(unquote(request.headers.get("x-filename", ""))), {})


async def body_chunks(request: Request, stall_seconds: float) -> AsyncIterator[bytes]:
    """Yield the body as it comes, and give up on a client that stops sending."""
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(stall_seconds):
                chunk = await anext(stream, None)
        except TimeoutError as error:
            raise UploadStalledError(f"Nothing came for {stall_seconds:g} seconds.") from error
        if chunk is None:
            return
        yield chunk


async def _receive_form(events: AsyncIterator[FormEvent], slot: Slot) -> Upload:
    filename: str | None = None
    fields: dict[str, str] = {}
    part: Part | None = None
    text = b""
    async for event in events:
        if isinstance(event, Part):
            part, text = event, b""
            _refuse_stranger(part, fields)
            if part.name == "file":
                filename = clean_filename(part.filename or "")
                fields["file"] = ""
        elif isinstance(event, bytes) and part:
            if part.name == "file":
                slot.write(event)
            else:
                text = _gathered(part, text + event)
        elif isinstance(event, PartEnd) and part and part.name != "file":
            fields[part.name] = text.decode(errors="replace").strip()
    if fields.pop("file", None) is None:
        raise _invalid("file", "The form needs a file in the field `file`.")
    return Upload(filename, fields)


def _refuse_stranger(part: Part, seen: Mapping[str, str]) -> None:
    if part.name != "file" and part.name not in _FIELDS:
        expected = ", ".join(("file", *_FIELDS))
        raise _invalid(part.name[:100], f"No such field; the form may have: {expected}.")
    if part.name in seen:
        raise _invalid(part.name, "The field may be there once only.")


def _gathered(part: Part, text: bytes) -> bytes:
    if len(text) > _MAX_TEXT_BYTES:
        raise MalformedRequestError(f"The field {part.name} is too long.")
    return text


def clean_filename(raw: str) -> str | None:
    """Keep the last part of a path, without what no file name holds; None when nothing is left."""
    name = raw.replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in name if character.isprintable())
    return name[:255] or None


def cold_side(fields: Mapping[str, str]) -> int | None:
    """Read how large a coldpreview is asked for; None when none is."""
    size, old_wish = fields.get("coldpreview_size", ""), fields.get("generate_coldpreview", "").lower()
    if old_wish not in _YES | _NO:
        raise _invalid("generate_coldpreview", "Must be true or false.")
    if not size:
        return DEFAULT_COLD_SIDE if old_wish in _YES else None
    try:
        side = int(size)
    except ValueError:
        raise _invalid("coldpreview_size", "Must be a whole number of pixels.") from None
    if not MIN_COLD_SIDE <= side <= MAX_COLD_SIDE:
        raise ColdpreviewSizeError(f"coldpreview_size is {side}; it must be {MIN_COLD_SIDE} to {MAX_COLD_SIDE}.")
    return side


def _invalid(field: str, message: str) -> InvalidRequestError:
    return InvalidRequestError(f"{field}: {message}", errors=[FieldError(loc=["body", field], msg=message)])

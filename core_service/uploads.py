"""Takes images off the wire, straight into slots: from a multipart form, or as the body itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from fastapi import Request

from core_service.errors import FileTooLargeError, UploadStalledError
from core_service.presence import Patience
from core_service.slots import Slot
from service_kit.errors import InvalidRequestError, MalformedRequestError
from service_kit.forms import FormEvent, Part, PartEnd, form_events
from shared_schemas.problem import FieldError

_FORM_OVERHEAD: Final = 64 * 1024
_MAX_TEXT_BYTES: Final = 256

Events = AsyncIterator[FormEvent]
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class FormShape:
    """What a form may hold: files under one of these names, and text fields."""

    file_names: tuple[str, ...]
    fields: Collection[str] = ()


ONE_FILE: Final = ("file",)


async def receive_upload(
    request: Request, slot: Slot, patience: Patience, fields: Collection[str] = ()
) -> tuple[str | None, Fields]:
    """Read the request into `slot`; return the file's name and the form's text fields."""
    if int(request.headers.get("content-length", "0")) > slot.max_bytes + _FORM_OVERHEAD:
        raise FileTooLargeError(f"The file has more than {slot.max_bytes} bytes, which is the limit.")
    if is_form(request):
        return await _receive_form(events_of(request, patience), slot, FormShape(ONE_FILE, fields))
    async for chunk in _body_chunks(request, patience):
        slot.write(chunk)
    return clean_filename(unquote(request.headers.get("x-filename", ""))), {}


def is_form(request: Request) -> bool:
    """Tell a form from a bare image."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


def events_of(request: Request, patience: Patience) -> Events:
    """Read the request's form while it arrives."""
    return form_events(request.headers.get("content-type", ""), _body_chunks(request, patience))


async def next_file(events: Events, shape: FormShape, fields: Fields) -> Part | None:
    """Gather text fields into `fields` until a file begins; None when the form ends first."""
    part: Part | None = None
    text = b""
    async for event in events:
        if isinstance(event, Part):
            part, text = event, b""
            if part.name in shape.file_names:
                return part
            _refuse_stranger(part, shape, fields)
        elif isinstance(event, bytes):
            text += event
            if len(text) > _MAX_TEXT_BYTES:
                raise MalformedRequestError("A field of the form is too long.")
        elif isinstance(event, PartEnd) and part:
            fields[part.name] = text.decode(errors="replace").strip()
    return None


async def fill(slot: Slot, events: Events) -> None:
    """Write the rest of the part that has begun into `slot`."""
    async for event in events:
        if isinstance(event, PartEnd):
            return
        if isinstance(event, bytes):
            slot.write(event)


async def skip(events: Events) -> None:
    """Read over the rest of the part that has begun."""
    async for event in events:
        if isinstance(event, PartEnd):
            return


def clean_filename(raw: str) -> str | None:
    """Keep the last part of a path, without what no file name holds; None when nothing is left."""
    name = raw.replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in name if character.isprintable())
    return name[:255] or None


def invalid(field: str, message: str) -> InvalidRequestError:
    """Say what is wrong with one field."""
    return InvalidRequestError(f"{field}: {message}", errors=[FieldError(loc=["body", field], msg=message)])


async def _receive_form(events: Events, slot: Slot, shape: FormShape) -> tuple[str | None, Fields]:
    fields: Fields = {}
    part = await next_file(events, shape, fields)
    if part is None:
        raise invalid("file", "The form needs a file in the field `file`.")
    await fill(slot, events)
    if await next_file(events, shape, fields):
        raise invalid("file", "The field may be there once only.")
    return clean_filename(part.filename or ""), fields


async def _body_chunks(request: Request, patience: Patience) -> AsyncIterator[bytes]:
    """Yield the body as it comes, and give up on a client that stops sending, or sends for ever."""
    stream = aiter(request.stream())
    deadline = time.monotonic() + patience.total_seconds
    while True:
        try:
            async with asyncio.timeout(min(patience.stall_seconds, deadline - time.monotonic())):
                chunk = await anext(stream, None)
        except TimeoutError as error:
            raise UploadStalledError("The upload stopped, or took too long.") from error
        if chunk is None:
            return
        yield chunk


def _refuse_stranger(part: Part, shape: FormShape, seen: Fields) -> None:
    if part.name not in shape.fields:
        expected = ", ".join((*shape.file_names, *shape.fields))
        raise invalid(part.name[:100], f"No such field here; the form may have: {expected}.")
    if part.name in seen:
        raise invalid(part.name, "The field may be there once only.")

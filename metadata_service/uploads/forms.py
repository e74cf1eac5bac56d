"""Reads the files of a form one after the other, while they arrive."""

from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request

from service_kit.errors import InvalidRequestError, MalformedRequestError
from service_kit.forms import FormEvent, Part, PartEnd, form_events
from shared_schemas.problem import FieldError

FILE_FIELDS: Final = frozenset({"files", "file", "files[]"})
_GATHERED: Final = 256 * 1024


class FileForm:
    """The files of a request: `next_file` goes to the next one, `pieces` gives its bytes, both once."""

    def __init__(self, request: Request) -> None:
        """Begin to read; a body that is no form is refused."""
        kind = request.headers.get("content-type", "")
        if not kind.lower().startswith("multipart/form-data"):
            raise MalformedRequestError("The files come as multipart/form-data.")
        self._events = form_events(kind, request.stream())
        self._open = False

    async def next_file(self) -> str | None:
        """Go to the next file and give its name; None at the end."""
        if self._open:
            await self._skip()
        async for event in self._events:
            if isinstance(event, Part):
                self._open = True
                if event.name not in FILE_FIELDS:
                    said = "No such field here; files are called `files`, and wishes stand in the address."
                    raise InvalidRequestError(said, errors=[FieldError(loc=["body", event.name[:100]], msg=said)])
                return clean_filename(event.filename or "")
        return None

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give what is left of the file, in pieces of some size: what the wire brings is often small."""
        gathered = bytearray()
        while self._open:
            event = await self._event()
            if isinstance(event, bytes):
                gathered += event
            if len(gathered) >= _GATHERED:
                yield bytes(gathered)
                gathered.clear()
        if gathered:
            yield bytes(gathered)

    async def _skip(self) -> None:
        while self._open:
            await self._event()

    async def _event(self) -> FormEvent:
        event = await anext(self._events)
        if isinstance(event, PartEnd):
            self._open = False
        return event


def clean_filename(raw: str) -> str:
    """Keep the last part of a path, without what no file name holds."""
    name = raw.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in name if character.isprintable())[:255] or "unnamed"

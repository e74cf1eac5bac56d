"""Reads a multipart form while it arrives: nothing is gathered, neither in memory nor on disk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from service_kit.errors import MalformedRequestError

_MAX_PARTS: Final = 2000


@dataclass(slots=True)
class Part:
    """The head of one part of a form."""

    name: str
    filename: str | None


class PartEnd:
    """The part that began last is complete."""


FormEvent = Part | bytes | PartEnd


async def form_events(content_type: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[FormEvent]:
    """Yield a `Part`, its bytes in pieces, a `PartEnd`, and so on; raise when the form is not whole."""
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise MalformedRequestError("The multipart body has no boundary.")
    tape = _Tape()
    parser = MultipartParser(boundary, tape.callbacks())  # type: ignore[arg-type]  # it types callbacks as TypedDict
    async for chunk in chunks:
        try:
            parser.write(chunk)
        except FormParserError as error:
            raise MalformedRequestError("The multipart body is not well formed.") from error
        for event in tape.take():
            yield event
    if not tape.ended:
        raise MalformedRequestError("The multipart body ends before its last boundary.")


@dataclass(slots=True)
class _Tape:
    """Records what the parser calls back, in order."""

    events: list[FormEvent] = field(default_factory=list)
    ended: bool = False
    parts: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_name: bytes = b""
    header_value: bytes = b""

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._part_begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": lambda data, start, end: self.events.append(data[start:end]),
            "on_part_end": lambda: self.events.append(PartEnd()),
            "on_end": self._end,
        }

    def take(self) -> list[FormEvent]:
        taken, self.events = self.events, []
        return taken

    def _part_begin(self) -> None:
        self.parts += 1
        if self.parts > _MAX_PARTS:
            raise MalformedRequestError(f"The form has more than {_MAX_PARTS} parts.")
        self.headers = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self.header_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self.header_value += data[start:end]

    def _header_end(self) -> None:
        self.headers[self.header_name.lower()] = self.header_value
        self.header_name = self.header_value = b""

    def _headers_finished(self) -> None:
        disposition = self.headers.get(b"content-disposition", b"").decode("latin-1")
        options = parse_options_header(disposition)[1]
        if b"name" not in options:
            raise MalformedRequestError("A part of the form has no name.")
        filename = options.get(b"filename")
        self.events.append(Part(_text(options[b"name"]), None if filename is None else _text(filename)))

    def _end(self) -> None:
        self.ended = True


def _text(raw: bytes) -> str:
    """Browsers write UTF-8; anything else is read as Latin-1, in which every byte is a letter."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")

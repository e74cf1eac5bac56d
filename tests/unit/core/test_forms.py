"""A form is the same form in whichever pieces it arrives."""

import itertools
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_kit.errors import MalformedRequestError
from service_kit.forms import Part, PartEnd, form_events

CONTENT_TYPE = "multipart/form-data; boundary=edge"
parts = st.lists(st.tuples(st.sampled_from(["file", "size", "æ"]), st.binary(max_size=200)), min_size=1, max_size=4)


def _form(fields: list[tuple[str, bytes]]) -> bytes:
    body = b""
    for name, content in fields:
        body += f'--edge\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n\r\n'.encode()
        body += content + b"\r\n"
    return body + b"--edge--\r\n"


async def _read(body: bytes, cuts: list[int]) -> list[tuple[str, bytes]]:
    async def chunks() -> AsyncIterator[bytes]:
        edges = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
        for start, end in itertools.pairwise(edges):
            yield body[start:end]

    found: list[tuple[str, bytes]] = []
    ended = 0
    async for event in form_events(CONTENT_TYPE, chunks()):
        if isinstance(event, Part):
            found.append((event.name, b""))
        elif isinstance(event, PartEnd):
            ended += 1
        else:
            found[-1] = (found[-1][0], found[-1][1] + event)
    assert ended == len(found)
    return found


@given(fields=parts, cuts=st.lists(st.integers(min_value=0), max_size=12))
@settings(max_examples=150, deadline=None)
async def test_the_pieces_do_not_matter(fields: list[tuple[str, bytes]], cuts: list[int]) -> None:
    fields = [(name, content.replace(b"--edge", b"")) for name, content in fields]
    assert await _read(_form(fields), cuts) == fields


@given(garbage=st.binary(max_size=300), cuts=st.lists(st.integers(min_value=0), max_size=4))
@settings(max_examples=150, deadline=None)
async def test_what_is_no_form_is_malformed_and_nothing_worse(garbage: bytes, cuts: list[int]) -> None:
    with pytest.raises(MalformedRequestError):
        await _read(garbage, cuts)


async def test_a_form_of_too_many_parts_is_refused() -> None:
    with pytest.raises(MalformedRequestError, match="parts"):
        await _read(_form([("size", b"")] * 2001), [])


async def test_a_header_without_end_is_refused() -> None:
    body = b"--edge\r\nContent-Disposition: " + b"x" * 1_000_000
    with pytest.raises(MalformedRequestError):
        await _read(body, list(range(0, 1_000_000, 10_000)))

"""What the service and its decoder processes say to each other over their socket.

A task travels as one datagram-sized JSON message with the image's descriptor beside it. An answer is two lengths, a
JSON head and a body of bytes: the body is what the client gets, made where it is cheap to make. JSON, not pickle: a
decoder that was taken over by an image must not be able to make the service run anything.
"""

import struct
from typing import Any, Final, TypedDict

LENGTHS: Final = struct.Struct("!II")
MAX_TASK_BYTES: Final = 64 * 1024


class Task(TypedDict):
    """What to do with the bytes that come along."""

    job: str
    length: int
    options: dict[str, Any]


class Head(TypedDict, total=False):
    """How it went. `problem` is a slug and there only when the image was refused; `fault` is a traceback of ours."""

    problem: str
    detail: str
    fault: str
    image_format: str
    seconds: dict[str, float]
    resident_bytes: int

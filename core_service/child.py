"""A decoder process: takes one image at a time, answers, and never outlives the service that started it.

Started as `python -m core_service.child SOCKET LIMITS`. Whatever an image does to it, it does to this process alone:
the time limit is kept by the service, which kills; memory, files and orphanhood are limited here.
"""

import json
import mmap
import os
import resource
import signal
import socket
import sys
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import orjson
from PIL import Image, PngImagePlugin

from core_service.errors import OutOfMemoryError
from core_service.jobs import JOBS
from core_service.picture import Data, DecodeLimits, MappedFile
from core_service.stages import Stages
from core_service.wire import LENGTHS, MAX_TASK_BYTES, Head, Task
from service_kit.errors import ServiceError

_NICENESS: Final = 5  # decoding may wait for a moment; answers to /health, and other services of this machine, may not
_GRACE_SECONDS: Final = 2.0
_PNG_TEXT_BYTES: Final = 16 * 1024 * 1024  # a photo editor's history in XMP goes beyond Pillow's 1 MiB
_PAGE: Final = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one decoder process may use."""

    decode: DecodeLimits
    seconds: float
    memory_bytes: int

    def to_json(self) -> str:
        """Write as a command-line argument."""
        pixels, scans = self.decode.max_pixels, self.decode.max_scans
        return json.dumps([pixels, scans, self.seconds, self.memory_bytes])

    @classmethod
    def from_json(cls, text: str) -> "ChildLimits":
        """Read what `to_json` wrote."""
        pixels, scans, seconds, memory_bytes = json.loads(text)
        return cls(DecodeLimits(pixels, scans), seconds, memory_bytes)


def main() -> None:
    """Serve tasks until the service closes its end of the socket, or is gone."""
    limits = ChildLimits.from_json(sys.argv[2])
    _confine(limits)
    with socket.socket(fileno=int(sys.argv[1])) as channel, suppress(BrokenPipeError, ConnectionResetError):
        _send(channel, Head(resident_bytes=_resident_bytes()), b"")  # ready
        _silence_native_libraries()
        while True:
            message, descriptors, _, _ = socket.recv_fds(channel, MAX_TASK_BYTES, 1)
            if not message:
                return
            # Should the service die now, nobody is left to kill us: then the alarm does.
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE_SECONDS)
            head, body = _carry_out(orjson.loads(message), descriptors[0], limits.decode)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(channel, head, body)


def _confine(limits: ChildLimits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the service decides when to end
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(_NICENESS)
    if sys.platform == "linux":  # macOS knows the limit and keeps it for nobody
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    warnings.simplefilter("ignore")  # decoders warn about their input; the egg's warnings are ours
    PngImagePlugin.MAX_TEXT_CHUNK = _PNG_TEXT_BYTES
    Image.MAX_IMAGE_PIXELS = limits.decode.max_pixels // 2 + 1  # Pillow raises beyond twice this


def _silence_native_libraries() -> None:
    """Native decoders print about broken files; the log is for what the operator can act on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _carry_out(task: Task, descriptor: int, limits: DecodeLimits) -> tuple[Head, bytes]:
    head = Head()
    stages = Stages()
    body = b""
    try:
        data = _mapped(descriptor, task["length"])
        result = JOBS[task["job"]](data, task["options"], limits, stages)
        body = result.body
        head["image_format"] = result.image_format
    except ServiceError as error:
        head["problem"], head["detail"] = error.slug, error.detail
    except MemoryError:  # beside the decoders, which have their own words for it
        head["problem"], head["detail"] = OutOfMemoryError.slug, "The image needs more memory than one image may take."
    except Exception:  # noqa: BLE001  # unforeseen, and still this image's problem only: the service logs it
        head["problem"], head["fault"] = "", traceback.format_exc(limit=-8)
    finally:
        os.close(descriptor)
    head["seconds"] = stages.seconds
    head["resident_bytes"] = _resident_bytes()
    return head, body


def _mapped(descriptor: int, length: int) -> Data:
    """Map the image where it lies; an empty one cannot be mapped."""
    if not length:
        return b""
    flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
    mapped = MappedFile(descriptor, length, flags=flags, prot=mmap.PROT_READ)
    mapped.path = f"/proc/self/fd/{descriptor}" if sys.platform == "linux" else f"/dev/fd/{descriptor}"
    return mapped


def _send(channel: socket.socket, head: Head, body: bytes) -> None:
    encoded = orjson.dumps(head)
    channel.sendall(LENGTHS.pack(len(encoded), len(body)) + encoded)
    channel.sendall(body)


def _resident_bytes() -> int:
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  # read for every image
            _, resident, shared, *_ = map(int, file.read().split())
            return (resident - shared) * _PAGE  # libraries and the upload are shared with others
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()

"""Where tests write what nobody keeps: in memory where there is room, for a disk would wait for every commit."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 4 * 1024**3


def use_memory() -> None:
    """Let temporary folders be made in memory, unless `TMPDIR` says where."""
    if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
        tempfile.tempdir = str(_MEMORY)

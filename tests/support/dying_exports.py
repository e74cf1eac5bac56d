"""Exports that die at their first, second, … change of a file: a process of its own, because dying is meant.

`python -m tests.support.dying_exports DATABASE BLOBS OWNER OLD ROOT` brings a copy of the export in OLD up to date and
dies at each step in turn; it prints, step by step, what is wrong with what is left, and what the next export leaves.
"""

import asyncio
import itertools
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from metadata_service.db.engine import Database
from metadata_service.exports.source import verify
from metadata_service.storage.local import LocalFolder
from tests.support.exporting import export, form

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def _die_at(step: int, root: Path) -> None:
    """End this process, as a kill would, just before its change number `step` below `root`."""
    steps = itertools.count(1)

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa")
        if (event in _CHANGES or writes) and str(arguments[0]).startswith(str(root)) and next(steps) == step:
            os._exit(9)

    sys.addaudithook(look)


def _export(database: str, blobs: Path, owner_id: int, root: Path, step: int | None) -> bool:
    """Export in a child; tell whether it lived."""
    child = os.fork()
    if child == 0:
        if step is not None:
            _die_at(step, root)
        asyncio.run(export(Database(database, busy_seconds=5), LocalFolder(blobs), owner_id, root))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def main() -> None:
    """Die at every step."""
    database, blobs, owner, old, root = sys.argv[1:]
    given = (database, Path(blobs), int(owner), Path(root))
    assert _export(*given, None)
    wanted = form(Path(root))
    for step in itertools.count(1):
        shutil.rmtree(root)
        shutil.copytree(old, root)
        lived = _export(*given, step)
        wrong = list(verify(Path(root)))
        assert _export(*given, None)
        left = [path.name for path in Path(root).rglob("*") if path.name.endswith((".next", ".part"))]
        told = {"step": step, "wrong": wrong, "left": left, "is_equal": form(Path(root)) == wanted}
        sys.stdout.write(f"{json.dumps(told)}\n")
        if lived:
            return


if __name__ == "__main__":
    main()

"""`make page-types`: writes the page's types of both APIs from their OpenAPI documents; `--check` compares them."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts import openapi_documents
from scripts.build_page import WEB, install, npm

_TYPES: Final = WEB / "src" / "api"


def main() -> int:
    """Do what the words ask for."""
    return make(check="--check" in sys.argv[1:])


def make(*, check: bool) -> int:
    """Write both files, or compare them and answer 1 when an API has moved on."""
    install()
    with tempfile.TemporaryDirectory() as folder:
        stale = [name for name in openapi_documents.SERVICES if not _is_same(name, Path(folder), keep=not check)]
    if check and stale:
        print(f"web/src/api is behind the API of {' and '.join(stale)}: `make page-types` writes it anew.")
        return 1
    return 0


def _is_same(name: str, folder: Path, *, keep: bool) -> bool:
    document = folder / f"{name}.json"
    document.write_text(openapi_documents.text(name), encoding="utf-8")
    fresh = folder / f"{name}.d.ts"
    npm("exec", "--silent", "--", "openapi-typescript", str(document), "--output", str(fresh), "--alphabetize")
    known = _TYPES / f"{name}.d.ts"
    text = fresh.read_text(encoding="utf-8")
    same = known.is_file() and known.read_text(encoding="utf-8") == text
    if keep and not same:
        known.write_text(text, encoding="utf-8")
    return same


if __name__ == "__main__":
    sys.exit(main())

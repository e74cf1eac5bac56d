"""Writes docs/openapi: what both services say of themselves, checked in so that a change of the contract is seen."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from core_service.app import create_app as core_app
from metadata_service.app import create_app as metadata_app
from metadata_service.settings import Settings as MetadataSettings

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "openapi"
SERVICES: Final = ("core", "metadata")


def document(service: str) -> dict[str, Any]:
    """Give one service's OpenAPI document."""
    if service == "core":
        return core_app().openapi()
    with tempfile.TemporaryDirectory() as folder:  # a secret is made there
        return metadata_app(MetadataSettings(data_dir=Path(folder))).openapi()


def text(service: str) -> str:
    """The same as it is checked in."""
    return json.dumps(document(service), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write both."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        (FOLDER / f"{service}.json").write_text(text(service), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m scripts.photoegg_schema`: writes the JSON Schema of the egg, which a test compares with the code."""

import json
from pathlib import Path
from typing import Final

import shared_schemas
from shared_schemas.photoegg import PhotoEgg

GOLDEN: Final = Path(shared_schemas.__file__).with_name("photoegg.schema.json")


def schema_text() -> str:
    """Return the JSON Schema of the egg as core_service writes it."""
    return json.dumps(PhotoEgg.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(schema_text())

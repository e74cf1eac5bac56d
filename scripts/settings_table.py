"""`make docs`: writes docs/settings.md from the Settings of both services, so that it says what the code says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from core_service.settings import Settings as CoreSettings
from metadata_service.settings import Settings as MetadataSettings
from service_kit.settings import KitSettings

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "settings.md"
_HEAD: Final = """\
# Settings

Each is an environment variable, or a line in `.env` (`.env.example` is a start). Values that do not fit are refused at
start, in words. `make docs` writes this page from the code.
"""


def settings_document() -> str:
    """Write the whole page."""
    return "\n".join([_HEAD, *_section("core_service", CoreSettings), *_section("metadata_service", MetadataSettings)])


def variables(settings: type[KitSettings]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield each setting under the name of its environment variable."""
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in settings.model_fields.items():
        yield f"{prefix}{name.upper()}", field


def default_of(field: FieldInfo) -> str:
    """Spell the default as one would in the environment."""
    if isinstance(field.default, list):
        return ",".join(field.default)
    if isinstance(field.default, Path) and field.default.is_absolute():
        return str(field.default.relative_to(ROOT))
    return "" if field.default is None else str(field.default)


def _section(package: str, settings: type[KitSettings]) -> Iterator[str]:
    yield f"## {package}\n"
    yield "| Variable | Default | Meaning |"
    yield "| --- | --- | --- |"
    for name, field in variables(settings):
        default = default_of(field).replace(",", "`, `")
        yield f"| `{name}` | {f'`{default}`' if default else ''} | {field.description} |"
    yield ""


if __name__ == "__main__":
    DOCUMENT.write_text(settings_document(), encoding="utf-8")

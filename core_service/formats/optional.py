"""Decoders that an installation may lack: they are loaded when the first such file comes, and missed in words."""

import importlib
import importlib.util
from typing import Any

from core_service.errors import DecoderMissingError


def is_installed(package: str) -> bool:
    """Tell whether `package` is there, without loading it."""
    return importlib.util.find_spec(package) is not None


def load(module: str, distribution: str) -> Any:
    """Return the loaded `module`, or raise the error that says what to install."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise DecoderMissingError(
            f"This image needs a decoder that is not installed here: pip install {distribution}."
        ) from error

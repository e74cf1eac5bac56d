"""The version numbers that travel on the wire."""

from typing import Final

PRODUCT_VERSION: Final = "0.1.0"
"""Version of the running software; told by `GET /` of both services."""

RECIPE: Final = "hothash-1"
"""Name of the pixel recipe behind the hothash (docs/hothash.md). A change of any output byte is a new name."""

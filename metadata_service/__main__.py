"""`python -m metadata_service [serve|migrate]`."""

import argparse
import asyncio
import sys

from pydantic import ValidationError

from metadata_service import migrations
from metadata_service.app import create_app
from metadata_service.settings import Settings
from service_kit.logging import configure_logging
from service_kit.serve import serve


def main() -> None:
    """Read the settings, then do what was asked."""
    parser = argparse.ArgumentParser(prog="python -m metadata_service", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("serve", "migrate"), default="serve")
    command = parser.parse_args().command
    try:
        settings = Settings()
    except ValidationError as error:
        sys.exit("\n".join(item["msg"].removeprefix("Value error, ") for item in error.errors()))
    configure_logging("metadata", settings.log_level, settings.log_format)
    if command == "migrate":
        asyncio.run(migrations.upgrade(settings.database))
    else:
        serve(create_app(settings), settings, name="metadata_service", port_setting="METADATA_PORT")


if __name__ == "__main__":
    main()

"""`python -m metadata_service [serve|migrate|doctor [--repair]]`."""

import argparse
import asyncio
import sys

from metadata_service import migrations
from metadata_service.app import create_app
from metadata_service.db.engine import Database
from metadata_service.doctor import examine
from metadata_service.settings import Settings
from service_kit.logging import configure_logging
from service_kit.serve import serve
from service_kit.settings import read_settings


def main() -> None:
    """Read the settings, then do what was asked."""
    parser = argparse.ArgumentParser(prog="python -m metadata_service", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("serve", "migrate", "doctor"), default="serve")
    parser.add_argument("--repair", action="store_true", help="let the doctor make again what is wrong")
    asked = parser.parse_args()
    settings = read_settings(Settings)
    configure_logging("metadata", settings.log_level, settings.log_format)
    if asked.command == "migrate":
        asyncio.run(migrations.upgrade(settings.database))
    elif asked.command == "doctor":
        sys.exit(asyncio.run(_examine(settings, repair=asked.repair)))
    else:
        serve(create_app(settings), settings, name="metadata_service", port_setting="METADATA_PORT")


async def _examine(settings: Settings, *, repair: bool) -> int:
    """Print what is wrong; succeed, if nothing is or all of it was repaired."""
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    found = await examine(database, repair=repair)
    await database.close()
    print(*found, f"{len(found)} differences{', repaired' if found and repair else ''}.", sep="\n")  # noqa: T201
    return 1 if found and not repair else 0


if __name__ == "__main__":
    main()

"""Every command of the service: `python -m metadata_service --help` lists them."""

import argparse
import asyncio
import sys
from typing import Final

from metadata_service import migrations
from metadata_service.admin.command import NoSuchUserError, invite_somebody, make_admin
from metadata_service.app import create_app
from metadata_service.core_client import CoreClient, CoreUnavailableError
from metadata_service.corrections.naming import name_places
from metadata_service.db.engine import Database
from metadata_service.doctor import examine
from metadata_service.exports import commands as exports
from metadata_service.reparse.command import UnknownUserError, reparse
from metadata_service.settings import Settings
from metadata_service.upload_jobs.stages import Queue
from metadata_service.worker import work
from service_kit.logging import configure_logging
from service_kit.serve import serve
from service_kit.settings import read_settings

_COMMANDS: Final = ("serve", "worker", "migrate", "doctor", "reparse", "places", "invite", "make-admin")


def main() -> None:
    """Read the settings, then do what was asked."""
    if sys.argv[1:] and sys.argv[1] in exports.COMMANDS:
        sys.exit(exports.run(sys.argv[1:], lambda: read_settings(Settings), print))
    parser = argparse.ArgumentParser(prog="python -m metadata_service", description=__doc__)
    parser.add_argument("command", nargs="?", choices=_COMMANDS, default="serve")
    parser.add_argument("--repair", action="store_true", help="let the doctor make again what is wrong")
    parser.add_argument("--user", metavar="NAME", help="whose EXIF is read again; who is invited or administers")
    parser.add_argument("--apply", action="store_true", help="change what reading EXIF again would change")
    parser.add_argument("--anew", action="store_true", help="name all places, also those that have names")
    parser.add_argument(
        "--queue",
        action="append",
        choices=tuple(Queue),
        help="what a worker works on, once for each; all, if not named",
    )
    asked = parser.parse_args()
    settings = read_settings(Settings)
    configure_logging("metadata", settings.log_level, settings.log_format)
    if asked.command == "migrate":
        asyncio.run(migrations.upgrade(settings.database))
    elif asked.command == "worker":
        asyncio.run(work(settings, [Queue(name) for name in asked.queue or Queue]))
    elif asked.command == "reparse":
        sys.exit(asyncio.run(_reparse(settings, asked.user, apply=asked.apply)))
    elif asked.command == "places":
        asyncio.run(_places(settings, anew=asked.anew))
    elif asked.command in {"invite", "make-admin"}:
        sys.exit(asyncio.run(_account(settings, asked.command, asked.user)))
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


async def _account(settings: Settings, command: str, name: str | None) -> int:
    """Print an invite code, or make somebody an administrator; fail, if nobody has that name."""
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    try:
        if command == "invite":
            print(await invite_somebody(database, name))  # noqa: T201
        else:
            print(f"{await make_admin(database, name or '')} administers accounts now.")  # noqa: T201
    except NoSuchUserError as error:
        print(f"There is no user {error}. Name one with --user.")  # noqa: T201
        return 1
    finally:
        await database.close()
    return 0


async def _reparse(settings: Settings, username: str | None, *, apply: bool) -> int:
    """Read kept EXIF again; fail, if core_service is away: the next call goes on where this one was."""
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    core = CoreClient(settings.core_url, timeout_seconds=settings.core_timeout_seconds)
    try:
        await reparse(database, core, print, username=username, apply=apply)
    except CoreUnavailableError as error:
        print(error, "Start it, then call this again.")  # noqa: T201
        return 1
    except UnknownUserError as error:
        print(f"There is no user {error}.")  # noqa: T201
        return 1
    finally:
        await core.close()
        await database.close()
    return 0


async def _places(settings: Settings, *, anew: bool) -> None:
    """Say in words where photos were taken, of those that do not say it yet."""
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    named = await name_places(database, lambda seen, named: print(f"{seen} looked at, {named} named"), anew=anew)  # noqa: T201
    await database.close()
    print(f"{named} photos were named.")  # noqa: T201


if __name__ == "__main__":
    main()

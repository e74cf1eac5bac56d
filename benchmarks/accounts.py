"""What it costs to know who asks: `python -m benchmarks.accounts`, in processor time, whatever else is running."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from metadata_service.settings import Settings
from service_kit.logging import configure_logging
from tests.support.metadata import PASSWORD, MetadataService, Person, running_metadata

_ROUNDS: Final = 7
_REQUESTS: Final = 40


async def main() -> None:
    """Print a table."""
    configure_logging("bench", "warning", "human")
    with tempfile.TemporaryDirectory() as folder:
        async with running_metadata(Settings(data_dir=Path(folder), rate_limits=False)) as service:
            await _measure(service)


async def _measure(service: MetadataService) -> None:
    kari = await service.user("kari")
    await kari.keep(1, visibility="public")
    key = (await kari.post("users/me/api-keys", json={"name": "x", "scopes": ["photos:read"]})).json()["key"]
    robot, page, anyone = service.anyone(), service.anyone(), service.anyone()
    robot.headers["Authorization"] = f"Bearer {key}"
    await page.post("auth/login", json={"username": "kari", "password": PASSWORD})
    people = {"anonymous": anyone, "access token": kari, "cookie": page, "API key": robot}
    print("| GET photos?limit=1 as | ms of processor |\n|---|---|")
    times = await _in_turns({name: _looking(person) for name, person in people.items()})
    for name, values in times.items():
        print(f"| {name} | {statistics.median(values):.2f} |")
    print("\n| Signing in | ms of processor |\n|---|---|")
    bodies = {"right": ("kari", PASSWORD), "wrong password": ("kari", "wrong"), "unknown name": ("nobody", "wrong")}
    ways = {name: _login(anyone, *body) for name, body in bodies.items()}
    for name, values in (await _in_turns(ways, requests=2)).items():
        print(f"| {name} | {statistics.median(values):.1f} |")


def _looking(person: Person) -> Callable[[], Awaitable[Any]]:
    return lambda: person.get("photos?limit=1")


def _login(person: Person, name: str, password: str) -> Callable[[], Awaitable[Any]]:
    return lambda: person.post("auth/login", json={"username": name, "password": password})


async def _in_turns(ways: dict[str, Callable[[], Awaitable[Any]]], requests: int = _REQUESTS) -> dict[str, list[float]]:
    """Milliseconds of each way, measured in turns, so that what changes meanwhile changes all."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, ask in ways.items():
            await ask()
            started = time.process_time()
            for _ in range(requests):
                await ask()
            times[name].append((time.process_time() - started) * 1000 / requests)
    return times


if __name__ == "__main__":
    asyncio.run(main())

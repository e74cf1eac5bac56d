"""`make run`: starts both services, says where they are, and ends both when told to stop or when one of them ends."""

import asyncio
import os
import signal
import socket
import sys
from asyncio import Task
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx

from core_service.settings import Settings as CoreSettings
from metadata_service.settings import Settings as MetadataSettings
from service_kit.settings import KitSettings, read_settings

_LOCAL: Final = {"127.0.0.1", "0.0.0.0", "::1", "::"}  # noqa: S104  # compared with, not bound to


@dataclass(frozen=True)
class Service:
    """One of the two: its package, its settings, and the variables that tell it where the other one is."""

    package: str
    settings: KitSettings
    environment: Mapping[str, str]


def main() -> int:
    """Run until told to stop; return 1 when a service ended by itself."""
    core, metadata = read_settings(CoreSettings), read_settings(MetadataSettings)
    services = introduce(core, metadata)
    for service in services:
        _refuse_taken_port(service)
    return asyncio.run(_run(services, _welcome(core, metadata)))


def introduce(core: CoreSettings, metadata: MetadataSettings) -> list[Service]:
    """Tell each service the other's address, where the person has not."""
    pages = [address_of(metadata), f"http://127.0.0.1:{metadata.port}"]
    origins = ",".join(dict.fromkeys([*core.cors_origins, *pages]))
    return [
        Service("core_service", core, _unless_set(core, cors_origins=origins)),
        Service(
            "metadata_service",
            metadata,
            _unless_set(metadata, core_url=address_of(core), core_public_url=address_of(core)),
        ),
    ]


def address_of(settings: KitSettings) -> str:
    """Where this machine reaches a service with these settings."""
    return f"http://{'localhost' if settings.host in _LOCAL else settings.host}:{settings.port}"


def _unless_set(settings: KitSettings, **values: str) -> dict[str, str]:
    prefix = settings.model_config.get("env_prefix", "")
    return {f"{prefix}{name.upper()}": value for name, value in values.items() if name not in settings.model_fields_set}


def _refuse_taken_port(service: Service) -> None:
    """Look before starting, because whoever holds the port might answer in the service's stead."""
    setting = f"{service.settings.model_config.get('env_prefix')}PORT"
    address = (service.settings.host, service.settings.port)
    try:
        with socket.create_server(address, family=socket.AF_INET6 if ":" in address[0] else socket.AF_INET):
            pass
    except OSError as error:
        sys.exit(
            f"{service.package} cannot listen on {address[0]}:{address[1]} ({error.strerror}). Is ImaLink running "
            f"already? Stop what uses this port, or choose another one: `{setting}={address[1] + 100} make run`."
        )


def _welcome(core: CoreSettings, metadata: MetadataSettings) -> str:
    return (
        "\nImaLink is running.\n\n"
        f"  The page      {address_of(metadata)}/\n"
        f"  The two APIs  {address_of(metadata)}/docs  {address_of(core)}/docs\n"
        f"  The library   {metadata.data_dir.resolve()}\n\n"
        "Ctrl-C ends it; `make demo` in another terminal brings some photos.\n"
    )


async def _run(services: Sequence[Service], welcome: str) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    processes = [await _start(service) for service in services]
    try:
        return await _watch(services, processes, stop, welcome)
    finally:
        await asyncio.gather(*map(_end, services, processes))


async def _start(service: Service) -> Process:
    # A process group of its own: Ctrl-C in the terminal reaches us alone, and we end the services in good order.
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", service.package), env={**os.environ, **service.environment}, process_group=0
    )


async def _watch(services: Sequence[Service], processes: Sequence[Process], stop: asyncio.Event, welcome: str) -> int:
    told: Task[bool] = asyncio.create_task(stop.wait())
    ends: list[Task[int]] = [asyncio.create_task(process.wait()) for process in processes]
    ready: Task[None] = asyncio.create_task(_wait_until_ready(services))
    await asyncio.wait([told, ready, *ends], return_when=asyncio.FIRST_COMPLETED)
    if ready.done():
        print(welcome, flush=True)
        await asyncio.wait([told, *ends], return_when=asyncio.FIRST_COMPLETED)
    if told.done():
        print("\nEnding both services …", flush=True)
        return 0
    for service, end in zip(services, ends, strict=True):
        if end.done():
            print(f"\n{service.package} ended by itself ({_cause(end.result())}).", file=sys.stderr)
    return 1


def _cause(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"


async def _wait_until_ready(services: Sequence[Service]) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for service in services:
            while not await _is_ready(client, address_of(service.settings)):  # noqa: ASYNC110  # it can only be asked
                await asyncio.sleep(0.1)


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/ready", timeout=2)).is_success
    except httpx.TransportError:
        return False


async def _end(service: Service, process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), service.settings.shutdown_seconds + 5)
    with suppress(ProcessLookupError):  # whatever of its group is left
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


if __name__ == "__main__":
    sys.exit(main())

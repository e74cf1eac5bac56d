"""Runs a service until it is told to stop, and says in one sentence why it cannot."""

import socket
import sys
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from service_kit.protocol import GuardedProtocol
from service_kit.settings import KitSettings


def serve(app: ASGIApp, settings: KitSettings, *, name: str, port_setting: str) -> None:
    """Listen on `settings.host:port`; SIGINT or SIGTERM lets requests under way finish. Exits 1 if it cannot listen."""
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        sys.exit(
            f"{name} cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            f"Stop the program that uses this port, or set {port_setting} to another number."
        )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        http=GuardedProtocol,
        forwarded_allow_ips=settings.trusted_proxies,
        lifespan="on",
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    with suppress(KeyboardInterrupt):  # uvicorn has ended in good order, and raises Ctrl-C once more
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    return listener

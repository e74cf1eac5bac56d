"""`make demo`: sends sample photos through both running services, as any client would, and says where to see them."""

import sys
from typing import Final

import httpx
from rich.console import Console
from rich.progress import track

from core_service.settings import Settings as CoreSettings
from metadata_service.settings import Settings as MetadataSettings
from scripts.run import address_of
from scripts.sample_photos import SHOTS, Shot, take
from service_kit.settings import read_settings

USERNAME: Final = "demo"
PASSWORD: Final = "imalink-demo"  # noqa: S105  # printed for whoever wants to look


def main() -> int:
    """Send every sample; return 1, having said why, when that did not work."""
    console = Console(highlight=False)
    addresses = address_of(read_settings(CoreSettings)), address_of(read_settings(MetadataSettings))
    try:
        with _client(addresses[0]) as core, _client(addresses[1]) as metadata:
            _sign_in(metadata)
            known = sum(_send(shot, core, metadata) for shot in track(SHOTS, "Sending sample photos", console=console))
    except httpx.TransportError as error:
        console.print(f"{error.request.url.copy_with(path='/')} does not answer: run `make run` in another terminal.")
        return 1
    except httpx.HTTPStatusError as error:
        console.print(f"{error.request.url} refused: {error.response.json()['detail']}")
        return 1
    console.print(f"{len(SHOTS) - known} photos added, {known} were already there.")
    console.print(f"See them at {addresses[1]}/ as user [bold]{USERNAME}[/] with the password [bold]{PASSWORD}[/].")
    return 0


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=60, trust_env=False)


def _sign_in(metadata: httpx.Client) -> None:
    person = {"username": USERNAME, "email": "demo@example.org", "password": PASSWORD, "display_name": "Demo"}
    made = metadata.post("/api/v1/auth/register", json=person)
    if made.status_code != httpx.codes.CONFLICT:  # it is there from the last time
        made.raise_for_status()
    answer = metadata.post("/api/v1/auth/login", json={"username": USERNAME, "password": PASSWORD}).raise_for_status()
    metadata.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _send(shot: Shot, core: httpx.Client, metadata: httpx.Client) -> bool:
    """Image to core_service, its egg to metadata_service; tell whether the photo was already there."""
    image = {"file": (shot.filename, take(shot), "image/jpeg")}
    egg = core.post("/v1/process", files=image, data={"coldpreview_size": "1920"}).raise_for_status().json()
    kept = metadata.post("/api/v1/photos/photoegg", json={"photo_egg": egg}).raise_for_status().json()
    known: bool = kept["is_duplicate"]
    return known


if __name__ == "__main__":
    sys.exit(main())

"""Three photographs, read by the real core_service and explained: `python -m benchmarks.provenance`."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import piexif

from metadata_service.settings import Settings
from tests.support.core import CoreClient, running_core
from tests.support.metadata import Person, running_metadata
from tests.support.photos import OSLO, camera_exif, camera_jpeg

_SHOWN = 64


def _phone() -> bytes:
    """A phone that lost its date of capture, but knows the time from GPS and no offset."""
    exif = piexif.load(camera_exif(taken_at="0000:00:00 00:00:00", offset=None, make="Apple", model="iPhone 15"))
    exif["Exif"][piexif.ExifIFD.DateTimeDigitized] = b"2024:06:01 12:00:20"
    exif["GPS"][piexif.GPSIFD.GPSDateStamp] = b"2024:06:01"
    exif["GPS"][piexif.GPSIFD.GPSTimeStamp] = ((10, 1), (0, 1), (5, 1))
    written: bytes = piexif.dump(exif)
    return written


def _scanner() -> bytes:
    """A scanner knows its own name, and when it wrote the file."""
    zeroth = {
        piexif.ImageIFD.Make: b"EPSON",
        piexif.ImageIFD.Model: b"Perfection V600",
        piexif.ImageIFD.DateTime: b"2025:01:01 00:00:00",
    }
    written: bytes = piexif.dump({"0th": zeroth})
    return written


async def _keep(core: CoreClient, person: Person, exif: bytes, seed: int) -> int:
    laid = await core.egg(camera_jpeg(exif=exif, width=1200, height=900, seed=seed), f"IMG_{seed:04}.JPG")
    photo_id: int = (await person.post("photos/photoegg", json=laid)).json()["id"]
    return photo_id


async def _show(person: Person, title: str, photo_id: int) -> None:
    told = (await person.get(f"photos/{photo_id}/provenance")).json()
    print(f"\n### {title}\n\n| | Source | As it stands there | Understood as | Used | Why |")
    print("|---|---|---|---|---|---|")
    for name in ("time", "offset", "place", "camera", "size"):
        for item in told[name]:
            used = "yes" if item["used"] else "no"
            cells = (name, f"`{item['source']}`", _cell(item["raw"]), _cell(item["value"]), used, item["why"])
            print("|", " | ".join(cells), "|")


def _cell(value: Any) -> str:
    text = ", ".join(f"{name} {part}" for name, part in value.items()) if isinstance(value, dict) else str(value)
    return "" if value is None else text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")


async def main() -> None:
    """Lay three eggs, keep them, correct one, and ask why."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        async with running_core(processes=1) as core, running_metadata(settings) as service:
            kari = await service.user("kari")
            camera = await _keep(core, kari, camera_exif(orientation=6, place=OSLO), 1)
            phone = await _keep(core, kari, _phone(), 2)
            scan = await _keep(core, kari, _scanner(), 3)
            said = {"taken_at": "1985-07-01T00:00:00", "gps_latitude": 69.65, "gps_longitude": 18.96}
            reason = {"correction_reason": "written on the back"}
            await kari.patch(f"photos/{scan}/timeloc-correction", json=said | reason)
            await _show(kari, "A camera's photo, edited later", camera)
            await _show(kari, "A phone's photo without a date of capture", phone)
            await _show(kari, "A scanned print, corrected by hand", scan)


if __name__ == "__main__":
    asyncio.run(main())

"""Folders as photographers have them: every kind of file, pairs, copies, torn files, and what is no photo at all."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from tests.support.dng import dng
from tests.support.photos import camera_exif, encode, scene

_SIZE: Final = (320, 240)


@dataclass(frozen=True)
class Contents:
    """What an import of a folder should come to."""

    photos: int  # new in an empty library
    joined: int  # raw files that belong to a JPEG's photo, or the other way round
    copies: int
    torn: int
    ignored: int

    @property
    def files(self) -> int:
        """Those that look like photos."""
        return self.photos + self.joined + self.copies + self.torn


def mixed_folder(folder: Path) -> Contents:
    """Fill `folder` with 60 files to import, two of them torn, and five to leave alone."""
    (folder / "2024" / "Lofoten").mkdir(parents=True)
    (folder / "card").mkdir()
    for number in range(30):
        _jpeg(folder / "2024" / f"IMG_{number + 1:04}.JPG", seed=number + 1)
    for number in range(8):
        (folder / "2024" / "Lofoten" / f"IMG_{number}.HEIC").write_bytes(encode(_view(40 + number), "HEIF", quality=80))
        (folder / f"scan {number}.png").write_bytes(encode(_view(50 + number), "PNG"))
    for number in range(4):
        _pair(folder / "card" / f"L100{number}", seed=60 + number)
        shutil.copy(folder / "2024" / f"IMG_{number + 1:04}.JPG", folder / "card" / f"copy of {number}.jpg")
    torn = encode(_view(70), "JPEG", quality=80)
    (folder / "torn.jpg").write_bytes(torn[: len(torn) // 8])
    (folder / "no image.jpg").write_text("This was a picture once.")
    return Contents(photos=50, joined=4, copies=4, torn=2, ignored=_litter(folder))


def tiny_folder(folder: Path, count: int) -> None:
    """Fill `folder` with so many different small JPEGs, a thousand to a subfolder."""
    dice = random.Random(7)
    for number in range(count):
        into = folder / f"{number // 1000:03}"
        into.mkdir(parents=True, exist_ok=True)
        blobs = Image.frombytes("RGB", (8, 6), dice.randbytes(144)).resize((64, 48))
        (into / f"{number:06}.jpg").write_bytes(encode(blobs, "JPEG", quality=80))


def _view(number: int) -> Image.Image:
    """One of many different pictures, painted quickly: the same place from another window."""
    return ImageChops.offset(scene(*_SIZE), 13 * number, 29 * number)


def _jpeg(path: Path, seed: int) -> None:
    exif = camera_exif(taken_at=f"2024:{1 + seed % 12:02}:{1 + seed % 28:02} 14:55:{seed:02}")
    path.write_bytes(encode(_view(seed), "JPEG", quality=80, exif=exif))


def _pair(stem: Path, seed: int) -> None:
    """A raw file and its JPEG: one folder, one name, one camera, one second apart."""
    photo = _view(seed)
    stem.with_suffix(".DNG").write_bytes(dng(photo))
    exif = camera_exif(taken_at="2025:01:01 00:00:01", offset=None, make="Leica Camera AG", model="M10")
    stem.with_suffix(".JPG").write_bytes(encode(photo, "JPEG", quality=80, exif=exif))


def _litter(folder: Path) -> int:
    """Films and settings are told of; what systems write beside photos is not even that."""
    (folder / "2024" / "MVI_0001.MOV").write_bytes(b"\0\0\0\x14ftypqt  ")
    (folder / "card" / "L1000.xmp").write_text("<x:xmpmeta/>")
    (folder / "notes.txt").write_text("Lofoten, in the rain.")
    (folder / "2024" / "._IMG_0001.JPG").write_bytes(b"\0\5\x16\7")
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "@eaDir").mkdir()
    (folder / "@eaDir" / "IMG_0001.JPG").write_bytes(b"a preview of somebody else's")
    return 3

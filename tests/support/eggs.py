"""Eggs for tests of metadata_service alone: honest ones, with a real hotpreview whose hothash fits."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw

from shared_schemas.hothash import hothash_of


def jpeg(seed: int = 1, *, size: tuple[int, int] = (150, 100), **options: Any) -> bytes:
    """Draw a small picture that no other seed draws."""
    picture = Image.new("RGB", size, (seed % 251, seed // 251 % 241, 90))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((4, 4, size[0] // 2, size[1] - 4), fill=(255 - seed % 199, seed % 173, 200))
    for bit in range(24):  # the number itself, so that no two pictures are alike
        draw.rectangle((bit * 6, 0, bit * 6 + 5, 7), fill="white" if seed >> bit & 1 else "black")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85, **options)
    return file.getvalue()


def egg(seed: int = 1, **changes: Any) -> dict[str, Any]:
    """Lay the JSON that core_service would; `changes` replace fields, a dict for `metadata` is merged into it."""
    hotpreview = changes.pop("hotpreview", None) or jpeg(seed)
    coldpreview = changes.pop("coldpreview", None)
    metadata = {
        "taken_at": f"2024-04-{1 + seed % 28:02}T14:55:20",
        "taken_at_offset": "+02:00",
        "taken_at_source": "EXIF:DateTimeOriginal",
        "camera_make": "Canon",
        "camera_model": "EOS R5",
        "gps_latitude": 59.9139,
        "gps_longitude": 10.7522,
        "iso": 400,
        "exposure_time": "1/250",
    } | changes.pop("metadata", {})
    return {
        "hothash": hothash_of(hotpreview),
        "hotpreview_base64": base64.b64encode(hotpreview).decode(),
        "coldpreview_base64": base64.b64encode(coldpreview).decode() if coldpreview else None,
        "width": 6000,
        "height": 4000,
        "metadata": metadata,
        "exif_dict": {"EXIF": {"Make": "Canon"}},
        "is_valid_image": True,
        "image_format": "JPEG",
        "file_size_bytes": 2_485_760,
        "primary_filename": f"IMG_{seed:04}.JPG",
        "file_sha256": f"{seed:064x}",
        "perceptual_hash": f"{2**64 - seed:016x}",
        "recipe": "hothash-1",
    } | changes

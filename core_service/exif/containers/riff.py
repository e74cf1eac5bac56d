"""WebP: the EXIF and XMP chunks of its RIFF container (WebP Container Specification)."""

from core_service.exif.blocks import Blocks


def find_in_webp(view: memoryview, blocks: Blocks) -> None:
    """Collect the `EXIF` and `XMP ` chunks."""
    at = 12
    while blocks.look():
        kind = bytes(view[at : at + 4])
        if len(kind) < 4:
            return
        length = int.from_bytes(view[at + 4 : at + 8], "little")
        body = view[at + 8 : at + 8 + length]
        if kind == b"EXIF":
            blocks.add_tiff(body)
        elif kind == b"XMP ":
            blocks.add_xmp(body)
        at += 8 + length + (length & 1)

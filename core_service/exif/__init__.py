"""The metadata of an image file: EXIF, XMP, IPTC and maker notes, read without decoding the picture."""

from core_service.exif.reading import ExifReading, read_exif

__all__ = ["ExifReading", "read_exif"]

"""Maker notes: what a camera writes besides EXIF, where it is small, well known and adds something.

No standard describes them. The layouts and tags here are those that the exiftool project documents. What is not named
is left in the note, of which `EXIF:MakerNote` tells length and digest.
"""

from core_service.exif.makernotes.reading import read_canon_directory, read_maker_note

__all__ = ["read_canon_directory", "read_maker_note"]

"""Kept EXIF read again by a better reader: what would change first, then the change; what people said always wins."""

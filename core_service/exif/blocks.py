"""What the containers hand over: the metadata blocks of one file, found but not yet read."""

from dataclasses import dataclass, field

from core_service.exif.bounds import MAX_BLOCKS, MAX_NAME, MAX_SEGMENTS, MAX_TEXT_BYTES, MAX_TEXTS, MAX_UNPACKED_BYTES
from core_service.exif.fields import Ifd
from core_service.exif.text import clean, decode_text


@dataclass(frozen=True, slots=True)
class TiffBlock:
    """A TIFF structure; `root` names its first directory (CR3 keeps every directory in a block of its own)."""

    view: memoryview
    root: str = "IFD0"


@dataclass(slots=True)
class Blocks:
    """The metadata blocks of one file, the ones to be believed first come first."""

    tiff: list[TiffBlock] = field(default_factory=list)
    ifds: list[Ifd] = field(default_factory=list)
    """Directories that no TIFF structure holds, made of what a format of its own says."""
    xmp: list[bytes | memoryview] = field(default_factory=list)
    iptc: list[bytes | memoryview] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """Free texts of the container itself by keyword: PNG text chunks, the comment of a JPEG."""
    segments: int = MAX_SEGMENTS
    """How many more segments, chunks or boxes of the file may be looked at."""
    unpackable: int = MAX_UNPACKED_BYTES
    """How many more bytes compressed or encoded blocks may grow to."""

    def look(self) -> bool:
        """Pay for looking at one more segment; false when it is enough."""
        self.segments -= 1
        return self.segments >= 0

    def pay_unpacked(self, size: int) -> None:
        """Pay for `size` bytes that a block has grown to."""
        self.unpackable = max(0, self.unpackable - size)

    def add_tiff(self, view: memoryview, root: str = "IFD0") -> None:
        """Add a TIFF structure; the `Exif\\0\\0` in front of it, where there is one, is taken off."""
        if bytes(view[:4]) == b"Exif":
            view = view[6:]
        if len(self.tiff) < MAX_BLOCKS:
            self.tiff.append(TiffBlock(view, root))

    def add_prefixed_tiff(self, payload: memoryview) -> None:
        """Add an Exif item or box: four bytes say how many more stand before the TIFF header (23008-12, A.2.1)."""
        self.add_tiff(payload[4 + int.from_bytes(payload[:4], "big") :])

    def add_xmp(self, packet: bytes | memoryview) -> None:
        """Add an XMP packet."""
        if len(packet) and len(self.xmp) < MAX_BLOCKS:
            self.xmp.append(packet)

    def add_iptc(self, stream: bytes | memoryview) -> None:
        """Add a stream of IPTC datasets."""
        if len(self.iptc) < MAX_BLOCKS:
            self.iptc.append(stream)

    def add_text(self, keyword: str, raw: bytes | memoryview) -> None:
        """Add a free text of unknown encoding, unless it is too long, or is there already, or cannot be read."""
        name = clean(keyword)
        if not 0 < len(name) <= MAX_NAME or name in self.texts:
            return
        if len(raw) > MAX_TEXT_BYTES or len(self.texts) >= MAX_TEXTS:
            return
        if text := decode_text(bytes(raw).rstrip(b"\0")):
            self.texts[name] = text

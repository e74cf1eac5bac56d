"""What the containers hand over: the metadata blocks of one file, found but not yet read."""

from dataclasses import dataclass, field

from core_service.exif.bounds import MAX_BLOCKS


@dataclass(frozen=True, slots=True)
class TiffBlock:
    """A TIFF structure; `root` names its first directory (CR3 keeps every directory in a block of its own)."""

    view: memoryview
    root: str = "IFD0"


@dataclass(slots=True)
class Blocks:
    """The metadata blocks of one file, the ones to be believed first come first."""

    tiff: list[TiffBlock] = field(default_factory=list)
    xmp: list[bytes | memoryview] = field(default_factory=list)
    iptc: list[bytes | memoryview] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """Free texts of the container itself by keyword: PNG text chunks, comments of JPEG and GIF."""

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

    def add_text(self, keyword: str, text: str | None) -> None:
        """Add a free text; the first of a keyword stays."""
        if keyword and text and len(self.texts) < MAX_BLOCKS:
            self.texts.setdefault(keyword, text)

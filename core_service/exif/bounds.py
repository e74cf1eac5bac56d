"""How much of a file the metadata readers are willing to look at, and the purse that they all pay from.

A hostile file may claim any count, point anywhere and nest without end. Every reader pays from one `Budget` per file,
so the work is bounded by these numbers whatever the file says.
"""

from dataclasses import dataclass
from typing import Final

MAX_IFDS: Final = 48
"""Directories followed in one file. A RAW file with previews and maker notes has about 12."""

MAX_IFD_ENTRIES: Final = 1024
"""Entries read of one directory. The largest seen in camera files (maker notes) have about 250."""

MAX_TAGS: Final = 4096
"""Tags kept of one file, all groups together."""

MAX_NUMBERS: Final = 64
"""Numbers of one tag that are listed. Longer arrays (strip offsets, curves) are told as length and digest."""

MAX_TEXT_BYTES: Final = 16_384
"""Length of one text that is told. A longer one is told as length and digest."""

MAX_NAME: Final = 255
"""Length of the name of a tag; what has a longer one is left out."""

MAX_OUTPUT_BYTES: Final = 512 * 1024
"""Text of one file that is told, all tags together, and the names of XMP structures."""

MAX_DIGESTED_BYTES: Final = 16 * 1024 * 1024
"""Binary of one file that is digested, all tags together; beyond it only the length is told."""

MAX_BLOCK_BYTES: Final = 4 * 1024 * 1024
"""Size of one XMP packet, or of what one compressed block may grow to."""

MAX_BLOCKS: Final = 16
"""Metadata blocks of each kind (EXIF, XMP, IPTC) read of one file."""

MAX_TEXTS: Final = 64
"""Free texts of the container itself read of one file."""

MAX_UNPACKED_BYTES: Final = 16 * 1024 * 1024
"""What all compressed or encoded blocks of one file may grow to together."""

MAX_XML_BYTES: Final = 8 * 1024 * 1024
"""XMP of one file, all packets together."""

MAX_XML_NODES: Final = 20_000
"""Elements and attributes read of one file's XMP, all packets together."""

MAX_XML_DEPTH: Final = 24
"""Elements nested in one another in an XMP packet; the deepest in use (edit history with structures) need 12."""

MAX_SEGMENTS: Final = 65_536
"""Segments, chunks or boxes looked at in one file, metadata or not, at all levels together.

A PNG of 400 MB in pieces of 8 KiB has 50,000, and its metadata may stand behind them.
"""


@dataclass(slots=True)
class Budget:
    """What is left to spend on one file."""

    ifds: int = MAX_IFDS
    tags: int = MAX_TAGS
    output: int = MAX_OUTPUT_BYTES
    digested: int = MAX_DIGESTED_BYTES
    xml: int = MAX_XML_BYTES
    xml_nodes: int = MAX_XML_NODES

    def pay_ifd(self) -> bool:
        """Pay for one directory; false when there is nothing left."""
        self.ifds -= 1
        return self.ifds >= 0

    def pay_tag(self) -> bool:
        """Pay for one tag; false when there is nothing left."""
        self.tags -= 1
        return self.tags >= 0

    def pay_output(self, size: int) -> bool:
        """Pay for `size` bytes of text in the answer; false, and nothing paid, when it is too much."""
        if size > min(MAX_TEXT_BYTES, self.output):
            return False
        self.output -= size
        return True

    def pay_xml(self, size: int) -> bool:
        """Pay for parsing `size` bytes of XML; false, and nothing paid, when it is too much."""
        if size > min(MAX_BLOCK_BYTES, self.xml):
            return False
        self.xml -= size
        return True

    def pay_xml_nodes(self, count: int) -> bool:
        """Pay for `count` elements and attributes; false when there is nothing left."""
        self.xml_nodes -= count
        return self.xml_nodes >= 0

    def pay_digest(self, size: int) -> bool:
        """Pay for digesting `size` bytes; false, and nothing paid, when it is too much."""
        if size > self.digested:
            return False
        self.digested -= size
        return True

"""XML to a small tree of nodes, within bounds and without entities, for XMP packets of unknown origin."""

from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from core_service.exif.bounds import MAX_XML_DEPTH, Budget

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_PREFIXES: Final = {
    _RDF: "rdf",
    _XML: "xml",
    "adobe:ns:meta/": "x",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
}
"""Namespaces by the prefix that their specification gives them."""


@dataclass(slots=True)
class Node:
    name: str
    attributes: dict[str, str]
    children: "list[Node]" = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class StoppedError(Exception):
    """The packet holds more than we are willing to read, or something that XMP forbids."""


class Tree:
    """Builds nodes from expat's calls, within bounds."""

    def __init__(self, budget: Budget) -> None:
        self.root = Node("", {})
        self._open = [self.root]
        self._budget = budget
        self._prefixes = dict(_PREFIXES)
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, packet: str) -> None:
        """Parse the whole packet; raise `StoppedError` or `ExpatError`, what was read until then is kept."""
        self._parser.Parse(packet, True)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri is not None:
            self._prefixes.setdefault(uri, prefix or "")

    def _doctype(self, *_: Any) -> None:
        self.root.children.clear()
        raise StoppedError

    def _name(self, expanded: str) -> str:
        uri, _, local = expanded.rpartition(" ")
        prefix = self._prefixes.get(uri)
        return f"{prefix}:{local}" if prefix else local

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > MAX_XML_DEPTH or not self._budget.pay_xml_nodes(1 + len(attributes)):
            raise StoppedError
        node = Node(self._name(name), {self._name(key): value for key, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].text.append(text)

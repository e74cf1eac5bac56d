"""XMP packets: RDF/XML to names and values (XMP part 1, ISO 16684-1, clause 7).

A name is the prefix that the XMP specification gives to the namespace, whatever the packet calls it, and the property:
`dc:title`. Arrays become lists, structures objects; of language alternatives the default stands under the name itself
and the others under `dc:title-de`. A document type declaration, and with it every entity of its own, is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from core_service.exif.bounds import MAX_BLOCK_BYTES, MAX_XML_DEPTH, MAX_XML_NODES, Budget
from core_service.exif.groups import Groups
from core_service.exif.notes import Notes
from core_service.exif.text import clean
from core_service.exif.values import digest

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
_ARRAYS: Final = frozenset({"rdf:Bag", "rdf:Seq", "rdf:Alt"})
_NOT_PROPERTIES: Final = frozenset({"rdf", "xml", "x"})


@dataclass(slots=True)
class _Node:
    name: str
    attributes: dict[str, str]
    children: "list[_Node]" = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _StoppedError(Exception):
    """The packet holds more than we are willing to read, or something that XMP forbids."""


class _Tree:
    """Builds nodes from expat's calls, within bounds."""

    def __init__(self) -> None:
        self.root = _Node("", {})
        self._open = [self.root]
        self._nodes = 0
        self._prefixes = dict(_PREFIXES)
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, packet: bytes) -> None:
        """Parse the whole packet; raise `_StoppedError` or `ExpatError`, what was read until then is kept."""
        self._parser.Parse(packet, True)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri is not None:
            self._prefixes.setdefault(uri, prefix or "")

    def _doctype(self, *_: Any) -> None:
        self.root.children.clear()
        raise _StoppedError

    def _name(self, expanded: str) -> str:
        uri, _, local = expanded.rpartition(" ")
        prefix = self._prefixes.get(uri)
        return f"{prefix}:{local}" if prefix else local

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1 + len(attributes)
        if self._nodes > MAX_XML_NODES or len(self._open) > MAX_XML_DEPTH:
            raise _StoppedError
        node = _Node(self._name(name), {self._name(key): value for key, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].text.append(text)


def read_xmp(packet: bytes | memoryview, groups: Groups, budget: Budget, notes: Notes) -> None:
    """Add the properties of a packet to the group `XMP`; of a broken packet those before the fault."""
    tree = _Tree()
    try:
        tree.feed(bytes(packet[:MAX_BLOCK_BYTES]).strip(b"\0 \r\n\t"))
    except (_StoppedError, expat.ExpatError, ValueError):  # ValueError: an encoding that expat does not know
        notes.warn("xmp-invalid", "The XMP packet is broken or too large; it was read as far as possible.")
    for description in _descriptions(tree.root):
        for name, value in _properties(description):
            for full_name, plain in _languages(name, value):
                if budget.pay_tag():
                    groups.add("XMP", full_name, _within(plain, budget))


def _descriptions(node: _Node) -> Iterator[_Node]:
    """Yield the rdf:Description elements right under rdf:RDF, wherever that is."""
    for child in node.children:
        if child.name == "rdf:RDF":
            yield from child.children
        else:
            yield from _descriptions(child)


def _properties(node: _Node) -> Iterator[tuple[str, Any]]:
    """Yield name and value of the properties of a structure: attributes are the short form of simple ones."""
    for name, text in node.attributes.items():
        if name.partition(":")[0] not in _NOT_PROPERTIES:
            yield name, clean(text)
    for child in node.children:
        yield child.name, _value(child)


def _value(node: _Node) -> Any:
    if "rdf:resource" in node.attributes:
        return clean(node.attributes["rdf:resource"])
    for child in node.children:
        if child.name in _ARRAYS:
            return _array(child)
        if child.name == "rdf:value":  # the rest are qualifiers
            return _value(child)
        if child.name == "rdf:Description":
            return dict(_properties(child))
    structure = dict(_properties(node))
    return structure or clean("".join(node.text))


def _array(node: _Node) -> Any:
    if node.name == "rdf:Alt" and any("xml:lang" in item.attributes for item in node.children):
        return _Alternatives((item.attributes.get("xml:lang", "x-default"), _value(item)) for item in node.children)
    return [_value(item) for item in node.children]


class _Alternatives(dict[str, Any]):
    """One text in several languages, by language."""


def _languages(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, _Alternatives):
        yield name, value
        return
    default = "x-default" if "x-default" in value else next(iter(value), None)
    for language, text in value.items():
        yield (name if language == default else f"{name}-{language}"), text


def _within(value: Any, budget: Budget) -> Any:
    """Return `value` with every text paid for, or told as length and digest."""
    if isinstance(value, dict):
        return {clean(name): _within(item, budget) for name, item in value.items()}
    if isinstance(value, list):
        return [_within(item, budget) for item in value]
    return value if budget.pay_output(len(value)) else digest(value.encode(), budget)

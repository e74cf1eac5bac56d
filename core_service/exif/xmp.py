"""XMP packets: RDF/XML to names and values (XMP part 1, ISO 16684-1, clause 7).

A name is the prefix that the XMP specification gives to the namespace, whatever the packet calls it, and the property:
`dc:title`. Arrays become lists, structures objects; of language alternatives the default stands under the name itself
and the others under `dc:title-de`. A document type declaration, and with it every entity of its own, is refused.
"""

from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

from core_service.exif.bounds import MAX_NAME, Budget
from core_service.exif.groups import Groups
from core_service.exif.notes import Notes
from core_service.exif.text import clean
from core_service.exif.values import digest
from core_service.exif.xml_tree import Node, StoppedError, Tree

_ARRAYS: Final = frozenset({"rdf:Bag", "rdf:Seq", "rdf:Alt"})
_NOT_PROPERTIES: Final = frozenset({"", "rdf", "xml", "x"})
"""Prefixes of attributes that belong to RDF and XML themselves; old packets write RDF's without one."""
_UTF16: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
"""Encoding by the first two bytes of a packet."""


def read_xmp(packet: bytes | memoryview, groups: Groups, budget: Budget, notes: Notes) -> None:
    """Add the properties of a packet to the group `XMP`; of a broken packet those before the fault."""
    tree = Tree(budget)
    try:
        if not budget.pay_xml(len(packet)):
            raise StoppedError
        tree.feed(_decoded(bytes(packet)))
    except (StoppedError, expat.ExpatError):
        notes.warn("xmp-invalid", "The XMP packet is broken or too large; it was read as far as possible.")
    for description in _descriptions(tree.root):
        for name, value in _properties(description):
            for full_name, plain in _languages(name, value):
                if len(full_name) <= MAX_NAME and budget.pay_tag():
                    groups.add("XMP", full_name, _within(plain, budget))


def _decoded(packet: bytes) -> str:
    """Packets are UTF-8, rarely UTF-16. The declared encoding is not asked: expat would look it up among Python's."""
    return packet.decode(_UTF16.get(packet[:2], "utf-8"), "ignore").strip("\0 \r\n\t\ufeff")


def _descriptions(node: Node) -> Iterator[Node]:
    """Yield the rdf:Description elements right under rdf:RDF, wherever that is."""
    for child in node.children:
        if child.name == "rdf:RDF":
            yield from child.children
        else:
            yield from _descriptions(child)


def _properties(node: Node) -> Iterator[tuple[str, Any]]:
    """Yield name and value of the properties of a structure: attributes are the short form of simple ones."""
    for name, text in node.attributes.items():
        if name.rpartition(":")[0] not in _NOT_PROPERTIES:
            yield name, clean(text)
    for child in node.children:
        yield child.name, _value(child)


def _value(node: Node) -> Any:
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


def _array(node: Node) -> Any:
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


def _affords(name: str, budget: Budget) -> bool:
    return len(name) <= MAX_NAME and budget.pay_output(len(name))


def _within(value: Any, budget: Budget) -> Any:
    """Return `value` with every text paid for, or told as length and digest."""
    if isinstance(value, dict):
        return {name: _within(item, budget) for name, item in value.items() if _affords(name, budget)}
    if isinstance(value, list):
        return [_within(item, budget) for item in value]
    return value if budget.pay_output(len(value)) else digest(value.encode(), budget)

"""XMP packets: every way RDF has to say the same, and what must be refused."""

from typing import Any

import pytest

from core_service.exif.bounds import MAX_TEXT_BYTES, MAX_XML_DEPTH, MAX_XML_NODES, Budget
from core_service.exif.groups import Groups
from core_service.exif.notes import Notes
from core_service.exif.xmp import read_xmp

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
        "shop": "http://example.org/shop/",
    }.items()
)


TWO_LANGUAGES = """<dc:title><rdf:Alt>
    <rdf:li xml:lang="de">Förde</rdf:li><rdf:li xml:lang="x-default">Fjord</rdf:li>
</rdf:Alt></dc:title>"""


def packet(properties: str = "", attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {_NAMESPACES}><rdf:Description rdf:about="" {attributes}>{properties}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def read(xmp: bytes) -> tuple[dict[str, Any], set[str]]:
    groups, notes = Groups(), Notes()
    read_xmp(xmp, groups, Budget(), notes)
    return groups.by_name.get("XMP", {}), set(notes.by_code)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("<xmp:Rating>4</xmp:Rating>", {"xmp:Rating": "4"}),
        ("<xmp:Label>\n  Red \n</xmp:Label>", {"xmp:Label": "Red"}),
        ("<xmp:Label/>", {"xmp:Label": ""}),
        ("<xmp:Label>a &amp; b &#230;</xmp:Label>", {"xmp:Label": "a & b æ"}),
        ('<xmp:BaseURL rdf:resource="http://example.org/"/>', {"xmp:BaseURL": "http://example.org/"}),
        (
            "<dc:subject><rdf:Bag><rdf:li>fjord</rdf:li><rdf:li>boat</rdf:li></rdf:Bag></dc:subject>",
            {"dc:subject": ["fjord", "boat"]},
        ),
        ("<dc:creator><rdf:Seq><rdf:li>Kari</rdf:li></rdf:Seq></dc:creator>", {"dc:creator": ["Kari"]}),
        (TWO_LANGUAGES, {"dc:title": "Fjord", "dc:title-de": "Förde"}),
        ('<dc:title><rdf:Alt><rdf:li xml:lang="nb">Fjord</rdf:li></rdf:Alt></dc:title>', {"dc:title": "Fjord"}),
        (
            '<xmpMM:DerivedFrom rdf:parseType="Resource"><xmp:Label>a</xmp:Label></xmpMM:DerivedFrom>',
            {"xmpMM:DerivedFrom": {"xmp:Label": "a"}},
        ),
        ('<xmpMM:DerivedFrom xmp:Label="a"/>', {"xmpMM:DerivedFrom": {"xmp:Label": "a"}}),
        (
            '<xmpMM:History><rdf:Seq><rdf:li><rdf:Description xmp:Label="a"/></rdf:li></rdf:Seq></xmpMM:History>',
            {"xmpMM:History": [{"xmp:Label": "a"}]},
        ),
        (
            '<xmp:Label rdf:parseType="Resource"><rdf:value>Red</rdf:value><xmp:Rating>1</xmp:Rating></xmp:Label>',
            {"xmp:Label": "Red"},
        ),
        ("<shop:price>12</shop:price>", {"shop:price": "12"}),
        ("<xmp:Label>first</xmp:Label><xmp:Label>second</xmp:Label>", {"xmp:Label": "first"}),
    ],
)
def test_a_property_is_read_in_every_form(properties: str, expected: dict[str, Any]) -> None:
    assert read(packet(properties)) == (expected, set())


def test_properties_may_be_attributes() -> None:
    assert read(packet(attributes='xmp:Rating="3" photoshop:City="Tromsø"')) == (
        {"xmp:Rating": "3", "photoshop:City": "Tromsø"},
        set(),
    )


def test_a_namespace_has_the_prefix_of_its_specification_whatever_the_packet_calls_it() -> None:
    renamed = (
        packet("<xmp:Rating>4</xmp:Rating>").replace(b"xmp:Rating", b"q:Rating").replace(b"xmlns:xmp=", b"xmlns:q=")
    )
    assert read(renamed)[0] == {"xmp:Rating": "4"}


def test_padding_and_byte_order_marks_are_no_fault() -> None:
    assert read(b"\n\0" + packet("<xmp:Rating>4</xmp:Rating>") + b" " * 2000 + b"\0\0") == ({"xmp:Rating": "4"}, set())


def test_bytes_that_are_no_utf8_are_dropped() -> None:
    assert read(packet("<xmp:Label>R\xf8d</xmp:Label>").replace("\xf8".encode(), b"\xf8"))[0] == {"xmp:Label": "Rd"}


@pytest.mark.parametrize("encoding", ["x-none", "punycode", "undefined", "utf-7", "rot13", "iso-8859-1"])
def test_the_declared_encoding_is_not_asked(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + packet("<xmp:Label>Rød</xmp:Label>")
    assert read(declared) == ({"xmp:Label": "Rød"}, set())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_packet_may_be_utf16_with_or_without_a_mark(encoding: str) -> None:
    bare = packet("<xmp:Label>Rød</xmp:Label>").decode().partition("?>")[2]
    assert read(bare.encode(encoding)) == ({"xmp:Label": "Rød"}, set())


def test_attributes_of_rdf_itself_are_no_properties() -> None:
    assert read(packet(attributes='about="uuid:1" rdf:nodeID="a" xml:lang="en" xmp:Rating="3"'))[0] == {
        "xmp:Rating": "3"
    }


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
        "<!DOCTYPE x>",
    ],
)
def test_a_document_type_and_its_entities_are_refused(doctype: str) -> None:
    hostile = doctype.encode() + packet("<xmp:Label>&b;&a;</xmp:Label><xmp:Rating>4</xmp:Rating>")
    assert read(hostile) == ({}, {"xmp-invalid"})


def test_of_a_broken_packet_what_stands_before_the_fault_is_kept() -> None:
    broken = packet("<xmp:Rating>4</xmp:Rating><xmp:Label>a</xmp:Wrong>")
    found, warnings = read(broken)
    assert found["xmp:Rating"] == "4"
    assert warnings == {"xmp-invalid"}


@pytest.mark.parametrize("junk", [b"\x01\x02\x03", b"<", "<å>".encode("utf-16-le")])
def test_what_is_no_xml_is_nothing(junk: bytes) -> None:
    assert read(junk) == ({}, {"xmp-invalid"})


def test_a_packet_nested_too_deep_is_not_followed() -> None:
    deep = "<xmp:Label>" * MAX_XML_DEPTH + "</xmp:Label>" * MAX_XML_DEPTH
    assert read(packet(deep))[1] == {"xmp-invalid"}


def test_only_so_many_elements_are_read() -> None:
    words = "<rdf:li>x</rdf:li>" * (MAX_XML_NODES + 10)
    found, warnings = read(packet(f"<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>"))
    assert len(found["dc:subject"]) < MAX_XML_NODES
    assert warnings == {"xmp-invalid"}


def test_a_long_value_is_told_as_length_and_digest() -> None:
    (value,) = read(packet(f"<shop:data>{'A' * (MAX_TEXT_BYTES + 1)}</shop:data>"))[0].values()
    assert value["bytes"] == MAX_TEXT_BYTES + 1
    assert len(value["sha256"]) == 64

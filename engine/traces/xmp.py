"""XMP packets as a flat list of properties; no entity is expanded and nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_PROPERTIES = 4_000
MAX_DEPTH = 16
MAX_PACKET_BYTES = 8 << 20

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "TC260",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
    "adobe:ns:meta/": "x",
    _RDF: "rdf",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
"""Usual prefixes; a property of another name space keeps its whole name.
Source: ISO 16684-1; XMP specification part 2; IPTC Photo Metadata Standard."""

_SILENT = ("rdf:about", "rdf:parseType", "xml:lang", "x:xmptk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One value of a packet."""

    path: str
    """Such as ``"xmp:CreatorTool"`` or ``"xmpMM:History[2]/stEvt:action"``."""
    value: str
    """As it stands there, without space around it."""


def read(packet: bytes) -> tuple[Property, ...]:
    """Return the properties of a packet in order.

    Args:
        packet: from its ``<?xpacket`` or ``<x:xmpmeta`` on, padding allowed.

    Raises:
        ValueError: it is too long, no XML, or declares entities.
    """
    if len(packet) > MAX_PACKET_BYTES:
        raise ValueError(f"The XMP packet has {len(packet):,} bytes and was not read.")
    try:
        root = fromstring(packet.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except ParseError as error:
        raise ValueError(f"The XMP packet is not well-formed XML ({error}).") from error
    except DefusedXmlException as error:
        raise ValueError(f"The XMP packet was refused: {error!r}.") from error
    found: list[Property] = []
    for description in root.iter(f"{{{_RDF}}}Description"):
        if len(found) < MAX_PROPERTIES and _is_top(root, description):
            _take(description, "", found, 0)
    return tuple(found)


def _is_top(root: Element, description: Element) -> bool:
    """Whether a description is one of the packet's own, not the value of a property."""
    return any(description in list(rdf) for rdf in root.iter(f"{{{_RDF}}}RDF"))


def _take(element: Element, path: str, found: list[Property], depth: int) -> None:
    if depth > MAX_DEPTH or len(found) >= MAX_PROPERTIES:
        return
    for name, value in element.attrib.items():
        short = _short(name)
        if short == "rdf:resource":
            found.append(Property(path=path, value=value.strip()))
        elif short not in _SILENT:
            found.append(Property(path=_joined(path, short), value=value.strip()))
    number = 0
    for child in element:
        name = _short(child.tag) if isinstance(child.tag, str) else ""
        if name in ("rdf:Seq", "rdf:Bag", "rdf:Alt", "rdf:Description"):
            _take(child, path, found, depth + 1)
        elif name == "rdf:li":
            number += 1
            _take(child, f"{path}[{number}]", found, depth + 1)
        elif name:
            _take(child, _joined(path, name), found, depth + 1)
    text = (element.text or "").strip()
    if text and path:
        found.append(Property(path=path, value=text))


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _short(name: str) -> str:
    if not name.startswith("{"):
        return name
    space, _, local = name[1:].partition("}")
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{local}" if prefix else f"{space}{local}"

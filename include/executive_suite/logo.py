"""Whether a logo can be shown as a picture: SVG that holds everything itself and runs nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

MOST_BYTES = 40_000
"""Of a logo: it is in every page and every mail."""

_SVG = "{http://www.w3.org/2000/svg}svg"
_PROLOGUES = ("<!doctype", "<!entity", "<?xml-stylesheet")
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener"})
MOST_PIXELS = 4_000_000
"""Of a picture within a logo: a few bytes of PNG can unpack to any size. JPEG takes bits for every few pixels."""
_WITHIN = re.compile(r"\s*(#|data:image/(png|jpeg);base64,)", re.IGNORECASE)
_PNG = re.compile(r"\s*data:image/png;base64,", re.IGNORECASE)
_FETCHED = re.compile(r"url\(\s*['\"]?(?!\s*['\"]?#)|@import|expression\(|javascript:|\\", re.IGNORECASE)
"""What fetches or runs something; a backslash can spell it in another way."""
_LENGTH = re.compile(r"\s*\d+(\.\d+)?")


def fault(text: str) -> str:
    """Why a file cannot be a logo, as the rest of a sentence about it; empty if it can.

    >>> fault('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><path d="M0 0h9"/></svg>')
    ''
    >>> fault('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3" onload="x()"/>')
    "has the event handler 'onload'"
    """
    size = len(text.encode())
    if size > MOST_BYTES:
        return f"has {size} bytes; {MOST_BYTES} is the limit"
    found = next((one for one in _PROLOGUES if one in text.lower()), "")
    if found:
        return f"has {found!r}; save it as plain SVG"
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a document type there is nothing to expand
    except ET.ParseError as error:
        return f"is no SVG: {error}"
    if root.tag != _SVG:
        return f"is no SVG: its root is {root.tag!r}"
    if not all(proportions(text)):
        return "has neither a viewBox nor a width and a height, so its size is not known"
    return next((words for element in root.iter() for words in _faults(element)), "")


def proportions(text: str) -> tuple[float, float]:
    """Width and height of an SVG picture, in units of its own; zero where it does not say.

    >>> proportions('<svg viewBox="0 0 9 3"/>'), proportions('<svg width="90px" height="30px"/>')
    ((9.0, 3.0), (90.0, 30.0))
    """
    root = ET.fromstring(text)  # noqa: S314 - checked before
    box = root.get("viewBox", "").replace(",", " ").split()
    given = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]  # noqa: PLR2004 - a viewBox
    width, height = (_LENGTH.match(one) for one in given)
    return (float(width[0]), float(height[0])) if width and height else (0.0, 0.0)


def _faults(element: ET.Element) -> Iterator[str]:
    name = element.tag.rpartition("}")[2]
    if name in _ACTIVE:
        yield f"has a <{name}> element, which could run"
    if name == "style" and _FETCHED.search("".join(element.itertext())):
        yield "has a style that refers to something outside of it"
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        if attribute == "attributeName" and value.strip().rpartition(":")[2].lower() in {"href", "src", "style"}:
            yield f"changes {value.strip()!r} as it is shown"
        if attribute.lower().startswith("on"):
            yield f"has the event handler {attribute!r}"
        if _FETCHED.search(value) or (attribute in {"href", "src"} and not _WITHIN.match(value)):
            yield f"refers to something outside of it: {value[:60]!r}"
        elif (head := _PNG.match(value)) and not 0 < _pixels(value[head.end() :]) <= MOST_PIXELS:
            yield f"has a picture of more than {MOST_PIXELS:,} pixels, or one that is no PNG"


def _pixels(encoded: str) -> int:
    """The pixels that a PNG claims; 0 if it is none (PNG specification, 11.2.2: IHDR comes first)."""
    try:
        head = base64.b64decode("".join(encoded[:400].split())[:32], validate=True)
    except ValueError:
        return 0
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return 0
    return int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big")
